// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("What a crash leaves")
    struct CrashTests {
        private func reports(_ office: Office) -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: office.state)) ?? [])
                .filter { $0.hasPrefix("crash-") }.sorted()
        }

        private func text(_ office: Office) throws -> String {
            let name = try #require(reports(office).last)
            return office.text(of: ".local/state/locktop/" + name)
        }

        /// What no file of a crash may hold.
        private func expectNoNames(_ text: String) {
            let names = ["bob", "Bob", "mona", "Mona", "agm", "launch", "news", "intranet", "127.0.0.1", "secretive"]
            for name in names + [Office.password, "Bearer", "eyJ", "opaque"] {
                #expect(!text.contains(name), "\(name) in:\n\(text)")
            }
        }

        @Test(
            "the screen's is told in a private file without names, passwords and tokens, and in one sentence",
            arguments: [SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP])
        func screen(signal: Int32) async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened(changes: ["SWIFT_BACKTRACE": ""])
                try await office.server.lock(path: "/news/launch", as: "bob")
                try await terminal.see("bob's lock") { $0.row("/news/launch")?.contains("bob") ?? false }
                try await terminal.select("/news/agm")
                terminal.type("l")
                try await terminal.see("mine") { $0.row("/news/agm")?.contains("you") ?? false }
                try await terminal.filter("secretive")
                terminal.send(signal: signal)
                #expect(try await terminal.ending() == .signal(signal))
                terminal.expectRestored()
                let names = reports(office)
                #expect(names.count == 1)
                let path = try #require(names.first.map { "\(office.state)/\($0)" })
                // Nothing but the sentence: Swift's own report would be screens long.
                let shown = terminal.screen.text.split(whereSeparator: \.isWhitespace).joined()
                #expect(
                    shown.contains(path) && shown.contains("thepeoplewhogaveyoulocktop."), "\(terminal.screen.text)")
                #expect(!shown.contains("Thread0") && !shown.contains("Backtrace"), "\(terminal.screen.text)")
                let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(rights == 0o600)
                let text = try text(office)
                let words = [
                    SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGILL: "SIGILL", SIGFPE: "SIGFPE",
                    SIGTRAP: "SIGTRAP",
                ]
                let word = try #require(words[signal])
                #expect(text.contains("what:     \(word), "), "\(text)")
                // Places in the program, which is where somebody who has it can look.
                #expect(text.contains(/\nstack: {2,}( \+0x[0-9a-f]+){3}/), "\(text)")
                for part in [
                    "sent by another process", "version:  locktop 0.", "system:   Linux", "where:    ",
                    "xterm-256color",
                    "command:  locktop watch --config\n", ": locked by person-1\n", ": lock begins\n", ": lock done\n",
                    "key l\n", "key of a text\n", "server-1 GET 200, ", "server-1 was read, ",
                ] {
                    #expect(text.contains(part), "\(part) is not in:\n\(text)")
                }
                expectNoNames(text)
            }
        }

        @Test("a command's is told as well")
        func command() async throws {
            try await inBusyOffice { office in
                let program = try office.start("events", "--json", "path:/news")
                try await eventually("it follows") { await office.server.requestCount > 3 }
                try await office.server.lock(path: "/news/launch", as: "bob")
                try await program.waitUntil("bob's lock") { $0.contains("bob") }
                program.send(signal: SIGSEGV)
                let ending = try await program.finish()
                #expect(ending.status == 128 + SIGSEGV)
                #expect(
                    ending.errors.split(separator: "\n").count == 1 && ending.errors.contains("/crash-"), "\(ending)")
                let text = try text(office)
                #expect(text.contains("command:  locktop events --config --json\n"), "\(text)")
                #expect(text.contains(": locked by person-1\n"), "\(text)")
                expectNoNames(text)
            }
        }

        @Test("the last five are kept, and of events the last two hundred")
        func bounded() async throws {
            try await inOffice { office in
                let terminal = try await office.opened()
                for number in 1...7 {
                    try Office.write("old", to: "\(office.state)/crash-2020010\(number)T000000Z.txt")
                }
                let own = ["crash-course.md", "crash-of-the-bus.txt", "crash-20190101T000000Z-mine.txt"]
                for name in own { try Office.write("not one of them", to: "\(office.state)/\(name)") }
                for _ in 0..<110 { terminal.type("jk") }
                // Together with others the next key would be none, so the end of these is waited for.
                terminal.type("G")
                try await terminal.see("the cursor below") { ($0.pointed ?? 0) > 4 }
                terminal.type("?")
                try await terminal.see("that all keys were taken") { $0.contains("HELP") }
                terminal.send(signal: SIGABRT)
                #expect(try await terminal.ending() == .signal(SIGABRT))
                let names = reports(office)
                #expect(names.count == 5 + own.count && own.allSatisfy(names.contains), "\(names)")
                #expect(
                    names.filter { $0.hasPrefix("crash-2020010") }.map { $0.dropFirst(13).first } == [
                        "4", "5", "6", "7",
                    ])
                let newest = try #require(names.last { $0.hasPrefix("crash-2") && !own.contains($0) })
                let events = office.text(of: ".local/state/locktop/" + newest).split(separator: "\n")
                    .drop { !$0.hasPrefix("The last events") }.dropFirst()
                #expect(events.count == 200)
                #expect(events.contains { $0.hasSuffix(" key j") } && events.contains { $0.hasSuffix(" key k") })
            }
        }

        @Test("where there is no place for a file, the sentence says so")
        func noPlace() async throws {
            try await inBusyOffice { office in
                let program = try office.start("events", changes: ["HOME": "/proc"])
                try await eventually("it follows") { await office.server.requestCount > 3 }
                program.send(signal: SIGBUS)
                let ending = try await program.finish()
                #expect(ending.status == 128 + SIGBUS)
                let sentence = "could not write down what happened last: no file could be made in /proc/"
                #expect(ending.errors.contains(sentence), "\(ending)")
            }
        }

        @Test("where the file can't be written whole, the sentence says so and the crash is what ended it")
        func noRoom() async throws {
            try await inBusyOffice { office in
                let program = try office.start("events")
                try await eventually("it follows") { await office.server.requestCount > 3 }
                var limit = rlimit(rlim_cur: 100, rlim_max: 100)
                typealias Limit =
                    @convention(c) (Int32, Int32, UnsafePointer<rlimit>?, UnsafeMutableRawPointer?) -> Int32
                let prlimit = unsafe unsafeBitCast(try #require(unsafe dlsym(nil, "prlimit")), to: Limit.self)
                #expect(unsafe prlimit(program.process, Self.fileSize, &limit, nil) == 0)
                program.send(signal: SIGSEGV)
                let ending = try await program.finish()
                #expect(ending.status == 128 + SIGSEGV)
                #expect(ending.errors.contains("could not be written whole."), "\(ending)")
                #expect(!ending.errors.contains("and wrote"), "\(ending)")
            }
        }

        @Test("a pipe that nobody reads does not keep the program")
        func unread() async throws {
            try await inBusyOffice { office in
                let program = try office.start("events")
                try await eventually("it follows") { await office.server.requestCount > 3 }
                let pipe = unsafe open("/proc/\(program.process)/fd/2", O_WRONLY | O_NONBLOCK)
                try #require(pipe >= 0)
                while unsafe write(pipe, "x", 1) == 1 {}
                #expect(errno == EAGAIN)
                close(pipe)
                program.send(signal: SIGSEGV)
                try await eventually("it has ended") {
                    let file = unsafe open("/proc/\(program.process)/stat", O_RDONLY)
                    defer { close(file) }
                    var bytes = [UInt8](repeating: 0, count: 200)
                    let count = unsafe read(file, &bytes, bytes.count)
                    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).contains(") Z ")
                }
                #expect(try text(office).contains("what:     SIGSEGV"))
            }
        }

        // The C library has these, and Swift's view of it does not.
        private static let fileSize: Int32 = 1

        /// Stops the process, and when it goes on each of its threads crashes.
        private func crashAllThreads(of process: Int32) throws {
            kill(process, SIGSTOP)
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
                .compactMap { Int32($0) }
            #expect(threads.count > 2)
            let tgkill = unsafe unsafeBitCast(
                try #require(unsafe dlsym(nil, "tgkill")), to: (@convention(c) (Int32, Int32, Int32) -> Int32).self)
            for thread in threads { #expect(tgkill(process, thread, SIGSEGV) == 0) }
            kill(process, SIGCONT)
        }

        @Test("of threads that crash together one tells of it, and is let finish")
        func together() async throws {
            try await inBusyOffice { office in
                let program = try office.start("events")
                try await eventually("it follows") { await office.server.requestCount > 3 }
                try crashAllThreads(of: program.process)
                let ending = try await program.finish()
                #expect(ending.status == 128 + SIGSEGV)
                #expect(ending.errors.split(separator: "\n").count == 1, "\(ending)")
                #expect(ending.errors.hasSuffix("the people who gave you locktop.\n"), "\(ending)")
                #expect(reports(office).count == 1)
                let text = try text(office)
                #expect(text.hasPrefix("A crash of locktop.\n\nwhat:     SIGSEGV"), "\(text)")
                #expect(text.contains("server-1 GET 200, ") && text.hasSuffix("\n"), "\(text)")
            }
        }

        @Test("of threads that crash together behind the screen one gives the terminal back and tells of it")
        func togetherOnScreen() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                try crashAllThreads(of: terminal.process)
                #expect(try await terminal.ending() == .signal(SIGSEGV))
                terminal.expectRestored()
                #expect(reports(office).count == 1)
                let text = try text(office)
                #expect(text.hasPrefix("A crash of locktop.\n\nwhat:     SIGSEGV"), "\(text)")
                #expect(text.contains("The last events, "), "\(text)")
                let shown = terminal.screen.text.split(whereSeparator: \.isWhitespace).joined()
                #expect(shown.contains("thepeoplewhogaveyoulocktop."), "\(terminal.screen.text)")
                #expect(!shown.contains("Thelastevents"), "\(terminal.screen.text)")
            }
        }

        @Test("a key without a use is not named: it may be of a password in the wrong place")
        func strayKey() async throws {
            try await inOffice { office in
                let terminal = try await office.opened()
                terminal.type("~")
                try await terminal.select("/news/agm")
                terminal.send(signal: SIGSEGV)
                #expect(try await terminal.ending() == .signal(SIGSEGV))
                let text = try text(office)
                #expect(!text.contains("key ~"), "\(text)")
                #expect(text.contains("key without a use\n") && text.contains("key g\n"), "\(text)")
            }
        }
    }
}
