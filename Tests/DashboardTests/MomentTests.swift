// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

@Suite("Signs of what has just happened, and of what soon will")
struct MomentTests {
    private static let path = "/news/agm"

    private static func tell(_ scene: inout Scene, _ kind: LockEvent.Kind, _ lock: Lock?) {
        let ref = ItemRef(server: "intranet", id: path)
        let row = Scene.row(path, "AGM", lock)
        var catalog = scene.model.servers[0].catalog
        let id = catalog.put(row)
        let event = LockEvent(
            at: scene.time, ref: ref, path: path, title: "AGM", kind: kind, by: lock?.holder, after: lock, text: "news")
        scene.send(
            .update(
                ServerUpdate(
                    server: "intranet", catalog: catalog, changed: [id], events: [event],
                    status: scene.model.servers[0].status)))
    }

    @Test("A row that changed has its sign turned round for a moment, and nothing but its sign")
    func changed() throws {
        var scene = Scene()
        scene.show("intranet", [Scene.row("/a", "A"), Scene.row(Self.path, "AGM")])
        Self.tell(&scene, .locked, Scene.held(by: "bob", left: 3_600))
        let place = try #require(scene.model.list[0..<2].firstIndex { scene.model.ref($0)?.id == Self.path })
        let row = scene.model.layout.table + place
        scene.press("G")
        scene.select("intranet", "/a")
        let marked = view(scene.model)
        let turned = marked.runs(row: row).filter(\.style.isReversed)
        #expect(turned.map(\.column) == [3])
        let end = try #require(scene.model.nextTurn)
        #expect(end.timeIntervalSince(scene.time) <= Moments.length + 0.02)
        scene.time = end
        scene.send(.tick)
        let after = view(scene.model)
        #expect(after.runs(row: row).allSatisfy { !$0.style.isReversed })
        #expect(after.lines[row] == marked.lines[row])
    }

    @Test("On a slow link a change is not marked, and nothing is drawn for it later")
    func slowLink() {
        var scene = Scene()
        scene.model.look.isLowBandwidth = true
        scene.show("intranet", [Scene.row("/a", "A"), Scene.row(Self.path, "AGM")])
        Self.tell(&scene, .locked, Scene.held(by: "bob", left: nil))
        #expect(!view(scene.model).snapshot.contains("3..<4 yellow reversed"))
        #expect((scene.model.nextTurn ?? .distantFuture).timeIntervalSince(scene.time) > Moments.length + 1)
    }

    @Test("A lock that was taken from another has a sign as long as it is that lock")
    func stolen() {
        var scene = Scene()
        scene.show("intranet", [Scene.row(Self.path, "AGM", Scene.held(by: "bob"))])
        func sign() -> Bool { scene.screen.contains { $0.contains("x◆") } }
        #expect(!sign())
        Self.tell(&scene, .stolen, Scene.held(by: "ann"))
        #expect(sign())
        Self.tell(&scene, .refreshed, Scene.held(by: "ann", left: 900))
        #expect(sign())
        Self.tell(&scene, .locked, Scene.held(by: "carl"))
        #expect(!sign())
        Self.tell(&scene, .stolen, nil)
        #expect(!sign())
    }

    @Test("A lock that ends within two minutes has a sign, and it comes by itself")
    func soon() throws {
        var scene = Scene()
        scene.show("intranet", [Scene.row(Self.path, "AGM", Scene.held(by: "bob", left: 125))])
        #expect(scene.screen.contains { $0.contains(" 2m") } && !scene.screen.contains { $0.contains("m!") })
        // The reading may not grow old before.
        scene.model.servers[0].status.poll = 1_000
        let turn = try #require(scene.model.nextTurn)
        #expect(abs(turn.timeIntervalSince(scene.time) - 5) < 0.1)
        scene.time = turn
        scene.send(.tick)
        #expect(scene.screen.contains { $0.contains(" 1m!") })
    }

    @Test("A path that is only a number gives way to the title where no column tells it, and its number stays")
    func numbers() {
        func screen(_ columns: Int) -> [String] {
            var scene = Scene(Size(columns: columns, rows: 24))
            let item = Item(
                id: "16", path: "/Document/16", title: "Offer to Acme for the year 2027 and what is to come")
            scene.show("intranet", [Row(item: item, reading: .known([], at: Scene.now))])
            return scene.screen
        }
        #expect(screen(80).contains { $0.contains("Offer to Acme") && $0.contains("… 16 ") })
        #expect(!screen(80).contains { $0.contains("/Document/16") })
        #expect(screen(130).contains { $0.contains("/Document/16 ") && $0.contains("Offer to Acme") })
    }

    @Test("A long path keeps its end")
    func longPath() {
        var scene = Scene()
        scene.show(
            "intranet",
            [
                Scene.row(
                    "/departments/communication/campaigns/2026/autumn/newsletters/final-brochure-version-7.docx", "B")
            ])
        #expect(scene.screen.contains { $0.contains("…") && $0.contains("final-brochure-version-7.docx ") })
    }
}
