// SPDX-License-Identifier: MIT
import FoundationEssentials
import Glibc
import Testing

@testable import Settings

@Suite("Secrets")
struct SecretTests {
    private func outcome(_ source: SecretSource, environment: [String: String] = [:], deadline: Double = 20) async
        -> String
    {
        do {
            let reader = SecretReader(environment: environment, commandDeadline: deadline)
            return "got " + (try await reader.reveal(source)).reveal()
        } catch {
            return error.description + (error.detail.map { " | " + $0 } ?? "")
        }
    }

    @Test("no description, dump or mirror shows a secret")
    func hidden() {
        let secret = Secret("hunter2")
        var auth = AuthProfile(user: "ann", password: .literal(secret))
        auth.token = .command("echo hunter2")
        let profile = ServerProfile(name: "a", kind: "plone", auth: auth)
        var dumped = ""
        dump(secret, to: &dumped)
        dump(profile, to: &dumped)
        dump(Configuration(servers: [profile]), to: &dumped)
        let shown = [
            "\(secret)", secret.debugDescription, String(reflecting: secret), "\(profile)", String(reflecting: profile),
            "\([secret])", "\(Optional(secret) as Any)", dumped,
        ]
        for text in shown { #expect(!text.contains("hunter2"), "\(text)") }
        #expect("\(secret)" == "•••")
        #expect(secret.reveal() == "hunter2")
        #expect(secret == Secret("hunter2"))
        #expect(secret != Secret("hunter3"))
    }

    @Test("a literal and a variable give the secret")
    func simple() async {
        #expect(await outcome(.literal(Secret("x"))) == "got x")
        #expect(await outcome(.environment("PW"), environment: ["PW": "from env"]) == "got from env")
        #expect(await outcome(.environment("PW")) == "environment variable PW is not set")
        #expect(await outcome(.environment("PW"), environment: ["PW": ""]) == "environment variable PW is not set")
    }

    @Test("the first line of a private file is the secret")
    func file() async throws {
        let folder = try TemporaryFolder()
        let one = try folder.file("one", "hunter2\nsecond\n", mode: 0o600)
        #expect(await outcome(.file(one)) == "got hunter2")
        let two = try folder.file("two", " spaced \r\n", mode: 0o400)
        #expect(await outcome(.file(two)) == "got  spaced ")
        let bare = try folder.file("bare", "tail", mode: 0o600)
        #expect(await outcome(.file(bare)) == "got tail")
    }

    @Test(
        "one end of a line and a byte order mark are no part of a secret, wherever it comes from",
        arguments: ["s", "s\n", "s\r\n", "\u{FEFF}s", "\u{FEFF}s\n", "\u{FEFF}s\r\n"])
    func lineEnds(text: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("secret", text, mode: 0o600)
        #expect(await outcome(.file(path)) == "got s")
        #expect(await outcome(.environment("PW"), environment: ["PW": text]) == "got s")
        #expect(await outcome(.command("cat '\(path)'")) == "got s")
    }

    @Test("a variable with several lines or control characters is refused, and one with a line end alone is unset")
    func oddVariables() async {
        for value in ["s\n\n", "a\nb", "a\u{1B}b", "a\u{0}"] {
            #expect(
                await outcome(.environment("PW"), environment: ["PW": value])
                    == "environment variable PW holds no secret: it has several lines or control characters")
        }
        #expect(
            await outcome(.environment("PW"), environment: ["PW": "\n"]) == "environment variable PW is not set")
    }

    @Test(
        "a read-only secret of another user, as platforms mount it, is read; one that its owner may change is not",
        .enabled(if: geteuid() == 0, "only root can give a file away"))
    func mounted() async throws {
        let folder = try TemporaryFolder()
        for mode in [0o444, 0o440, 0o400] {
            let path = try folder.file("mounted\(mode)", "s\n", mode: mode)
            _ = unsafe chown(path, 65_534, 65_534)
            #expect(await outcome(.file(path)) == "got s")
        }
        for mode in [0o644, 0o600, 0o464, 0o446] {
            let path = try folder.file("loose\(mode)", "s\n", mode: mode)
            _ = unsafe chown(path, 65_534, 65_534)
            #expect(await outcome(.file(path)) == "secret file \(path) belongs to another user")
        }
    }

    @Test("what a failed command said is told in one bounded line")
    func commandSaid() async {
        let reader = SecretReader(environment: [:])
        let long = String(repeating: "x", count: 400)
        for (said, told) in [
            ("echo no store >&2", ": no store"), ("true", ""), ("printf 'a\\n\\nb\\nc\\nd\\n' >&2", ": b; c; d"),
            ("echo \(long) >&2", ": " + long.prefix(299) + "…"),
        ] {
            do {
                _ = try await reader.reveal(.command("\(said); exit 3"))
                Issue.record("it did not fail")
            } catch {
                #expect(error.sentence == "the secret's command failed with status 3" + told)
            }
        }
    }

    @Test("a file that others may read is refused with the command to run", arguments: [0o644, 0o640, 0o602, 0o601])
    func openFile(_ mode: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("pass word", "hunter2\n", mode: mode)
        #expect(
            await outcome(.file(path))
                == "secret file \(path) can be read or changed by others; run `chmod 600 '\(path)'`")
    }

    @Test("a missing, empty, binary or odd file is refused")
    func oddFiles() async throws {
        let folder = try TemporaryFolder()
        let missing = folder.path + "/missing"
        #expect(
            await outcome(.file(missing)) == "secret file \(missing) can't be read: No such file or directory")
        #expect(await outcome(.file(folder.path)) == "secret file \(folder.path) is no regular file")
        let contents: [[UInt8]] = [
            [], [0x0A], [0xFF, 0xFE, 0x0A], [0x61, 0x00, 0x0A], Array(repeating: 0x61, count: 70_000),
        ]
        for (index, bytes) in contents.enumerated() {
            let path = try folder.file("odd\(index)", bytes, mode: 0o600)
            #expect(await outcome(.file(path)) == "the first line of secret file \(path) holds no secret")
        }
    }

    @Test("the first line that a command prints is the secret")
    func command() async {
        #expect(await outcome(.command("printf 'hunter2\\nsecond\\n'")) == "got hunter2")
        #expect(await outcome(.command("echo \"$A\""), environment: ["A": "inherited"]) == "got inherited")
        #expect(await outcome(.command("cat; echo end")) == "got end")
        let much = "echo first; i=0; while [ $i -lt 2000 ]; do echo $i$i$i$i$i$i$i$i$i$i$i$i$i$i$i$i; i=$((i+1)); done"
        #expect(await outcome(.command(much)) == "got first")
    }

    @Test("a command that fails, dies or says nothing is told without its text")
    func failingCommands() async {
        #expect(
            await outcome(.command("echo hunter2; echo no store >&2; exit 3"))
                == "the secret's command failed with status 3 | no store\n")
        #expect(await outcome(.command("kill -TERM $$")) == "the secret's command was ended by signal 15")
        #expect(await outcome(.command("true")) == "the first line that the secret's command printed holds no secret")
        #expect(
            await outcome(.command("no-such-command-here 2>/dev/null")) == "the secret's command failed with status 127"
        )
    }

    @Test("a command that hangs is ended at the deadline, with its children")
    func hangingCommand() async throws {
        let folder = try TemporaryFolder()
        let mark = folder.path + "/pid"
        let start = ContinuousClock.now
        #expect(
            await outcome(.command("sleep 300 & echo $! > '\(mark)'; wait"), deadline: 1)
                == "the secret's command gave no answer within 1s; it can't ask at the terminal")
        #expect(ContinuousClock.now - start < .seconds(20))
        let pid = try String(decoding: Data(contentsOf: URL(filePath: mark)), as: UTF8.self)
        let child = pid.prefix { $0.isNumber }
        #expect(!child.isEmpty)
        #expect(await eventually { !isRunning(child) })
    }

    @Test("a command that prints without end is ended at the deadline")
    func endlessCommand() async {
        let told = await outcome(.command("yes"), environment: ["PATH": "/usr/bin:/bin"], deadline: 0.5)
        #expect(told == "the secret's command gave no answer within 500ms; it can't ask at the terminal")
    }

    @Test("a first line that is too long is refused, not cut")
    func longLine() async {
        let zeros = "printf '%070000d' 0"
        let told = await outcome(.command(zeros))
        #expect(told == "the first line that the secret's command printed holds no secret")
    }

    @Test("what a command leaves in the background doesn't hold us up")
    func backgroundChild() async {
        let start = ContinuousClock.now
        #expect(await outcome(.command("sleep 8 & echo hunter2")) == "got hunter2")
        #expect(ContinuousClock.now - start < .seconds(7))
    }

    @Test("cancelling the task ends the command")
    func cancelled() async {
        let task = Task { await outcome(.command("sleep 300")) }
        task.cancel()
        #expect(await task.value == "reading the secret was cancelled")
    }

    @Test("a command's signals are not blocked")
    func signals() async {
        let blocked = await outcome(.command("grep SigBlk /proc/self/status"))
        #expect(blocked == "got SigBlk:\t0000000000000000")
    }

    @Test("many commands at a time each give their own secret")
    func manyCommands() async {
        await withTaskGroup(of: (Int, String).self) { group in
            for number in 0..<12 {
                group.addTask { (number, await outcome(.command("echo s\(number)"))) }
            }
            for await (number, text) in group { #expect(text == "got s\(number)") }
        }
    }

    /// Whether a process runs; one that ended and was not yet collected doesn't.
    private func isRunning(_ pid: Substring) -> Bool {
        guard let status = try? Data(contentsOf: URL(filePath: "/proc/\(pid)/stat")) else { return false }
        let fields = String(decoding: status, as: UTF8.self).split(separator: " ")
        return fields.count > 2 && fields[2] != "Z"
    }

    private func eventually(_ condition: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return condition()
    }
}

