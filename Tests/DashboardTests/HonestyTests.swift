// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// What the screen says is so.
@Suite struct HonestyTests {
    @Test("A filter that is not understood can't be kept: the line stays open and says why")
    func badFilterStaysOpen() {
        var scene = Scene.usual()
        scene.press("/")
        scene.send(.key(.paste("hodler:bob")))
        scene.press("Enter")
        #expect(scene.model.line != nil && scene.text.contains("Did you mean holder:?"))
        scene.press("^u")
        scene.type("holder:bob")
        scene.press("Enter")
        #expect(scene.model.line == nil && scene.model.list.count == 1)
    }

    @Test("A reading grows old after three polls to the second, with a sign on its row")
    func oldReadings() throws {
        var scene = Scene.usual()
        for index in scene.model.servers.indices { scene.model.servers[index].status.poll = 2 }
        let turn = try #require(scene.model.nextTurn)
        #expect(abs(turn.timeIntervalSince(Scene.now + 6)) < 0.02)
        scene.time = Scene.now + 5.9
        scene.send(.tick)
        #expect(!scene.text.contains("~"))
        scene.time = Scene.now + 6
        scene.send(.tick)
        #expect(scene.screen.contains { $0.contains("/news/launch") && $0.contains("~16h") })
        #expect(scene.screen.contains { $0.contains("/news/autumn") && $0.contains("~") })
    }

    @Test("A path with control characters is not copied")
    func hostilePath() {
        var scene = Scene.one(Scene.row("/x\nrm -rf ~\n", "X"))
        scene.press("y")
        #expect(scene.wanted().isEmpty && scene.text.contains("control characters"))
    }
}
