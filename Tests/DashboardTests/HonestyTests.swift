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

    @Test("Of a server that was not read no tab says that nobody has anything there")
    func emptyAsFarAsRead() {
        var scene = Scene(servers: [Scene.intranet, Scene.files])
        let error = LockError(.unreachable, "files: Nothing listens there.", advice: "Look at it.")
        var status = scene.model.servers[1].status
        status.phase = .failing(error, nextTry: Scene.now + 40)
        scene.send(
            .update(
                ServerUpdate(
                    server: "files", catalog: scene.model.servers[1].catalog, changed: [], events: [], status: status)))
        scene.press("2")
        #expect(scene.text.contains("Nobody has anything; not read yet: intranet, files."))
        scene.show("intranet", [])
        let words = [
            "1": "No items", "2": "Nobody has anything", "3": "You have nothing", "4": "Nobody else has anything",
            "5": "No lock is stale",
        ]
        for (key, words) in words {
            scene.press(key)
            #expect(scene.text.contains("\(words); not read yet: files."), "\(scene.text)")
        }
        scene.show("files", [])
        scene.press("2")
        #expect(scene.text.contains("Nobody has anything."))
    }

    @Test("A path with control characters is not copied")
    func hostilePath() {
        var scene = Scene.one(Scene.row("/x\nrm -rf ~\n", "X"))
        scene.press("y")
        #expect(scene.wanted().isEmpty && scene.text.contains("control characters"))
    }
}
