// SPDX-License-Identifier: MIT
import Canvas
import Locks
import Testing

@testable import Dashboard

@Suite("A listing that is not whole")
struct LackingTests {
    @Test("says so in the header, and why on the servers' page")
    func lacking() {
        var scene = Scene.usual(Size(columns: 120, rows: 40))
        var status = scene.model.servers[0].status
        #expect(!scene.text.contains("listing incomplete"))
        status.lacks = LockError(.nonsense, "Page 7 can't be read.")
        let catalog = scene.model.servers[0].catalog
        scene.send(
            .update(ServerUpdate(server: "intranet", catalog: catalog, changed: [], events: [], status: status)))
        #expect(scene.screen.first?.contains("listing incomplete") ?? false, "\(scene.text)")
        scene.press("s")
        #expect(scene.text.contains("Page 7 can't be read."))
    }
}
