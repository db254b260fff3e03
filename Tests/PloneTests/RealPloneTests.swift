// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing

/// Everything that needs a real Plone; one after the other, because they share its site and its settings.
@Suite("On a real Plone", .serialized, .enabled(if: RealPlone.address != nil, Comment(rawValue: RealPlone.reason)))
enum OnRealPlone {}

extension OnRealPlone {
    @Suite("The client") struct ClientTests {
        private static let backend = Backend(
            kind: "plone", name: "a real Plone", open: { try await PloneServer.open() })

        @Test("A promise of the contract is kept", arguments: Clause.all)
        func keeps(_ clause: Clause) async throws {
            try await clause.hold(on: Self.backend)
        }

        /// Runs a test on a folder of its own.
        func onServer(_ body: (PloneServer) async throws -> Void) async throws {
            try await PloneServer.open().during(body)
        }

        @Test(
            "Everybody signs in by token and by Basic, and is who they are",
            arguments: [
                "admin", "manager", "alice", "bob", "erin", "carol", "mallory",
            ])
        func signIn(name: String) async throws {
            try await onServer { server in
                for isBasic in [false, true] {
                    let client = try server.client(named: name, isBasic: isBasic)
                    #expect(try await client.system.signIn().account.id == name)
                    #expect(client.wire.requests.count == 1)
                    // The check of a minute later.
                    let plone = try #require(client.system as? PloneSystem)
                    _ = try await plone.items(after: nil)
                }
            }
        }

        @Test("A garbage token is noticed, though the site is public")
        func garbage() async throws {
            try await onServer { server in
                let client = try server.client(named: nil) { $0.login = .token({ "garbage" }) }
                await #expect { _ = try await client.system.items(after: nil) } throws: {
                    ($0 as? LockError)?.code == .notSignedIn
                }
            }
        }

