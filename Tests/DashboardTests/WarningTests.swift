// SPDX-License-Identifier: MIT
import Locks
import Testing

@testable import Dashboard

/// What goes wrong beside what was asked for.
@Suite struct WarningTests {
    private let ref = ItemRef(server: "intranet", id: "/news/launch")

    @Test("A warning is shown until a key is pressed, and then the next one, each once")
    func oneAfterTheOther() {
        var scene = Scene.usual()
        scene.send(.warned("Events can't be kept."))
        scene.send(.warned("Rows can't be kept."))
        scene.send(.tick)
        #expect(scene.text.contains("Events can't be kept.") && !scene.text.contains("Rows can't be kept."))
        scene.press("j")
        #expect(!scene.text.contains("Events can't be kept.") && scene.text.contains("Rows can't be kept."))
        scene.press("j")
        #expect(!scene.text.contains("can't be kept."))
    }

    @Test("What an operation says goes before a warning, and pushes none out unseen")
    func afterResults() {
        var scene = Scene.usual()
        scene.send(.warned("The result of an operation can't be written."))
        #expect(scene.text.contains("can't be written."))
        scene.end(OperationResult(ref: ref, path: ref.id, operation: .lock, outcome: .done))
        #expect(scene.text.contains("You locked") && !scene.text.contains("can't be written."))
        scene.press("j")
        #expect(scene.text.contains("can't be written."))
        scene.press("j")
        #expect(!scene.text.contains("can't be written."))
    }
}
