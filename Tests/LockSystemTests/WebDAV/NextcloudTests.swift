// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import LockSystems

@Suite("Locks of Nextcloud's app")
struct NextcloudTests {
    private func opened(
        _ change: (inout WebDAVSwitches) -> Void = { _ in }, _ body: (WebDAVStage) async throws -> Void
    ) async throws {
        let set: (inout WebDAVSwitches) -> Void = { switches in
            switches.isNextcloud = true
            change(&switches)
        }
        try await WebDAVStage.during(["/docs/plan.odt"], with: set, body)
    }

    @Test("A person's lock has the id and the name, and is mine wherever I took it")
    func person() async throws {
        try await opened { stage in
            let client = try stage.client()
            let result = await client.perform(.lock, "/docs/plan.odt")
            #expect(
                result.outcome == .done && client.wire.changes.first?.headers["X-User-Lock"] == "1", "\(result.why)")
            #expect(client.wire.changes.first?.body == [])
            let lock = try #require(try await stage.client(.account("bob")).row("/docs/plan.odt").lock)
            #expect(lock.holder.id == "alice" && lock.holder.name == "Alice Ångström")
            #expect(lock.holder.ownership == .other && lock.timeout == 3600 && lock.since != nil)
            #expect(try await stage.client().row("/docs/plan.odt").lock?.holder.isMe == true)
        }
    }

    @Test("What people have open in an editor has its name and no id, and no force is sent for it")
    func editor() async throws {
        try await opened({ $0.editor = "Nextcloud Office" }) { stage in
            try await stage.server.perform(.lockByProgram(path: "/docs/plan.odt", by: "bob"))
            let client = try stage.client()
            let lock = try #require(try await client.row("/docs/plan.odt").lock)
            #expect(lock.holder.id == nil && lock.holder.name == "Nextcloud Office")
            #expect(lock.notes == ["People have it open in Nextcloud Office now."])
            let result = await client.perform(.forceUnlock, "/docs/plan.odt")
            #expect(result.reason == .unsupported && result.why.contains("when the last one has closed it"))
            #expect(client.wire.changes.isEmpty)
        }
    }

    @Test("What a program has locked by its token ends by that token")
    func token() async throws {
        try await opened { stage in
            try await stage.server.perform(.lockByProgram(path: "/docs/plan.odt", by: "bob"))
            let client = try stage.client()
            #expect(try await client.row("/docs/plan.odt").lock?.holder.id == "bob")
            #expect(await client.perform(.forceUnlock, "/docs/plan.odt").outcome == .done)
            #expect(client.wire.changes.first?.headers["Lock-Token"] != nil)
        }
    }

    @Test("The file's owner ends another's lock, and nobody else does")
    func owner() async throws {
        try await opened { stage in
            try await stage.server.perform(
                .add(path: "/docs/mine.odt", type: "Document", title: "Mine", state: "published", by: "erin"))
            #expect(await (try stage.client()).perform(.lock, "/docs/mine.odt").outcome == .done)
            let bob = await (try stage.client(.account("bob"))).perform(.forceUnlock, "/docs/mine.odt")
            #expect(bob.reason == .forbidden && bob.why.contains("the file's owner"), "\(bob.why)")
            #expect(await (try stage.client(.account("erin"))).perform(.forceUnlock, "/docs/mine.odt").outcome == .done)
        }
    }

    @Test("A time-out is refused unsent, and folders can't be locked")
    func refused() async throws {
        try await opened { stage in
            let client = try stage.client()
            let wish = Wish(.lock, options: LockOptions(timeout: 60))
            #expect(await client.perform(wish, "/docs/plan.odt").reason == .unsupported)
            #expect(await client.perform(.lock, "/docs").reason == .notLockable)
            #expect(client.wire.changes.isEmpty)
        }
    }

    @Test("Nextcloud is found out by its addresses and what it says of its app")
    func detection() async throws {
        try await opened { stage in
            for hasApp in [true, false] {
                let client = try stage.client { profile in
                    profile.options.put("dialect", nil as String?)
                    if let address = try? WebAddress(stage.server.address + "/remote.php/dav/files/alice") {
                        profile.address = address
                    }
                }
                client.wire.bend { request, next in
                    var request = request
                    if request.url.contains("/ocs/"), !hasApp { return Response(status: 404) }
                    request.url = request.url.replacing("/remote.php/dav/files/alice", with: "")
                        .replacing("/dav/ocs/", with: "/ocs/")
                    return try await next(request)
                }
                _ = try await client.system.signIn()
                let system = try #require(client.system as? WebDAVSystem)
                #expect(system.site.dialect == (hasApp ? .nextcloud : .plain))
            }
        }
    }
}
