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
            #expect(ending.status == 0, "\(ending)")
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
                    "seq", "at", "completedAt", "server", "id", "operation", "outcome", "reason", "why", "note",
                    "before", "after",
                ])
            #expect(entry["outcome"]?.text == "done")
            #expect(entry["reason"] == .null)
            #expect(entry["why"] == .null)
            #expect(entry["note"]?.text == "the printers")
            #expect(entry["before"] == .null)
            #expect(entry["after"]?["holder"]?["id"]?.text == "mona")
            try await office.server.unlock(path: "/news/agm")
            try await office.server.lock(path: "/news/agm", as: "bob")
            _ = try await office.run("lock", "/news/agm", "--reason", "again")
            let refused = try await office.run("history", "--ours", "--json").json.values.last
            #expect(refused?["seq"] == entry["seq"], "what sends nothing is not in the audit log")
            let line = try await office.run("history", "--ours").output
            #expect(line.contains("intranet:/news/agm  you: lock done (reason: the printers)"))
        }
    }

    @Test("events of a holder tell also that it was given back")
    func releases() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let program = try office.start("events", "--json", "--poll", "1s", "holder:bob")
            try await eventually("the base line is read") {
                await office.server.requestLog.contains { $0.path.contains("@search") }
            }
            try await office.server.lock(path: "/news/launch", as: "alice")
            try await office.server.unlock(path: "/news/agm")
            try await program.waitUntil("bob's release is told") { $0.contains("\n") }
            program.send(signal: SIGINT)
            let events = try await program.finish().jsonLines
            #expect(events.map { $0["event"]?.text } == ["released"])
            #expect(events.first?["before"]?["holder"]?["id"]?.text == "bob")
            let stored = try await office.run("events", "--json", "--since", "0", "--for", "1s", "holder:bob")
            #expect(try stored.jsonLines.map { $0["event"]?.text } == ["released"])
        }
    }

    @Test("--until-free ends where the id is another than the path, and for what is not listed")
    func untilFreeByPath() async throws {
        let server = try await DemoServer.start(DemoOptions(dialect: .superoffice, documents: 3, people: false))
        let office = try await Office.open(server, as: "nobody", password: "x")
        let account = server.accounts[0]
        for limit in [3, 1] {
            try Office.write(
                """
                servers:
                  - {name: crm, kind: superoffice, url: "\(server.address)", limit: \(limit), auth: {scheme: basic, user: \(account.name), password_env: CRM}}

                """, to: office.configuration)
            let paths = try await office.run("ls", "--json", "--sort", "item", changes: ["CRM": account.password]).json
            let path = try #require(paths.values.first?["path"]?.text)
            #expect(path.hasPrefix("/Document/"))
            let changes = ["CRM": account.password]
            #expect(try await office.run("check-out", path, changes: changes).status == 0)
            let program = try office.start("events", "--poll", "1s", "--until-free", path, changes: changes)
            await server.resetRequestLog()
            try await eventually("it reads") { await server.requestCount > 3 }
            #expect(try await office.run("discard", path, changes: changes).status == 0)
            #expect(try await program.finish().status == 0)
        }
        let nothing = try await office.run(
            "events", "--until-free", "/Document/999999", changes: ["CRM": account.password])
        #expect(nothing.status == 1, "\(nothing)")
        await office.close()
    }

    @Test("history of a server that neither the configuration nor the store knows ends with 64")
    func strangeServer() async throws {
        try await inOffice { office in
            let ending = try await office.run("history", "intranett:/news/agm")
            #expect(ending.status == 64, "\(ending)")
            #expect(ending.errors.contains("Did you mean intranet?"))
            _ = try await office.run("lock", "/news/agm")
            try Office.write(
                office.text(of: "config.yaml").replacing("name: intranet", with: "name: other"),
                to: office.configuration)
            let former = try await office.run("history", "intranet:/news/agm")
            #expect(former.status == 0, "\(former)")
            #expect(former.lines.count == 1)
        }
    }
}
