// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// What is ordered comes back by its ticket, and the screen shows what the watches report.
@Suite struct OrderTests {
    @Test("A check-in or discard from a working copy's row ends, whatever item its result names")
    func ticketsEnd() {
        let hold = Scene.held(by: "admin", isMe: true, kind: .workingCopy, left: nil)
        var scene = Scene()
        scene.show(
            "intranet",
            (0..<2).flatMap { number in
                [
                    Scene.row("/n/\(number)", "N", hold),
                    Scene.row("/n/copy_\(number)", "N", copyOf: "/n/\(number)"),
                ]
            })
        scene.select("intranet", "/n/copy_0")
        scene.press("Space")
        scene.select("intranet", "/n/copy_1")
        scene.press("Space i Enter")
        let tickets = scene.effects.compactMap { if case .perform(_, _, let ticket) = $0 { ticket } else { nil } }
        #expect(tickets.count == 2)
        for (number, ticket) in tickets.enumerated() {
            let ref = ItemRef(server: "intranet", id: "/n/\(number)")
            scene.send(
                .ended(OperationResult(ref: ref, path: ref.id, operation: .checkIn, outcome: .done), ticket))
        }
        #expect(scene.model.undertakings.isEmpty && scene.model.bulk == nil)
        #expect(scene.text.contains("check-in: 2 of 2 done"))
        scene.press("... Enter")
        scene.press("q")
        #expect(scene.model.wantsToQuit)
    }

    @Test("The header shows the pause and the poll that the watches report, not what was ordered")
    func reported() {
        var scene = Scene.usual()
        scene.press(". - -")
        #expect(scene.wanted() == [.setPaused(true), .setPoll(2), .setPoll(1)])
        #expect(!scene.screen[0].contains("PAUSED") && scene.screen[0].contains("every 5s"))
        for index in scene.model.servers.indices {
            scene.model.servers[index].status.isPaused = true
            scene.model.servers[index].status.poll = index == 0 ? 1 : 15
        }
        #expect(scene.screen[0].contains("PAUSED"))
        for index in scene.model.servers.indices { scene.model.servers[index].status.isPaused = false }
        #expect(scene.screen[0].contains("every 1s-15s"))
    }

    @Test("A server's own poll and a service's floor are named when the pace is changed")
    func ownPace() {
        var files = Scene.files
        files.pace = Pace(poll: 5, floor: 15)
        var scene = Scene(servers: [Scene.intranet, files])
        scene.press("-")
        #expect(scene.text.contains("files keeps its own pace."))
        #expect(files.pace.poll(wanted: 2) == 15 && Pace(poll: 60, isOwn: true).poll(wanted: 2) == 60)
    }
}
