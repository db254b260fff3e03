// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing

/// What is read from a real Plone, and at which address.
extension OnRealPlone.ClientTests {
    @Test("A moved item is gone from where it was, and one that acquisition finds is gone too")
    func moved() async throws {
        try await onServer { server in
            let path = try await server.addItem(titled: "Old name")
            let alice = try server.client(named: "alice")
            let item = try await alice.row(path).item
            try await server.ask("PATCH", path, #"{"id": "newname"}"#)
            await #expect { _ = try await alice.row(path) } throws: { ($0 as? LockError)?.code == .gone }
            let plone = try #require(alice.system as? PloneSystem)
            await #expect { try await plone.lock(item, .standard) } throws: { ($0 as? LockError)?.code == .gone }
            let fresh = server.folder + "/newname"
            #expect(try await alice.row(fresh).reading.state == .free)
            await #expect { _ = try await alice.row(fresh + "/newname") } throws: {
                ($0 as? LockError)?.code == .gone
            }
        }
    }

    @Test("Through ++api++ everything is as without")
    func traverser() async throws {
        try await onServer { server in
            let path = try await server.addItem(titled: "Traversed")
            let address = try WebAddress(server.address + "/++api++")
            let alice = try server.client(named: "alice") {
                $0.address = address
                $0.selection.path = server.folder
            }
            for operation in [Locks.Operation.lock, .refresh, .unlock, .checkOut, .checkIn] {
                let result = await alice.perform(operation, path)
                #expect(result.outcome == .done, "\(result.why)")
            }
            #expect(try await alice.system.items(after: nil).rows.map(\.item.path) == [path])
        }
    }

    @Test("Two hundred documents are a few requests; of fifty some locks are read alone, and tell the same")
    func requests() async throws {
        try await onServer { server in
            let alice = try server.client(named: "alice") {
                $0.selection = .init(path: "/docs", types: ["Document"])
            }
            _ = try await alice.system.signIn()
            alice.wire.forget()
            let first = try await alice.system.items(after: nil)
            #expect(first.total == 200 && first.rows.count == 100 && first.following.count == 1)
            #expect(alice.wire.requests.count == 1)
            let rows = Array(first.rows.prefix(50))
            alice.wire.forget()
            let results = try await alice.system.read(rows.map(\.item))
            for (row, result) in zip(rows, results) {
                var read = try result.get()
                read.reading.observedAt = row.reading.observedAt
                #expect(read == row)
            }
            // Eight locks, a summary that tells that they are theirs, and a search for the rest.
            #expect(alice.wire.requests.count { $0.url.hasSuffix("/@lock") } == 8)
            #expect(alice.wire.requests.count == 10)
        }
    }

    @Test("A lock, a check-out and its copy are told alike by the whole item and by the lock alone")
    func locksAlone() async throws {
        try await onServer { server in
            var paths: [String] = []
            for number in 0..<6 { paths.append(try await server.addItem(titled: "Äpfel \(number)")) }
            let (alice, bob) = (try server.client(named: "alice"), try server.client(named: "bob"))
            #expect(await alice.perform(.lock, paths[0]).outcome == .done)
            #expect(await bob.perform(.lock, paths[1]).outcome == .done)
            #expect(await bob.perform(.checkOut, paths[2]).outcome == .done)
            let carol = try server.client(named: "alice") { $0.selection.path = server.folder }
            _ = try await carol.system.signIn()
            let rows = try await carol.system.items(after: nil).rows
            #expect(rows.count == 7 && rows.count { $0.lock != nil } == 3)
            carol.wire.forget()
            for (row, result) in zip(rows, try await carol.system.read(rows.map(\.item))) {
                var read = try result.get()
                read.reading.observedAt = row.reading.observedAt
                #expect(read == row)
            }
            #expect(carol.wire.requests.count { $0.url.hasSuffix("/@lock") } == 7)
            #expect(await bob.perform(.discard, paths[2]).outcome == .done)
            #expect(await bob.perform(.unlock, paths[1]).outcome == .done)
            #expect(await alice.perform(.unlock, paths[0]).outcome == .done)
        }
    }

    @Test("A title with half a character, or with control characters, costs no row and no page")
    func oddTitles() async throws {
        try await onServer { server in
            let plain = try await server.addItem(titled: "Plain")
            var odd: [String] = []
            for title in [#"half \ud800 here"#, #"bell \u0007 and escape \u001b[2J"#, #"line \u2028 end"#] {
                let path = try await server.addItem(titled: "Odd")
                let answer = try await server.send("PATCH", path, as: "admin", #"{"title": "\#(title)"}"#)
                #expect(answer.status < 500 || title.contains("ud800"), "\(answer.status) for \(title)")
                odd.append(path)
            }
            let alice = try server.client(named: "alice") { $0.selection.path = server.folder }
            _ = try await alice.system.signIn()
            let listed = try await alice.system.items(after: nil).rows
            #expect(Set(listed.map(\.item.path)).isSuperset(of: odd + [plain]))
            for path in odd + [plain] {
                let row = try await alice.row(path)
                #expect(row.reading.state == .free, "\(path): \(row.reading)")
                #expect(await alice.perform(.lock, path).outcome == .done)
                #expect(await alice.perform(.unlock, path).outcome == .done)
            }
        }
    }
}
