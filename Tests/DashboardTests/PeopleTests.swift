// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// Who holds how much, and what can be done about it at once.
@Suite struct PeopleTests {
    private static func office() -> Scene {
        var scene = Scene(Size(columns: 100, rows: 30), servers: [Scene.intranet, Scene.files])
        scene.show(
            "intranet",
            [
                Scene.row("/a", "A", Scene.held(by: "bob", age: 7_200)),
                Scene.row("/b", "B", Scene.held(by: "bob", age: 60)),
                Scene.row("/c", "C", Scene.held(by: "ann", age: 90_000)),
                Scene.row("/d", "D", Scene.held(by: "admin", isMe: true, age: 60)), Scene.row("/e", "E"),
            ])
        scene.show("files", [Scene.row("/f", "F", Scene.held(by: "bob", kind: .checkout, age: 180_000))])
        return scene
    }

    private func order(_ scene: Scene) -> [String] {
        guard case .people(let people) = scene.model.layers.last else { return [] }
        return people.rows(scene.model)
    }

    @Test("People come with most first, over all servers, with their oldest and stale ones")
    func most() {
        var scene = Self.office()
        scene.press("p")
        #expect(order(scene) == ["bob", "ann", "you"])
        #expect(scene.model.person("bob")?.held == 3 && scene.model.person("bob")?.stale == 1)
        #expect(
            scene.screen.contains { $0.contains("BOB (bob)") && $0.contains("2d") && $0.contains("intranet files") })
    }

    @Test("o goes through the columns and O turns the order round")
    func sorting() {
        var scene = Self.office()
        scene.press("p o")
        #expect(order(scene) == ["bob", "ann", "you"])
        scene.press("O")
        #expect(order(scene) == ["you", "ann", "bob"])
        scene.press("o o o")
        #expect(order(scene) == ["ann", "bob", "you"])
        #expect(scene.screen.contains { $0.contains("HOLDER▲") })
    }

    @Test("What is taken, given back, grown stale or gone is told without another look at all rows")
    func following() {
        var scene = Self.office()
        scene.press("p")
        scene.show(
            "intranet",
            [
                Scene.row("/a", "A"), Scene.row("/c", "C", Scene.held(by: "ann", age: 90_000)),
                Scene.row("/e", "E", Scene.held(by: "eve", age: 28_799)),
            ])
        #expect(order(scene) == ["ann", "bob", "eve"])
        #expect(scene.model.person("eve")?.stale == 0 && scene.model.person("you") == nil)
        scene.time += 10
        scene.send(.tick)
        #expect(scene.model.person("eve")?.stale == 1 && scene.model.person("bob")?.held == 1)
    }

    @Test("The tallies are those of a count of all rows, whatever changes")
    func tallies() {
        var seed: UInt64 = 7
        func pick(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(count))
        }
        var scene = Scene(Size(columns: 100, rows: 30))
        scene.press("p")
        for _ in 0..<150 {
            let rows = (0..<30).filter { _ in pick(5) > 0 }.map { number -> Row in
                let lock = Scene.held(by: ["ann", "bob", "eve", "gone"][pick(4)], age: Double(pick(60_000)))
                var row = Scene.row("/\(number)", "T", pick(3) == 0 ? nil : lock)
                if pick(9) == 0 {
                    let both = [lock, Scene.held(by: "dan", kind: .shared, age: Double(pick(60_000)))]
                    row.reading = .known(both, at: Scene.now)
                }
                return row
            }
            scene.show("intranet", rows)
            scene.time += Double(pick(900))
            scene.send(.tick)
            var held: [String: Int] = [:]
            var oldest: [String: Date] = [:]
            var stale: [String: Int] = [:]
            let catalog = scene.model.servers[0].catalog
            for row in catalog.rows {
                let isStale = row.reading.locks.contains { scene.model.staleness.isStale($0, at: scene.time) }
                for lock in row.reading.locks {
                    held[lock.holder.label, default: 0] += 1
                    if isStale { stale[lock.holder.label, default: 0] += 1 }
                    if let since = lock.since {
                        oldest[lock.holder.label] = min(oldest[lock.holder.label] ?? since, since)
                    }
                }
            }
            let people = scene.model.people
            #expect(Dictionary(uniqueKeysWithValues: people.map { ($0.name, $0.held) }) == held)
            #expect(people.allSatisfy { $0.stale == stale[$0.name] ?? 0 && $0.oldest == oldest[$0.name] })
        }
    }

    @Test("f shows a person's items in the table")
    func filter() {
        var scene = Self.office()
        scene.press("p f")
        #expect(scene.model.queryText == "holder:\"bob\"" && scene.model.list.count == 3 && scene.model.layers.isEmpty)
        scene.press("p Down Down f")
        #expect(scene.model.queryText == "holder:me" && scene.model.list.count == 1)
    }

    @Test("F asks once about all that a person has, listing it, and ends that and nothing else")
    func release() {
        var scene = Self.office()
        scene.press("p F")
        #expect(scene.changes.isEmpty)
        #expect(scene.text.contains("End these 2 locks and 1 check-out?") && !scene.text.contains("out of sight"))
        #expect(["intranet:/a", "intranet:/b", "files:/f"].allSatisfy { scene.text.contains($0) })
        scene.press("Up")
        scene.type("f")
        scene.press("Tab Right Enter")
        let ended = scene.changes.compactMap {
            if case .perform(let wish, let ref, _) = $0 { (wish, ref) } else { nil }
        }
        #expect(Set(ended.map(\.1.id)) == ["/a", "/b", "/f"])
        #expect(ended.allSatisfy { $0.0.operation == .forceUnlock && $0.0.expectation != .anything })
    }

    @Test("F of a read-only program and of what is mine ends nothing")
    func releaseRefused() {
        var scene = Self.office()
        scene.press("p Down Down F")
        #expect(scene.model.dialog == nil && scene.text.contains("These are yours"))
        scene.model.isReadOnly = true
        scene.press("Up F")
        #expect(scene.model.dialog == nil && scene.text.contains("read-only") && scene.changes.isEmpty)
    }

    @Test("A person's page lists what they have, the oldest first, and tells their story")
    func person() {
        var scene = Self.office()
        scene.model.events = [
            LockEvent(
                at: Scene.now - 5, ref: ItemRef(server: "intranet", id: "/z"), path: "/z", title: "Z", kind: .released,
                before: Scene.held(by: "bob"), text: "bob no longer has it")
        ]
        scene.press("p Enter")
        let rows = scene.screen.filter { $0.hasPrefix("   /") || $0.hasPrefix(" ▸ /") }.map {
            $0.dropFirst(3).prefix(2)
        }
        #expect(
            rows == ["/f", "/a", "/b"] && scene.text.contains("PERSON BOB (bob)")
                && scene.text.contains("no longer has it"))
        scene.press("Down Enter")
        #expect(scene.cursorPath == "/a" && scene.model.layers.isEmpty)
    }

    @Test("A thousand holders scroll, and keep the cursor on its person")
    func thousand() {
        var scene = Scene()
        scene.show(
            "intranet", (0..<1_000).map { Scene.row("/\($0)", "T", Scene.held(by: "holder-\(1_000 + $0)")) })
        scene.press("p G")
        #expect(
            scene.text.contains("of 1000") && scene.screen.contains { $0.contains("▸") && $0.contains("holder-1999") })
        scene.press("g")
        #expect(scene.screen.contains { $0.contains("▸") && $0.contains("holder-1000") })
    }
}