@Suite("The configuration's file")
struct ConfigurationFileTests {
    private func refusal(_ path: String) -> String {
        do {
            _ = try ConfigurationFile.load(path: path)
            return ""
        } catch {
            return error.description
        }
    }

    @Test("text and privacy are told as they are on disk")
    func load() throws {
        let folder = try TemporaryFolder()
        let closed = try folder.file("closed", "poll: 5s\n", mode: 0o600)
        #expect(try ConfigurationFile.load(path: closed).text == "poll: 5s\n")
        #expect(try ConfigurationFile.load(path: closed).isPrivate)
        let open = try folder.file("open", "poll: 5s\n", mode: 0o644)
        #expect(try !ConfigurationFile.load(path: open).isPrivate)
    }

    @Test("a pipe is read to its end, also one that nobody has written into yet, and secrets in it are accepted")
    func pipe() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pipe"
        let code = unsafe mkfifo(path, 0o600)
        #expect(code == 0)
        let text = String(repeating: "# a long configuration\n", count: 10_000)
        let writer = Task.detached {
            // Not `Data.write`, which would replace the pipe by a file.
            let pipe = unsafe open(path, O_WRONLY)
            let bytes = Array(text.utf8)
            var start = 0
            while start < bytes.count {
                let count = unsafe bytes[start...].withUnsafeBytes {
                    unsafe Glibc.write(pipe, $0.baseAddress, $0.count)
                }
                guard count > 0 else { break }
                start += count
            }
            close(pipe)
        }
        let file = try ConfigurationFile.load(path: path)
        await writer.value
        #expect(file.text == text)
        #expect(file.isPrivate)
    }

    @Test("what is mounted read-only is trusted, and what others can change is not")
    func access() {
        #expect(FileAccess(isOurs: false, mode: 0o644, isMountedReadOnly: true).fault == nil)
        #expect(FileAccess(isOurs: true, mode: 0o444, isMountedReadOnly: true).fault == nil)
        #expect(FileAccess(isOurs: true, mode: 0o444, isMountedReadOnly: false).fault == .notPrivate)
        #expect(FileAccess(isOurs: true, mode: 0o600, isMountedReadOnly: false).fault == nil)
        #expect(FileAccess(isOurs: false, mode: 0o600, isMountedReadOnly: false).fault == .notOurs)
        #expect(FileAccess(isOurs: false, mode: 0o444, isMountedReadOnly: false).fault == nil)
    }

    @Test("what is no text file is refused")
    func refused() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path + "/missing"
        #expect(refusal(missing) == "\(missing): can't be read: No such file or directory")
        #expect(refusal(folder.path) == "\(folder.path): this is no regular file")
        let binary = try folder.file("binary", [0xFF, 0x00], mode: 0o600)
        #expect(refusal(binary) == "\(binary): the file is no UTF-8 text")
        let long = try folder.file("long", Array(repeating: 0x23, count: 1_048_577), mode: 0o600)
        #expect(refusal(long) == "\(long): the file is longer than 1 MB")
    }
}
