// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing
import Watching

@Suite("Where items lie on Plone")
struct PloneAddressTests {
    @Test("A moved item is gone from where it was, and nothing is done where it went")
    func moved() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        let alice = try await stage.client(.first)
        let item = try await alice.row(path).item
        try await stage.server.move(path: path, to: "/moved")
        let target = stage.server.address + "/moved"
        await #expect { _ = try await alice.row(path) } throws: {
            let error = $0 as? LockError
            let start = "\(path) on contract has moved: the server points to \(target)"
            return error?.code == .gone && error?.message.hasPrefix(start) == true
        }
        let plone = try #require(alice.system as? PloneSystem)
        await #expect { try await plone.lock(item, .standard) } throws: { ($0 as? LockError)?.code == .gone }
        #expect(try await alice.row("/moved").reading.state == .free)
        await stage.close()
    }

    @Test("An item that only acquisition finds is gone", arguments: ["/docs/item-1/item-1", "/docs/docs/item-1"])
    func acquired(path: String) async throws {
        let stage = try await DemoStage.open { $0.acquisition = true }
        try await stage.add()
        let alice = try await stage.client(.first)
        await #expect { _ = try await alice.row(path) } throws: {
            ($0 as? LockError)?.message == "\(path) is not on contract any more, or lies elsewhere now."
        }
        for operation in Locks.Operation.allCases { #expect(await alice.perform(operation, path).reason == .gone) }
        #expect(alice.wire.changes.isEmpty)
        let items = ["/docs/item-1", path, path, path].map { Item(id: $0, path: $0, title: "") }
        let results = try await alice.system.read(items)
        #expect(results.map { (try? $0.get())?.item.path } == ["/docs/item-1", nil, nil, nil])
        await stage.close()
    }

    @Test("Services and namespaces are no items", arguments: ["/docs/item-1/@lock", "/@search", "/++api++/docs"])
    func services(name: String) async throws {
        let stage = try await DemoStage.open()
        try await stage.add()
        let alice = try await stage.client(.first)
        await #expect { _ = try await alice.row(name) } throws: { ($0 as? LockError)?.code == .gone }
        await stage.close()
    }

    @Test("A name is found however many slashes a person writes", arguments: ["docs/item-1", "/docs//item-1/"])
    func slashes(name: String) async throws {
        let stage = try await DemoStage.open()
        try await stage.add()
        #expect(try await stage.client(.first).row(name).item.path == "/docs/item-1")
        await stage.close()
    }

    @Test(
        "Signs and letters of all scripts in a path reach the server",
        arguments: [
            "ünï", "議事録", "a+b", "x'y(z)", "a@b", "~a!$&=",
        ])
    func oddNames(name: String) async throws {
        let stage = try await DemoStage.open()
        try await stage.server.add(path: "/docs/" + name, title: name)
        let alice = try await stage.client(.first)
        #expect(await alice.perform(.lock, "/docs/" + name).outcome == .done)
        #expect(try await alice.row("/docs/" + name).lock?.holder.isMe == true)
        await stage.close()
    }

    /// A proxy that shows an inner site under another name; the answers still name the inner one.
    private struct Proxy: Transport {
        let stage: DemoStage
        let outside: String
        func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
            var inner = request
            inner.url = stage.server.address + request.url.dropFirst(outside.count)
            return await stage.server.answer(inner)
        }
    }

    @Test(
        "A site whose answers name it otherwise than we do is understood",
        arguments: [
            "https://cms.example.org", "https://example.org/intranet/cms",
        ])
    func virtualHost(outside: String) async throws {
        let stage = try await DemoStage.open()
        var paths: [String] = []
        for _ in 0..<5 { paths.append(try await stage.add()) }
        let alice = try stage.client(
            .account("alice"), at: outside, over: Proxy(stage: stage, outside: outside)
        ) { $0.selection.path = "/docs" }
        _ = try await alice.system.signIn()
        let page = try await alice.system.items(after: nil)
        #expect(page.rows.map(\.item.path) == paths)
        #expect(await alice.perform(.lock, paths[0]).outcome == .done)
        let results = try await alice.system.read(page.rows.map(\.item))
        #expect(try results.map { try $0.get().item.path } == paths)
        #expect(try results.map { try $0.get().reading.state } == [.held, .free, .free, .free, .free])
        #expect(await alice.perform(.unlock, paths[0]).outcome == .done)
        #expect(await alice.perform(.checkOut, paths[1]).outcome == .done)
        #expect(await alice.perform(.discard, paths[1]).outcome == .done)
        #expect(alice.system.webAddress(of: page.rows[0].item) == outside + paths[0])
        await stage.close()
    }
}
