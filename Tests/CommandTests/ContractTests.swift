// SPDX-License-Identifier: MIT
import DemoServer
import TestOffice
import TestSupport
import Testing

@Suite("JSON as the contract has it")
struct ContractTests {
    private static let item = [
        "server", "serverKind", "id", "path", "title", "type", "url", "modified", "state", "observedAt", "error",
        "lock",
        "stale", "workingCopyOf", "operations",
    ]
    private static let lock = [
        "kind", "holder", "since", "expires", "sinceExact", "timeout", "stealable", "identity", "tokenKnown", "comment",
        "through", "sharedWith",
    ]
    private static let holder = ["id", "name", "isMe"]
    private static let result = ["server", "id", "operation", "outcome", "reason", "why", "before", "after"]
    private static let event = [
        "seq", "at", "server", "id", "path", "title", "event", "by", "before", "after", "ours", "text",
    ]
    private static let server = [
        "name", "kind", "url", "reachable", "error", "account", "operations", "items", "held", "roundTrip", "requests",
        "budget", "insecure", "protected", "readOnly",
    ]
    private static let operation = [
        "seq", "at", "completedAt", "server", "id", "operation", "outcome", "reason", "why", "note", "before", "after",
    ]

    @Test("every object has the contract's keys in the contract's order")
    func keys() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let list = OrderedJSON(try await office.run("ls", "--json").output).values
            #expect(list.count >= 7)
            for item in list { #expect(item.keys == Self.item) }
            let shown = OrderedJSON(try await office.run("show", "/news/agm", "--json").output)
            #expect(shown.keys == Self.item)
            #expect(shown["lock"].keys == Self.lock)
            #expect(shown["lock"]["holder"].keys == Self.holder)
            let refused = OrderedJSON(try await office.run("lock", "/news/agm", "--json").output)
            #expect(refused.keys == Self.result)
            #expect(refused["before"].keys == Self.lock)
            let servers = OrderedJSON(try await office.run("servers", "--json").output).values
            #expect(servers.map(\.keys) == [Self.server])
            #expect(servers.first?["account"].keys == ["id", "name"])
            #expect(
                servers.first?["operations"].keys == [
                    "lock", "refresh", "unlock", "forceUnlock", "checkOut", "checkIn", "discard",
                ])
            #expect(servers.first?["operations"]["lock"].keys == ["offered", "why"])
        }
    }

    @Test("events and operations have the contract's keys in the contract's order, followed and from the store")
    func history() async throws {
        try await inOffice { office in
            let program = try office.start("events", "--json", "--poll", "1s")
            try await eventually("the base line is read") {
                await office.server.requestLog.contains { $0.path.contains("@search") }
            }
            try await office.server.lock(path: "/news/agm", as: "bob")
            try await program.waitUntil("the event is told") { $0.contains("/news/agm") }
            program.send(signal: 2)
            let followed = OrderedJSON(try await program.finish().lines.first ?? "")
            #expect(followed.keys == Self.event)
            #expect(followed["after"].keys == Self.lock)
            #expect(followed["by"].keys == Self.holder)
            _ = try await office.run("lock", "/news/launch", "--reason", "the printers")
            let stored = OrderedJSON(try await office.run("history", "--json").output).values
            #expect(stored.contains { $0.keys == Self.event })
            #expect(stored.contains { $0.keys == Self.operation })
            #expect(stored.allSatisfy { [Self.event, Self.operation].contains($0.keys) })
        }
    }

    @Test("a start that is known is exact, and one that is only our first sight is not")
    func sinceExact() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob", timeout: 3_600, age: 600)
            let lock = try await office.run("show", "/news/agm", "--json").json["lock"]
            let text = try await office.run("ls", "--columns", "held", "agm").output
            #expect(lock?["sinceExact"] == .bool(!text.contains("≥")), "\(text)")
            #expect(lock?["through"] == .null)
            #expect(lock?["sharedWith"] == .array([]))
        }
    }

    @Test("a working copy names its original by its id")
    func workingCopy() async throws {
        try await inOffice { office in
            try await office.server.perform(.checkOut(path: "/news/agm", by: "joao"))
            let list = try await office.run("ls", "--json").json.values
            let original = try #require(list.first { $0["path"]?.text == "/news/agm" })
            let copy = try #require(list.first { $0["workingCopyOf"] != .null })
            #expect(copy["workingCopyOf"] == original["id"])
        }
    }

    @Test("a result has one fixed word for its reason, and the sentence apart from it")
    func reason() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let refused = try await office.run("lock", "/news/agm", "--json").json
            #expect(refused["reason"]?.text == "conflict")
            #expect(refused["why"]?.text == "bob has it.")
            let done = try await office.run("lock", "/news/launch", "--json").json
            #expect(done["reason"] == .null)
            #expect(done["why"] == .null)
        }
    }
}
