// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

@Suite("What changes is said to whoever hears the screen")
struct TellingTests {
    private static func event(_ path: String, _ kind: LockEvent.Kind, _ text: String, ours: Bool = false) -> LockEvent {
        LockEvent(
            at: Scene.now, ref: ItemRef(server: "intranet", id: path), path: path, title: "", kind: kind,
            isOurs: ours, text: text)
    }

    private func scene(_ events: [LockEvent], accessible: Bool = true, before keys: String = "g") -> Scene {
        var scene = Scene.usual()
        scene.model.look.isAccessible = accessible
        scene.press(keys)
        scene.send(
            .update(
                ServerUpdate(
                    server: "intranet", catalog: scene.model.servers[0].catalog, changed: [], events: events,
                    status: scene.model.servers[0].status)))
        return scene
    }

    @Test("The newest change is said in the message line, and how many more there were, until the next key")
    func said() {
        var scene = scene([
            Self.event("/news/agm", .released, "bob no longer has it"), Self.event("/a", .refreshed, "x refreshed it"),
            Self.event("/news/launch", .locked, "ann took it"),
        ])
        #expect(scene.screen.last == " /news/launch on intranet: ann took it; 1 more: E")
        #expect(scene.model.messages.all.isEmpty, "the events are kept, and not a second time")
        scene.press("j")
        #expect(!scene.text.contains("1 more"))
    }

    @Test("It is not said to others, nor of refreshes and of what one does oneself")
    func unsaid() {
        let news = Self.event("/news/launch", .locked, "ann took it")
        #expect(scene([news], accessible: false).model.message == nil)
        #expect(scene([Self.event("/a", .refreshed, "x refreshed it")]).model.message == nil)
        #expect(scene([Self.event("/a", .locked, "you took it", ours: true)]).model.message == nil)
    }

    @Test("It takes no line from what is typed, asked or was not read yet", arguments: ["/", ":", "q l q", "Down K"])
    func quiet(_ keys: String) {
        var before = Scene.usual()
        before.model.look.isAccessible = true
        before.press(keys)
        let after = scene([Self.event("/news/launch", .locked, "ann took it")], before: keys)
        #expect(after.screen.last == before.screen.last)
    }
}
