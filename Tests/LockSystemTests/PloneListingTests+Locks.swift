// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing
import Watching

/// Reading the locks alone, where that is cheaper.
extension PloneListingTests {
    @Test("A lock that is read alone is told as the whole item tells it, whatever lock it is")
    func locksAlone() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<8 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        let items = try await rows(alice).map(\.item)
        let bob = try await stage.client(.second)
        #expect(await alice.perform(.lock, items[0].path).outcome == .done)
        #expect(await bob.perform(.lock, items[1].path).outcome == .done)
        #expect(await bob.perform(.checkOut, items[2].path).outcome == .done)
        #expect(await alice.perform(.checkOut, items[3].path).outcome == .done)
        await stage.pass(60)
        let wholes = try await rows(alice)
        let now = wholes.map(\.item)
        #expect(wholes.count == 10 && wholes.count { $0.item.workingCopyOf != nil } == 2)
        await stage.pass(2)
        alice.wire.forget()
        let eight = now.filter { $0.workingCopyOf != nil || items.prefix(6).map(\.id).contains($0.id) }
        let results = try await alice.system.read(eight)
        for (item, result) in zip(eight, results) {
            let whole = try #require(wholes.first { $0.item.id == item.id })
            #expect(try result.get().isSame(as: whole), "\(item.path)")
        }
        #expect(alice.wire.requests.count { $0.url.hasSuffix("/@lock") } == 8)
        // A check-out is more than its lock: these two are read whole.
        #expect(alice.wire.requests.count { $0.url.hasSuffix("?include_items=false") } == 2)
        #expect(!alice.wire.requests.contains { $0.url.contains("fullobjects") })
        await stage.close()
    }

    @Test("Among items whose locks are read alone, one that is moved, gone or found elsewhere is told as gone")
    func goneAmongLocks() async throws {
        let stage = try await DemoStage.open { $0.acquisition = true }
        for _ in 0..<6 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        let items = try await rows(alice).map(\.item)
        // Its name is found in the folder above from now on, where somebody has locked it.
        try await stage.server.move(path: items[1].path, to: "/item-2")
        try await stage.server.lock(path: "/item-2", as: "bob")
        try await stage.server.remove(path: items[2].path)
        try await stage.server.lock(path: items[4].path, as: "bob")
        alice.wire.forget()
        let results = try await alice.system.read(items)
        #expect(alice.wire.requests.count { $0.url.hasSuffix("/@lock") } == 4)
        let states = results.map { result -> String in
            switch result {
            case .success(let row): row.reading.state.rawValue
            case .failure(let error): error.code.rawValue
            }
        }
        #expect(states == ["free", "gone", "gone", "free", "held", "free"])
        await stage.close()
    }

    @Test("Where a check-out makes no lock, locks tell not all: items are read whole from then on")
    func lockingOff() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<6 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        let items = try await rows(alice).map(\.item)
        let path = items[3].path
        alice.wire.bend { request, next in
            var answer = try await next(request)
            guard request.url.contains("fullobjects") || request.url.contains("include_items") else { return answer }
            let copy = """
                "working_copy": {"@id": "\(stage.server.address)/docs/copy", "created": null, "title": "Copy",
                "creator_name": "Bob", "creator_url": "\(stage.server.address)/author/bob"}
                """
            let parts = String(decoding: answer.body, as: UTF8.self).split(separator: "\(path)\",", maxSplits: 1)
            guard parts.count == 2 else { return answer }
            let rest = parts[1].replacing(/"working_copy": null/, with: copy, maxReplacements: 1)
            answer.body = Array((parts[0] + "\(path)\"," + rest).utf8)
            return answer
        }
        let listed = try await rows(alice)
        #expect(listed.count { $0.reading.state == .held } == 1)
        alice.wire.forget()
        let results = try await alice.system.read(items)
        #expect(try results.filter { try $0.get().reading.state == .held }.count == 1)
        #expect(!alice.wire.requests.contains { $0.url.hasSuffix("/@lock") })
        await stage.close()
    }

    @Test("Of heavy documents only the locks are read, however many there are")
    func heavy() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<50 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        alice.wire.bend { request, next in
            var answer = try await next(request)
            if request.url.contains("fullobjects") { answer.body += Array(repeating: 0x20, count: 1_000_000) }
            return answer
        }
        let items = try await rows(alice).map(\.item)
        for _ in 0..<3 {
            alice.wire.forget()
            #expect(try await alice.system.read(items).map { try $0.get().item } == items)
            #expect(alice.wire.requests.count == 51)
            #expect(!alice.wire.requests.contains { $0.url.contains("fullobjects") })
        }
        await stage.close()
    }

    @Test("The more a listing weighs, the more rarely it is to be read again, but at least every ten minutes")
    func secondsPerSweep() async throws {
        let stage = try await DemoStage.open()
        for _ in 0..<100 { try await stage.add() }
        let alice = try client(stage, .init(path: "/docs"))
        #expect(alice.system.secondsPerSweep == 0)
        let few = try client(stage, .init(path: "/docs", text: "nothing"))
        _ = try await rows(few)
        #expect(few.system.secondsPerSweep == 0)
        _ = try await rows(alice)
        #expect((10...30).contains(alice.system.secondsPerSweep))
        alice.wire.bend { request, next in
            var answer = try await next(request)
            if request.url.contains("fullobjects") { answer.body += Array(repeating: 0x20, count: 10_000_000) }
            return answer
        }
        _ = try await rows(alice)
        #expect(alice.system.secondsPerSweep == 600)
        await stage.close()
    }

}

extension Row {
    /// Whether it says the same, though it was seen at another time.
    func isSame(as other: Row) -> Bool {
        var other = other
        other.reading.observedAt = reading.observedAt
        return self == other
    }
}
