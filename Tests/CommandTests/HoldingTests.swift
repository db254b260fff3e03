// SPDX-License-Identifier: MIT
import DemoServer
import Glibc
import TestOffice
import TestSupport
import Testing

@Suite("Waiting for a lock, and holding it")
struct HoldingTests {
    private func isHeld(_ office: Office, _ path: String, by holder: String?) async throws -> Bool {
        try await office.run("show", path, "--json").json["lock"]?["holder"]?["id"]?.text == holder
    }

    @Test("--wait takes the item when it is free")
    func waiting() async throws {
        try await inOffice(top: ["poll: 1s"]) { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let program = try office.start("lock", "--wait", "/news/agm", "--json")
            try await eventually("it has seen that bob has it") {
                await office.server.requestLog.contains { $0.path.contains("/news/agm") }
            }
            try await office.server.unlock(path: "/news/agm")
            let ending = try await program.finish()
            #expect(ending.status == 0, "\(ending)")
            #expect(try ending.jsonLines.last?["outcome"]?.text == "done")
            #expect(try await isHeld(office, "/news/agm", by: "mona"))
        }
    }

    @Test(
        "--wait that runs out ends with 75, however its time is written", arguments: [["--wait=1s"], ["--wait", "1s"]])
    func waitingInVain(words: [String]) async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let ending = try await Program.run(
                try builtProgram("locktop"), ["lock", "--config", office.configuration] + words + ["/news/agm"],
                environment: office.environment)
            #expect(ending.status == 75, "\(ending)")
            #expect(ending.errors.contains("bob has it"))
            #expect(await office.changes == [])
        }
    }

    @Test("--wait for several keeps what it has when the time for one of them runs out, and still takes the next")
    func waitingForSeveral() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/launch", as: "bob")
            let ending = try await office.run("lock", "/news/agm", "/news/launch", "/legal/terms", "--wait=1s")
            #expect(ending.status == 75, "\(ending)")
            #expect(try await isHeld(office, "/news/agm", by: "mona"))
            #expect(try await isHeld(office, "/news/launch", by: "bob"))
            #expect(try await isHeld(office, "/legal/terms", by: "mona"))
        }
    }

    @Test("--wait that is interrupted ends with 130 and takes nothing")
    func waitingInterrupted() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let program = try office.start("lock", "--wait", "/news/agm")
            try await eventually("it has seen that bob has it") {
                await office.server.requestLog.contains { $0.path.contains("/news/agm") }
            }
            program.send(signal: SIGINT)
            #expect(try await program.finish().status == 130)
            #expect(await office.changes == [])
        }
    }

    @Test("--keep holds until interrupted, then releases and ends with 0", arguments: [SIGINT, SIGTERM])
    func keeping(signal: Int32) async throws {
        try await inOffice { office in
            let program = try office.start("lock", "--keep", "/news/agm", "/news/launch")
            try await program.waitUntil("both are locked") { $0.contains("launch: locked") }
            #expect(try await isHeld(office, "/news/agm", by: "mona"))
            program.send(signal: signal)
            let ending = try await program.finish()
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output.contains("/news/agm: released"))
            #expect(try await isHeld(office, "/news/agm", by: nil))
            #expect(try await isHeld(office, "/news/launch", by: nil))
        }
    }

    @Test("what was mine before is not given back at the end")
    func mineBefore() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "mona")
            let ending = try await office.run("lock", "/news/agm", "--", "true")
            #expect(ending.status == 0)
            #expect(try await isHeld(office, "/news/agm", by: "mona"))
        }
    }

    @Test("a command runs with the lock held, its status passes through, and the lock is released")
    func command() async throws {
        try await inOffice { office in
            for (words, status) in [
                (["true"], Int32(0)), (["sh", "-c", "exit 7"], 7), (["sh", "-c", "kill -9 $$"], 137),
                (["no-such-command"], 127), (["/etc/passwd"], 126),
            ] {
                let ending = try await Program.run(
                    try builtProgram("locktop"), ["lock", "--config", office.configuration, "/news/agm", "--"] + words,
                    environment: office.environment)
                #expect(ending.status == status, "\(words): \(ending)")
                #expect(ending.output.contains("released"))
                #expect(try await isHeld(office, "/news/agm", by: nil))
            }
        }
    }

    @Test("the command sees the item held, gets its own flags, our input, and its output is not touched")
    func commandInside() async throws {
        try await inOffice { office in
            let locktop = try builtProgram("locktop")
            let ending = try await Program.run(
                locktop,
                [
                    "lock", "--config", office.configuration, "/news/agm", "--", "sh", "-c",
                    "cat; \(locktop) ls --config \(office.configuration) --columns item --state mine", "--json",
                ], environment: office.environment, input: "from the pipe\n")
            #expect(ending.status == 0, "\(ending)")
            #expect(
                ending.output
                    == "intranet:/news/agm: locked\nfrom the pipe\nITEM\n/news/agm\nintranet:/news/agm: released\n")
        }
    }

    @Test("the command gets none of our connections")
    func commandFiles() async throws {
        try await inOffice { office in
            let ending = try await office.run("lock", "/news/agm", "--", "ls", "-l", "/proc/self/fd")
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output.contains("/proc/"))
            #expect(!ending.output.contains("socket:"), "\(ending)")
        }
    }

    @Test("the command does not run when the lock is not to be had")
    func commandNotRun() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/launch", as: "bob")
            let ending = try await office.run("lock", "/news/agm", "/news/launch", "--", "touch", "\(office.home)/ran")
            #expect(ending.status == 75, "\(ending)")
            #expect(!office.exists("ran"))
            #expect(try await isHeld(office, "/news/agm", by: nil))
        }
    }

    @Test("SIGTERM reaches the command, and the lock is released after it")
    func commandTerminated() async throws {
        try await inOffice { office in
            let program = try office.start("lock", "/news/agm", "--", "sleep", "60")
            try await program.waitUntil("it is locked") { $0.contains("locked") }
            try await eventually("the command runs") {
                let children = try await Program.run("/bin/sh", ["-c", "ps -o comm= --ppid \(program.process)"])
                return children.output.contains("sleep")
            }
            program.send(signal: SIGTERM)
            let ending = try await program.finish()
            #expect(ending.status == 143, "\(ending)")
            #expect(try await isHeld(office, "/news/agm", by: nil))
        }
    }

    @Test(
        "--dry-run waits for nothing, holds nothing and runs nothing",
        arguments: [["--wait"], ["--keep"], ["--wait=10m", "--keep"], []])
    func dryRun(words: [String]) async throws {
        try await inOffice { office in
            let ending = try await Program.run(
                try builtProgram("locktop"),
                ["lock", "--config", office.configuration, "--dry-run", "/news/agm"] + words
                    + ["--", "touch", "\(office.home)/ran"], environment: office.environment)
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output == "intranet:/news/agm: would be locked\n")
            #expect(!office.exists("ran"))
            #expect(await office.changes == [])
            try await office.server.lock(path: "/news/agm", as: "bob")
            let held = try await Program.run(
                try builtProgram("locktop"),
                ["lock", "--config", office.configuration, "--dry-run", "/news/agm"] + words,
                environment: office.environment)
            #expect(held.status == 75, "\(held)")
        }
    }

    @Test("-- without a command is refused, and nothing is locked")
    func noCommand() async throws {
        try await inOffice { office in
            let ending = try await office.run("lock", "/news/agm", "--")
            #expect(ending.status == 64, "\(ending)")
            #expect(ending.errors.contains("no command after --"))
            #expect(await office.server.requestCount == 0)
        }
    }

    @Test(
        "a time that no lock and no wait can have is refused with 64",
        arguments: [
            ["--timeout", "99999999999999999999d"], ["--wait=99999999999999999999d"], ["--wait=soon"],
            ["--timeout", "36501d"], ["--wait=5"], ["--wait="],
        ])
    func tooLong(words: [String]) async throws {
        try await inOffice { office in
            let ending = try await Program.run(
                try builtProgram("locktop"), ["lock", "--config", office.configuration, "/news/agm"] + words,
                environment: office.environment)
            #expect(ending.status == 64, "\(ending)")
            #expect(ending.output == "")
            #expect(await office.changes == [])
        }
    }

    @Test("a time-out below a second is a second, not none")
    func shortTimeout() async throws {
        try await inOffice { office in
            let ending = try await office.run("lock", "/news/agm", "--timeout", "1ms", "--json")
            #expect(try ending.json["after"]?["timeout"]?.number == 1, "\(ending)")
        }
    }

    @Test("what was taken is refreshed while the next item is waited for")
    func refreshedWhileWaiting() async throws {
        try await inOffice(top: ["poll: 1s"]) { office in
            try await office.server.lock(path: "/news/launch", as: "bob")
            let program = try office.start(
                "lock", "--wait", "--timeout", "4s", "/news/agm", "/news/launch", "--", "true")
            try await eventually("the first is refreshed") {
                await office.changes.count { $0.path.contains("/news/agm") } > 1
            }
            try await office.server.unlock(path: "/news/launch")
            let ending = try await program.finish()
            #expect(ending.status == 0, "\(ending)")
            #expect(try await isHeld(office, "/news/agm", by: nil))
            #expect(try await isHeld(office, "/news/launch", by: nil))
        }
    }

    @Test("what was mine before is refreshed while a command runs, and stays mine")
    func refreshedThoughMineBefore() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "mona", timeout: 4)
            let program = try office.start("lock", "/news/agm", "--", "cat")
            try await eventually("it is refreshed") { await !office.changes.isEmpty }
            program.closeInput()
            #expect(try await program.finish().status == 0)
            #expect(try await isHeld(office, "/news/agm", by: "mona"))
        }
    }

    @Test("a wait outlives a server that fails for a while")
    func waitingThroughTrouble() async throws {
        try await inOffice(top: ["poll: 1s"]) { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let program = try office.start("lock", "--wait", "/news/agm")
            try await eventually("it has seen that bob has it") {
                await office.server.requestLog.contains { $0.path.contains("/news/agm") }
            }
            await office.server.setFaults(Faults([Fault(.status(500, retryAfter: nil))]))
            try await program.waitUntilErrors("the trouble is told") { $0.contains("The wait goes on.") }
            await office.server.setFaults(.none)
            try await program.waitUntilErrors("its end is told") { $0.contains("intranet answers again.") }
            try await office.server.unlock(path: "/news/agm")
            let ending = try await program.finish()
            #expect(ending.status == 0, "\(ending)")
            #expect(try await isHeld(office, "/news/agm", by: "mona"))
        }
    }
}
