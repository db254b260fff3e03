// SPDX-License-Identifier: MIT
import Locks

@testable import Dashboard

extension Scene {
    /// One row, with the cursor on it.
    static func one(_ row: Row, facts: ServerFacts = Scene.intranet) -> Scene {
        var scene = Scene(servers: [facts])
        scene.show("intranet", [row])
        scene.select("intranet", row.item.id)
        return scene
    }

    /// How a lock ends that bob was quicker to take.
    static func conflict(_ ref: ItemRef) -> OperationResult {
        OperationResult(
            ref: ref, path: ref.id, operation: .lock, outcome: .refused, reason: .conflict, why: "bob has it.",
            before: Scene.held(by: "bob"), after: Scene.held(by: "bob"))
    }
}
