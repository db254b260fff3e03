// SPDX-License-Identifier: MIT
import DemoServer
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing

@Suite("Locking and ending locks of Git LFS")
struct GitLFSLockTests {
    private static let item = Item(id: "Assets/hero.fbx", path: "/Assets/hero.fbx", title: "hero.fbx")

    private static func error(_ answer: Response, _ work: (GitLFSSystem) async throws -> Void) async throws -> LockError
    {
        let script = try GitLFSScript { _ in answer }
        return try await lockError { try await work(script.system) }
    }

    @Test("A path that is taken names the holder, where the answer does")
    func conflict() async throws {
        let told = #"{"lock":{"id":"398","path":"x","owner":{"name":"tomas"}},"message":"already created lock"}"#
        let error = try await Self.error(GitLFSScript.json(told, status: 409)) {
            try await $0.lock(Self.item, .standard)
        }
        #expect(error.code == .conflict && error.message == "/Assets/hero.fbx on game is locked by tomas.")
        let bare = try await Self.error(GitLFSScript.json("{}", status: 409)) {
            try await $0.lock(Self.item, .standard)
        }
        #expect(bare.code == .conflict && bare.message == "/Assets/hero.fbx on game is locked.")
    }

    @Test("A yes without a lock is none, and its words are told; whether it was done only a reading tells")
    func message() async throws {
        let error = try await Self.error(GitLFSScript.json(#"{"message":"lock already created"}"#)) {
            try await $0.lock(Self.item, .standard)
        }
        #expect(error.code == .nonsense && error.mayHaveHappened && error.message.contains("lock already created"))
    }

    @Test("A server that grants everything is not believed: what is held by another stays so")
    func grantsEverything() async throws {
        let script = try GitLFSScript { request in
            let lock = #"{"id":"398","path":"Assets/hero.fbx","owner":{"name":"tomas"}}"#
            if request.method == "GET" { return GitLFSScript.json(#"{"locks":[\#(lock)]}"#) }
            if request.url.hasSuffix("/verify") { return GitLFSScript.json(#"{"ours":[],"theirs":[\#(lock)]}"#) }
            return GitLFSScript.json(#"{"lock":\#(lock)}"#, status: 201)
        }
        try await script.system.lock(Self.item, .standard)
        #expect(try await script.system.read([Self.item])[0].get().lock?.holder.ownership == .other)
    }

    @Test("What Git LFS has no way to grant is refused before anything is sent")
    func options() async throws {
        let script = try GitLFSScript { _ in Response(status: 500) }
        for options in [LockOptions(timeout: 60), LockOptions(stealable: false)] {
            let error = try await lockError { try await script.system.lock(Self.item, options) }
            #expect(error.code == .unsupported && error.advice.hasPrefix("Leave out --"))
        }
        #expect(script.transport.requests.isEmpty)
    }

    @Test(
        "What can be no path of a repository is refused, and nothing is sent",
        arguments: ["", "/", "../x", "a/../b", "a\nb", "a\rb", "a\u{0}b", "./", "..", "a/.."])
    func noPath(_ text: String) async throws {
        let script = try GitLFSScript { _ in Response(status: 500) }
        let error = try await lockError { _ = try await script.system.find(text) }
        #expect(error.code == .notLockable && script.transport.requests.isEmpty)
    }

    @Test(
        "Every other path can be locked and unlocked under its own name",
        arguments: [
            "100% done#1?.psd", "a b/ü/日本.psd", "x&path=y", "a+b.psd", "\u{1B}[31m.psd", "'\"\\.psd", "...x/..y",
        ])
    func paths(_ path: String) async throws {
        let stage = try await GitLFSStage.open()
        let alice = try await stage.client(.first)
        let locked = await alice.perform(.lock, path)
        #expect(locked.outcome == .done && locked.ref.id == path)
        let page = try await alice.system.items(after: nil)
        #expect(page.rows.map(\.item.id) == [path])
        #expect(await alice.perform(.unlock, "/" + path).outcome == .done)
        #expect(try await alice.system.items(after: nil).rows.isEmpty)
        await stage.close()
    }

    @Test("An id is one part of the address, whatever is in it, and force is said only where it is meant")
    func id() async throws {
        let script = try GitLFSScript { _ in GitLFSScript.json("") }
        let holder = Holder(id: nil, name: "tomas")
        let lock = Lock(kind: .lock, holder: holder, identity: LockIdentity(of: "x"), serverID: "a/../b c")
        try await script.system.unlock(Self.item, held: lock)
        try await script.system.forceUnlock(Self.item, seen: lock)
        let requests = script.transport.requests
        #expect(requests.allSatisfy { $0.url.hasSuffix("/locks/a%2F..%2Fb%20c/unlock") && $0.purpose == .change })
        #expect(
            requests.map { String(decoding: $0.body ?? [], as: UTF8.self) } == [
                #"{"force":false}"#, #"{"force":true}"#,
            ])
    }

    @Test("Force hits the lock that was seen and never the next one: that is left alone, and told")
    func changedHands() async throws {
        for host in [GitLFSOptions.Host.plain, .gitea, .gitlab] {
            let stage = try await GitLFSStage.open { $0.host = host }
            let path = try await stage.addItem(titled: "map")
            let (first, second) = (try await stage.client(.first), try await stage.client(.second))
            let third = try await stage.client(.third)
            await first.perform(.lock, path)
            let shown = try #require(try await second.row(path).lock)
            second.wire.bendChanges { request, next in
                second.wire.bend(nil)
                await first.perform(.unlock, path)
                await third.perform(.lock, path)
                return try await next(request)
            }
            let result = await second.perform(Wish(.forceUnlock, expecting: .lock(shown.identity)), path)
            #expect(result.outcome == .refused && result.reason == .changed, "\(host): \(result)")
            #expect(try await third.row(path).lock?.holder.ownership == .mine)
            await stage.close()
        }
    }

    @Test("Force that only maintainers may use is forbidden in the host's own words, and done for a maintainer")
    func maintainers() async throws {
        let stage = try await GitLFSStage.open { options in
            options.host = .gitlab
            options.force = .maintainers
        }
        let path = try await stage.addItem(titled: "map")
        await (try await stage.client(.first)).perform(.lock, path)
        let refused = await (try await stage.client(.second)).perform(.forceUnlock, path)
        #expect(refused.outcome == .refused && refused.reason == .forbidden)
        #expect(refused.why.contains("You must have maintainer access to force delete a lock"))
        let done = await (try await stage.client(.administrator)).perform(.forceUnlock, path)
        #expect(done.outcome == .done && done.after == nil)
        // The lock was named by its id, so there is no window in which another could have been hit.
        #expect(!done.why.contains("can't be known"))
        await stage.close()
    }
}
