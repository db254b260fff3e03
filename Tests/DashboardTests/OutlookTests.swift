// SPDX-License-Identifier: MIT
import Canvas
import Locks
import Testing

@testable import Dashboard

@Suite("How the rows of a recording are looked at")
struct OutlookTests {
    private static let replay = Replay(phase: .paused, speed: 1, played: 3, count: 9)

    private func scene() -> Scene {
        var scene = Scene.usual()
        scene.send(.replayed(Self.replay))
        return scene
    }

    @Test("What was recorded is shown, and what is not known is left as it is")
    func recorded() {
        var live = Scene.usual()
        live.press("2 b o o O | Down Down Space Enter e g")
        var replay = scene()
        replay.time = live.time
        replay.send(.looked(live.model.outlook))
        #expect(replay.model.outlook == live.model.outlook)
        #expect(replay.screen.dropLast() == live.screen.dropLast())
        var strange = live.model.outlook
        (strange.view, strange.sort, strange.columns, strange.group) = ("dreams", "taste", ["smell"], "colour")
        replay.send(.looked(strange))
        #expect(replay.model.view == .held && replay.model.sort == live.model.sort)
        #expect(replay.model.columns == nil && replay.model.grouping == nil)
    }

    @Test(
        "Whoever chooses another view, filter, order or grouping keeps it, whatever was recorded after that",
        arguments: ["3", "/ x Enter", "o", "b", "e"])
    func own(_ keys: String) {
        let live = Scene.usual().model.outlook
        var replay = scene()
        replay.press(keys)
        let own = replay.model.outlook
        #expect(own != live)
        replay.send(.looked(live))
        #expect(replay.model.outlook == own)
    }

    @Test("Outside of a recording nothing is looked at as somebody else did")
    func live() {
        var scene = Scene.usual()
        let before = scene.model.outlook
        var other = before
        other.view = "stale"
        scene.send(.looked(other))
        #expect(scene.model.outlook == before)
    }

    @Test("Left and Right fold groups where there are some; else Right steps, and > always does")
    func stepping() {
        var replay = scene()
        replay.press("Right")
        #expect(replay.effects.last == .replay(.step))
        replay.press("b")
        replay.effects = []
        let rows = replay.model.list.count
        replay.press("Left")
        #expect(replay.model.list.count < rows && !replay.effects.contains(.replay(.step)))
        replay.press("Right")
        #expect(replay.model.list.count == rows && !replay.effects.contains(.replay(.step)))
        replay.press(">")
        #expect(replay.effects.contains(.replay(.step)))
    }

    @Test("A page's own keys go before those of the player: Space shows a column")
    func pages() {
        var replay = scene()
        replay.press("|")
        let shown = replay.screen.filter { $0.contains("yes ") }.count
        replay.effects = []
        replay.press("Space")
        #expect(replay.screen.filter { $0.contains("yes ") }.count == shown - 1)
        #expect(!replay.effects.contains(.replay(.pause)))
    }
}