        @Test("A wrong password is told with the first request")
        func wrongPassword() async throws {
            try await onServer { server in
                for isBasic in [false, true] {
                    let client = try server.client(named: nil) {
                        $0.login = .password(user: "alice", secret: { "guess" }, isBasic: isBasic)
                    }
                    await #expect { _ = try await client.system.signIn() } throws: {
                        ($0 as? LockError)?.message == "plone does not accept the password of alice."
                    }
                    #expect(client.wire.requests.count == 1)
                }
            }
        }

        @Test("A private document is there for editors and readers, and not for others")
        func privateDocument() async throws {
            try await onServer { server in
                let path = try await server.addHiddenItem()
                for (name, isSeen) in [("alice", true), ("carol", true), ("mallory", false), (nil, false)] {
                    let client = try server.client(named: name)
                    if isSeen {
                        #expect(try await client.row(path).reading.state == .free)
                    } else {
                        await #expect { _ = try await client.row(path) } throws: {
                            [.forbidden, .notSignedIn].contains(($0 as? LockError)?.code)
                        }
                    }
                }
                let reader = try server.client(named: "carol")
                #expect(await reader.perform(.lock, path).reason == .forbidden)
                let result = await (try server.client(named: "alice")).perform(.lock, path)
                #expect(result.outcome == .done)
                #expect(try await reader.row(path).lock?.holder.name == "Alice Ångström")
            }
        }

        @Test("A lock that can't be stolen takes two blows", arguments: ["bob", "manager", "admin"])
        func twoBlows(name: String) async throws {
            try await onServer { server in
                let path = try await server.addItem(titled: "Guarded")
                let alice = try server.client(named: "alice")
                let wish = Wish(.lock, options: LockOptions(timeout: 3_600, stealable: false))
                #expect(await alice.perform(wish, path).outcome == .done)
                let other = try server.client(named: name)
                let seen = try #require(try await other.row(path).lock)
                #expect(seen.stealable == false && seen.timeout == 3_600)
                #expect(await other.perform(.forceUnlock, path).outcome == .done)
                #expect(other.wire.changes.count == 2)
                #expect(try await alice.row(path).reading.state == .free)
            }
        }

        @Test("A third person's lock that came between the two blows is not touched")
        func thirdPerson() async throws {
            try await onServer { server in
                let path = try await server.addItem(titled: "Guarded")
                let alice = try server.client(named: "alice")
                #expect(await alice.perform(Wish(.lock, options: LockOptions(stealable: false)), path).outcome == .done)
                let bob = try server.client(named: "bob")
                bob.wire.bendChanges { request, next in
                    let answer = try await next(request)
                    _ = try await server.send("DELETE", path + "/@lock", as: "alice")
                    _ = try await server.send("POST", path + "/@lock", as: "erin")
                    return answer
                }
                let result = await bob.perform(.forceUnlock, path)
                #expect(result.reason == .changed && result.after?.holder.id == "erin")
                #expect(bob.wire.changes.count == 1)
            }
        }

        @Test("The mark that makes a lock non-stealable outlives it")
        func markOutlives() async throws {
            try await onServer { server in
                let path = try await server.addItem(titled: "Marked")
                let alice = try server.client(named: "alice")
                let wish = Wish(.lock, options: LockOptions(timeout: 1, stealable: false))
                #expect(await alice.perform(wish, path).outcome == .done)
                try await server.pass(1.5)
                let bob = try server.client(named: "bob")
                #expect(await bob.perform(.lock, path).outcome == .done)
                #expect(try await alice.row(path).lock?.stealable == false)
            }
        }

        private static let lockInfo = """
            <?xml version="1.0"?><d:lockinfo xmlns:d="DAV:"><d:lockscope><d:exclusive/></d:lockscope>\
            <d:locktype><d:write/></d:locktype><d:owner><d:href>mailto:mona@example.org</d:href></d:owner></d:lockinfo>
            """

        @Test(
            "A lock made over WebDAV is ended by UNLOCK, by token and by Basic, and only by administrators",
            arguments: [
                ("manager", false), ("manager", true), ("admin", false), ("admin", true),
            ])
        func webDAV(name: String, isBasic: Bool) async throws {
            try await onServer { server in
                let path = try await server.addItem(titled: "Opened in an office program")
                let locked = try await server.send(
                    "LOCK", path, as: "manager", Self.lockInfo,
                    headers: ["Content-Type": "application/xml", "Timeout": "Second-120", "Depth": "0"])
                #expect(locked.status == 200)
                let bob = try server.client(named: "bob", isBasic: isBasic)
                let lock = try #require(try await bob.row(path).lock)
                #expect(lock.stealable == false && lock.timeout == 120 && lock.holder.id == "manager")
                #expect(await bob.perform(.forceUnlock, path).reason == .forbidden)
                #expect(await bob.perform(.lock, path).reason == .conflict)
                let boss = try server.client(named: name, isBasic: isBasic)
                let result = await boss.perform(Wish(.forceUnlock, expecting: .lock(lock.identity)), path)
                #expect(result.outcome == .done, "\(result.why)")
                #expect(boss.wire.changes.map(\.method.rawValue) == ["UNLOCK"])
                #expect(try await bob.row(path).reading.state == .free)
            }
        }

        @Test("An UNLOCK for a lock that is no longer there is told as a change")
        func staleUnlock() async throws {
            try await onServer { server in
                let path = try await server.addItem(titled: "Opened twice")
                let headers: Headers = ["Content-Type": "application/xml", "Timeout": "Second-120", "Depth": "0"]
                _ = try await server.send("LOCK", path, as: "manager", Self.lockInfo, headers: headers)
                let boss = try server.client(named: "manager")
                let row = try await boss.row(path)
                let lock = try #require(row.lock)
                let plone = try #require(boss.system as? PloneSystem)
                try await plone.forceUnlock(row.item, seen: lock)
                await #expect { try await plone.forceUnlock(row.item, seen: lock) } throws: {
                    ($0 as? LockError)?.code == .conflict
                }
            }
        }

        @Test(
            "An original that has forgotten its copies is checked in and discarded on the copy",
            arguments: [false, true])
        func brokenRelation(isFresh: Bool) async throws {
            try await onServer { server in
                let path = try await server.addItem(titled: "Forgetful")
                let alice = try server.client(named: "alice")
                #expect(await alice.perform(.checkOut, path).outcome == .done)
                let name = path.split(separator: "/").last ?? ""
                let copy = path.dropLast(name.count) + "copy_of_" + name
                #expect(try await alice.row(String(copy)).item.workingCopyOf == path)
                try await server.ask("DELETE", String(copy))
                #expect(try await alice.row(path).reading.state == .free)
                for ending in [Locks.Operation.checkIn, .discard] {
                    let result = await alice.perform(.checkOut, path)
                    #expect(result.outcome == .done && result.after?.holder.isMe == true, "\(result.why)")
                    let client = isFresh ? try server.client(named: "alice") : alice
                    let ended = await client.perform(ending, path)
                    #expect(ended.outcome == .done, "\(ended.why)")
                }
            }
        }

        @Test("Whoever may not add to the folder is told what is missing for a check-out")
        func cannotAdd() async throws {
            try await onServer { server in
                let path = try await server.addItem(titled: "For erin")
                let erin = try server.client(named: "erin")
                let result = await erin.perform(.checkOut, path)
                #expect(result.reason == .forbidden && result.why.hasPrefix("plone has no place for a working copy"))
                #expect(await erin.perform(.lock, path).outcome == .done)
            }
        }

        @Test("A copy that somebody is editing can't be checked in")
        func copyIsLocked() async throws {
            try await onServer { server in
                let path = try await server.addItem(titled: "Busy copy")
                let alice = try server.client(named: "alice")
                #expect(await alice.perform(.checkOut, path).outcome == .done)
                let copy = path.replacing("/page-", with: "/copy_of_page-")
                #expect(await (try server.client(named: "bob")).perform(.lock, copy).outcome == .done)
                #expect(await alice.perform(.checkIn, path).reason == .forbidden)
                #expect(try await alice.row(path).lock?.kind == .workingCopy)
            }
        }

        @Test("With locking switched off a lock is refused, and a check-out is a hold all the same")
        func lockingOff() async throws {
            try await onServer { server in
                let path = try await server.addItem(titled: "Unlocked")
                try await server.ask("PATCH", "/@controlpanels/editing", #"{"lock_on_ttw_edit": false}"#)
                let alice = try server.client(named: "alice")
                let locked = await alice.perform(.lock, path)
                let copied = await alice.perform(.checkOut, path)
                let ended = await alice.perform(.discard, path)
                try await server.ask("PATCH", "/@controlpanels/editing", #"{"lock_on_ttw_edit": true}"#)
                #expect(locked.reason == .unsupported)
                #expect(copied.outcome == .done && copied.after?.holder.isMe == true)
                #expect(ended.outcome == .done)
            }
        }

        @Test(
            "A working copy is checked in, discarded and forced from its own row, in one change each",
            arguments: [Locks.Operation.checkIn, .discard, .forceUnlock])
        func fromTheCopysRow(_ operation: Locks.Operation) async throws {
            try await onServer { server in
                let path = try await server.addItem(titled: "Original")
                let alice = try server.client(named: "alice")
                #expect(await alice.perform(.checkOut, path).outcome == .done)
                let copy = path.replacing("/page-", with: "/copy_of_page-")
                let shown = try #require(try await alice.row(path).lock)
                let client = operation == .forceUnlock ? try server.client(named: "manager") : alice
                let wish = Wish(operation, expecting: .lock(shown.identity), mayTakeFromOthers: true)
                let result = await client.perform(wish, copy)
                #expect(result.outcome == .done, "\(result.why)")
                #expect(result.operation == operation && result.ref.id == path)
                #expect(try await alice.row(path).reading.state == .free)
                await #expect { _ = try await alice.row(copy) } throws: { ($0 as? LockError)?.code == .gone }
            }
        }

        @Test("A session that lost its rights is told so, and neither breaks anything nor reads as free")
        func lostRights() async throws {
            try await onServer { server in
                let name = "t\(UInt32.random(in: 0..<UInt32.max))"
                let user =
                    #"{"username": "\#(name)", "password": "\#(name)-pw", "email": "\#(name)@example.org", "roles": ["Editor", "Member"]}"#
                try await server.ask("POST", "/@users", user)
                let path = try await server.addItem(titled: "Handed over")
                let client = try server.client(named: name)
                #expect(await client.perform(.lock, path).outcome == .done)
                try await server.ask("PATCH", "/@users/\(name)", #"{"roles": {"Editor": false}}"#)
                client.wire.forget()
                let result = await client.perform(.unlock, path)
                #expect(result.reason == .forbidden, "\(result.why)")
                let boss = try server.client(named: "manager")
                #expect(try await boss.row(path).lock?.holder.id == name)
                try await server.ask("DELETE", "/@users/\(name)")
                let gone = await client.perform(.unlock, path)
                #expect(gone.outcome == .refused || gone.outcome == .failed, "\(gone.why)")
                #expect(try await boss.row(path).lock?.holder.id == name)
            }
        }
    }
}
