// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import TestSupport
import Testing

extension OnRealPlone {
    @Suite("The command") struct CommandTests {
        private struct Listed: Decodable {
            struct Lock: Decodable {
                struct Holder: Decodable {
                    var id: String?
                    var isMe: Bool
                }
                var kind: String
                var holder: Holder
            }
            var id: String
            var state: String
            var lock: Lock?
            var operations: [String]
        }

        private struct Ended: Decodable {
            var outcome: String
            var reason: String?
            var after: Listed.Lock?
        }

        private func onServer(_ body: (PloneServer, Desk) async throws -> Void) async throws {
            let server = try await PloneServer.open()
            let desk = try Desk(address: server.address, path: server.folder)
            defer { desk.clear() }
            do {
                try await body(server, desk)
            } catch {
                await server.close()
                throw error
            }
            await server.close()
        }

        private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
            try JSONDecoder().decode(type, from: Data(text.utf8))
        }

        @Test("A lock is taken, seen by the other as a conflict, broken by force, and gone")
        func lockAndForce() async throws {
            try await onServer { server, desk in
                let path = try await server.addItem(titled: "By command")
                let taken = try await desk.run(["lock", "--timeout", "1h", "site:\(path)"], as: "alice")
                #expect(taken.code == 0, "\(taken)")
                let listing = try await desk.run(["ls", "--json"], as: "bob")
                #expect(listing.code == 0, "\(listing)")
                let row = try #require(try decode([Listed].self, listing.output).first { $0.id == path })
                #expect(row.state == "held" && row.lock?.holder.id == "alice" && row.lock?.holder.isMe == false)
                let conflict = try await desk.run(["lock", "--json", "site:\(path)"], as: "bob")
                #expect(conflict.code == 75, "\(conflict)")
                let ended = try decode(Ended.self, conflict.output)
                #expect(ended.outcome == "refused" && ended.reason?.hasPrefix("conflict") == true)
                #expect(ended.after?.holder.id == "alice")
                let unasked = try await desk.run(["unlock", "--force", "site:\(path)"], as: "bob")
                #expect(unasked.code == 64, "\(unasked)")
                let forced = try await desk.run(["unlock", "--force", "--yes", "--json", "site:\(path)"], as: "bob")
                #expect(forced.code == 0, "\(forced)")
                #expect(try decode(Ended.self, forced.output).outcome == "done")
                let free = try await desk.run(["ls", "--json", "--state", "free"], as: "alice")
                #expect(try decode([Listed].self, free.output).contains { $0.id == path })
            }
        }

        @Test("An item is checked out, checked in, checked out again and discarded")
        func checkOut() async throws {
            try await onServer { server, desk in
                let path = try await server.addItem(titled: "Draft by command")
                for words in [["check-out"], ["check-in", "-m", "Agreed"], ["check-out"], ["discard"]] {
                    let result = try await desk.run(words + ["site:\(path)"], as: "alice")
                    #expect(result.code == 0, "\(words): \(result)")
                }
                let again = try await desk.run(["check-in", "site:\(path)"], as: "alice")
                #expect(again.code == 1, "\(again)")
            }
        }

        @Test("What may not be done, is not there, or can't be reached has its exit code")
        func exitCodes() async throws {
            try await onServer { server, desk in
                let path = try await server.addItem(titled: "Exit codes")
                let forbidden = try await desk.run(["lock", "site:\(path)"], as: "mallory")
                #expect(forbidden.code == 77, "\(forbidden)")
                let gone = try await desk.run(["lock", "site:\(path)-not-there"], as: "alice")
                #expect(gone.code == 1, "\(gone)")
                // Somebody who has not signed in here yet: a token that was kept needs no password.
                let wrong = try await desk.run(["ls"], as: "bob", password: "guess")
                #expect(wrong.code == 77, "\(wrong)")
                #expect(wrong.errors.contains("does not accept the password of bob"), "\(wrong)")
                let nowhere = try Desk(address: "http://127.0.0.1:9/Plone", path: "/")
                defer { nowhere.clear() }
                let unreachable = try await nowhere.run(["ls"], as: "alice")
                #expect(unreachable.code == 69, "\(unreachable)")
                for run in [forbidden, gone, wrong, unreachable] {
                    #expect(!(run.output + run.errors).contains("-pw"))
                    #expect(!run.errors.isEmpty)
                }
            }
        }

        @Test("The servers are told with their account and operations")
        func servers() async throws {
            try await onServer { server, desk in
                let result = try await desk.run(["servers"], as: "alice")
                #expect(result.code == 0, "\(result)")
                #expect(result.output.contains("signed in as Alice Ångström (alice)"), "\(result)")
                for operation in Locks.Operation.allCases { #expect(result.output.contains(operation.word)) }
            }
        }
    }
}
