// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport
import Testing

/// What the system's log gets of operations. The log's socket is everybody's, so the real daemon is tried only where
/// there is none yet, in a name space of its own.
@Suite("audit_syslog")
struct SyslogTests {
    private static var canTry: Bool {
        geteuid() == 0
            && ["/usr/sbin/rsyslogd", "/usr/bin/unshare"].allSatisfy {
                FileManager.default.isExecutableFile(atPath: $0)
            }
    }

    @Test(
        "each operation is one line of JSON in facility auth, of a real rsyslog",
        .enabled(if: SyslogTests.canTry, "there is no rsyslogd"))
    func rsyslog() async throws {
        try await inOffice(top: ["audit_syslog: true"]) { office in
            let folder = office.home
            try Office.write(
                """
                module(load="imuxsock" SysSock.Name="\(folder)/dev/log")
                $EscapeControlCharactersOnReceive on
                auth.* action(type="omfile" file="\(folder)/auth.log")
                *.*;auth.none action(type="omfile" file="\(folder)/other.log")

                """, to: folder + "/rsyslog.conf")
            let program = try builtProgram("locktop")
            // A folder of ours in the place of /dev, with what a program needs of it.
            try Office.write(
                """
                set -e
                mkdir \(folder)/dev
                for name in null zero urandom random tty full; do
                  touch \(folder)/dev/$name
                  mount --bind /dev/$name \(folder)/dev/$name
                done
                rsyslogd -n -f \(folder)/rsyslog.conf -i \(folder)/rsyslog.pid &
                log=$!
                while [ ! -S \(folder)/dev/log ]; do kill -0 $log; done
                mount --bind \(folder)/dev /dev
                \(program) lock /news/agm --comment 'the minutes' --reason 'for the "AGM"' --config \(office.configuration)
                \(program) unlock /news/agm --config \(office.configuration)
                kill $log
                wait $log || true
                """, to: folder + "/try.sh")
            let ending = try await Program.run(
                "/usr/bin/unshare", ["-m", "/bin/sh", folder + "/try.sh"],
                environment: office.environment(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]), directory: folder)
            #expect(ending.status == 0, "\(ending)")
            let lines = office.text(of: "auth.log").split(separator: "\n")
            try #require(lines.count == 2, "\(lines) \(ending) \(office.text(of: "other.log"))")
            #expect(lines[0].contains(" locktop["))
            #expect(lines[0].contains("\"account\":\"mona\",\"operation\":\"lock\",\"outcome\":\"done\""))
            #expect(lines[0].contains("\"note\":\"for the \\\"AGM\\\"\""))
            #expect(lines[1].contains("\"operation\":\"unlock\",\"outcome\":\"done\""))
            #expect(!office.text(of: "auth.log").contains(Office.password))
        }
    }
}
