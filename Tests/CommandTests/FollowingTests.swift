// SPDX-License-Identifier: MIT
import DemoServer
import Glibc
import TestOffice
import TestSupport
import Testing

@Suite("Events and history")
struct FollowingTests {
    @Test("events prints one line a change, and --until-free ends it")
    func untilFree() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let program = try office.start("events", "--json", "--poll", "1s", "--until-free", "/news/agm")
            try await eventually("the base line is read") {
                await office.server.requestLog.contains { $0.path.contains("@search") }
            }
            try await office.server.lock(path: "/news/launch", as: "alice")
            try await program.waitUntil("alice's lock is told") { $0.contains("/news/launch") }
            try await office.server.unlock(path: "/news/agm")
            let ending = try await program.finish()
            #expect(ending.status == 0, "\(ending)")
            let events = try ending.jsonLines
            #expect(events.map { $0["event"]?.text } == ["locked", "released"])
            for event in events {
                #expect(
                    event.keys == [
                        "seq", "at", "server", "id", "path", "title", "event", "by", "before", "after", "ours", "text",
                    ])
            }
            #expect(events[0]["by"]?["id"]?.text == "alice")
            #expect(events[0]["ours"] == .bool(false))
            let numbers = events.compactMap { $0["seq"]?.number }
            #expect(numbers.count == 2 && numbers[0] < numbers[1])

            let later = try await office.run("events", "--json", "--since", "\(Int(numbers[0]))", "--for", "1s")
            #expect(later.status == 0)
            #expect(try later.jsonLines.first?["seq"]?.number == numbers[1])
            let history = try await office.run("history", "--json").json
            #expect(history.values.compactMap { $0["seq"]?.number } == numbers)
            let one = try await office.run("history", "/news/launch").lines
            #expect(one.count == 1 && one[0].contains("/news/launch"))
            #expect(try await office.run("history", "--holder", "bob").lines.count == 1)
            #expect(try await office.run("history", "--ours").output == "")
            let csv = try await office.run("history", "--csv").lines
            #expect(csv.first == "at,server,path,what,text")
            #expect(csv.count == 3)
        }
    }

    @Test("events of a query tells only what matches")
    func query() async throws {
        try await inOffice { office in
            let program = try office.start("events", "--poll", "1s", "path:/legal")
            try await eventually("the base line is read") {
                await office.server.requestLog.contains { $0.path.contains("@search") }
            }
            try await office.server.lock(path: "/news/launch", as: "alice")
            try await office.server.lock(path: "/legal/terms", as: "alice")
            try await program.waitUntil("the second change is told") { $0.contains("/legal/terms") }
            program.send(signal: SIGINT)
            let ending = try await program.finish()
            #expect(ending.status == 130, "\(ending)")
            #expect(ending.lines.count == 1)
            #expect(ending.lines[0].contains("intranet:/legal/terms  locked"))
        }
    }

    @Test("--for ends it with 0")
    func forAWhile() async throws {
        try await inOffice { office in
            let ending = try await office.run("events", "--for", "500ms", "--json")
            #expect(ending.status == 0 || ending.status == 64)
            if ending.status == 64 { #expect(try await office.run("events", "--for", "1s", "--json").status == 0) }
            #expect(ending.output == "")
        }
    }

    @Test("a server that goes and comes back is told once each way, and watching goes on")
    func outage() async throws {
        try await inOffice { office in
            let program = try office.start("events", "--poll", "1s")
            try await eventually("the base line is read") {
                await office.server.requestLog.contains { $0.path.contains("@search") }
            }
            await office.server.setFaults(Faults([Fault(.status(503, retryAfter: 1))]))
            try await program.waitUntilErrors("the trouble is told") { $0.contains("asks to be left alone") }
            await office.server.setFaults(.none)
            try await program.waitUntilErrors("the end of it is told") { $0.contains("intranet answers again.") }
            try await office.server.lock(path: "/news/launch", as: "alice")
            try await program.waitUntil("what came after is told") { $0.contains("/news/launch") }
            program.send(signal: SIGTERM)
            let ending = try await program.finish()
            #expect(ending.status == 143)
            #expect(ending.errors.split(separator: "\n").count == 2, "\(ending.errors)")
        }
    }

    @Test("history has an operation's beginning, end, reason and both locks")
    func audit() async throws {
        try await inOffice { office in
            _ = try await office.run("lock", "/news/agm", "--reason", "the printers")
            let entry = try #require(try await office.run("history", "--ours", "--json").json[0])
            #expect(
                entry.keys == [
                    "seq", "at", "completedAt", "server", "id", "operation", "outcome", "reason", "why", "before",
                    "after",
                ])
            #expect(entry["outcome"]?.text == "done")
            #expect(entry["reason"] == .null)
            #expect(entry["why"]?.text == "the printers")
            #expect(entry["before"] == .null)
            #expect(entry["after"]?["holder"]?["id"]?.text == "mona")
            let line = try await office.run("history", "--ours").output
            #expect(line.contains("intranet:/news/agm  you: lock done (reason: the printers)"))
        }
    }
}
