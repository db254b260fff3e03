// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import TestSupport
import Testing

@testable import Dashboard

/// Golden frames: what each screen looks like, in text and style, at five sizes and in ASCII.
@Suite struct FrameTests {
    static let sizes = [
        Size(columns: 80, rows: 24), Size(columns: 120, rows: 30), Size(columns: 200, rows: 50),
        Size(columns: 40, rows: 10),
    ]

    static let scenes: [(name: String, make: @Sendable (Size) -> Scene)] = [
        ("table", { Scene.usual($0) }),
        ("connecting", { Scene($0) }),
        ("details", { with(Scene.usual($0)) { $0.press("Down Enter") } }),
        ("help", { with(Scene.usual($0)) { $0.press("?") } }),
        ("servers", { with(Scene.usual($0)) { $0.press("s") } }),
        ("all-events", { with(Scene.usual($0)) { $0.press("E") } }),
        ("server", { with(Scene.usual($0)) { $0.press("s Down Enter") } }),
        (
            "servers-down",
            {
                with(Scene.usual($0)) {
                    serverDown(&$0); $0.press("s")
                }
            }
        ),
        ("people", { with(Scene.usual($0)) { $0.press("p") } }),
        (
            "person",
            {
                with(Scene.usual($0)) {
                    $0.press("p"); $0.press("Down Down Enter")
                }
            }
        ),
        ("release-all", { with(Scene.usual($0)) { $0.press("p o o o o Down F") } }),
        (
            "events-filter",
            {
                with(Scene.usual($0)) {
                    $0.press("E /"); $0.type("holder:bob")
                }
            }
        ),
        (
            "waits",
            {
                with(Scene.usual($0)) {
                    $0.waits(for: "/news/launch")
                    $0.press("W")
                }
            }
        ),
        ("columns", { with(Scene.usual($0)) { $0.press("| Down Down Space Down <") } }),
        ("columns-chosen", { with(Scene.usual($0)) { $0.press("| Down Space Down Down Down < < < Enter") } }),
        ("groups", { with(Scene.usual($0)) { $0.press("b") } }),
        ("groups-folded", { with(Scene.usual($0)) { $0.press("b b b Left Down Space") } }),
        (
            "saved-view",
            {
                with(Scene.usual($0)) {
                    $0.model.setViews([("legal", "server:files path:/legal"), ("bobs", "holder:bob")]); $0.press("7")
                }
            }
        ),
        (
            "keys-changed",
            {
                with(Scene.usual($0)) {
                    $0.model.setKeys([("force-unlock", "X"), ("help", "F12"), ("lock", "^t")]); $0.press("Down Enter")
                }
            }
        ),
        ("messages", { with(Scene.usual($0)) { $0.press("u . Down o R M Down") } }),
        (
            "command",
            {
                with(Scene.usual($0)) {
                    $0.press(":"); $0.type("lo")
                }
            }
        ),
        (
            "command-wrong",
            {
                with(Scene.usual($0)) {
                    $0.press(":"); $0.type("lokc"); $0.press("Enter")
                }
            }
        ),
        (
            "filter",
            {
                with(Scene.usual($0)) {
                    $0.press("/"); $0.type("holder:bo")
                }
            }
        ),
        (
            "bad-filter",
            {
                with(Scene.usual($0)) {
                    $0.press("/"); $0.type("hodler:bob"); $0.press("Enter")
                }
            }
        ),
        ("view-others", { with(Scene.usual($0)) { $0.press("4") } }),
        ("marks", { with(Scene.usual($0)) { $0.press("Space Space") } }),
        (
            "force",
            {
                with(Scene.usual($0)) {
                    $0.select("intranet", "/news/launch"); $0.press("F")
                }
            }
        ),
        ("force-many", { with(Scene.usual($0)) { $0.press("a F") } }),
        (
            "discard-others",
            {
                with(Scene.usual($0)) {
                    $0.select("files", "/legal/contract.docx"); $0.press("D")
                }
            }
        ),
        (
            "lock-options",
            {
                with(Scene.usual($0)) {
                    $0.select("intranet", "/news/autumn"); $0.press("L")
                }
            }
        ),
        ("conflict", { with(Scene.usual($0)) { $0.end(conflict) } }),
        (
            "leave",
            {
                with(Scene.usual($0)) {
                    $0.select("intranet", "/news/autumn"); $0.press("l q")
                }
            }
        ),
        ("server-down", { with(Scene.usual($0)) { serverDown(&$0) } }),
        (
            "old-readings",
            {
                with(Scene.usual($0)) {
                    $0.time += 120; $0.send(.tick)
                }
            }
        ),
        ("hostile", { hostile($0) }),
        ("empty", { with(Scene($0)) { $0.show("intranet", []) } }),
        ("protected", { protected($0) }),
        ("bulk-result", { with(Scene.usual($0)) { bulk(&$0) } }),
    ]

    private static func with(_ scene: Scene, _ change: (inout Scene) -> Void) -> Scene {
        var scene = scene
        change(&scene)
        if scene.model.dialog != nil {
            // So that the box takes keys.
            scene.time += 1.5
            scene.send(.tick)
        }
        return scene
    }

    private static let conflict = OperationResult(
        ref: ItemRef(server: "intranet", id: "/news/launch"), path: "/news/launch", operation: .lock, outcome: .refused,
        reason: .conflict, why: "bob has it.", before: Scene.held(by: "bob", age: 57_600),
        after: Scene.held(by: "bob", age: 57_600))

    private static func serverDown(_ scene: inout Scene) {
        let error = LockError(
            .unreachable, "intranet: Nothing listens at intranet.example.org:443.", advice: "Look at it.")
        let rows = Array(scene.model.servers[0].catalog.rows)
        scene.time += 60
        scene.show("intranet", rows, phase: .failing(error, nextTry: scene.time + 40))
    }

    private static func hostile(_ size: Size) -> Scene {
        var scene = Scene(size)
        scene.show(
            "intranet",
            [
                Scene.row(
                    "/x/\u{1b}[2J\u{1b}]0;owned\u{7}", "\u{202e}evil\u{9b}31m", Scene.held(by: "b\u{1b}[31mob\r\n")),
                Scene.row("/x/🔒契約書\u{200b}", "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", Scene.held(by: "田中")),
            ])
        return scene
    }

    private static func protected(_ size: Size) -> Scene {
        var facts = Scene.intranet
        facts.isProtected = true
        facts.insecurity = "INSECURE: certificates are not verified"
        var scene = Scene(size, servers: [facts])
        scene.show("intranet", [Scene.row("/news/agm", "AGM")])
        scene.press("l")
        return scene
    }

    private static func bulk(_ scene: inout Scene) {
        // Two of the three: the check-out would want its name typed.
        scene.press("4 Space Down Space F Tab Enter")
        for case .perform(let wish, let ref, _) in scene.effects {
            let isBob = ref.id == "/news/launch"
            scene.end(
                (OperationResult(
                    ref: ref, path: ref.id, operation: wish.operation, outcome: isBob ? .done : .refused,
                    reason: isBob ? nil : .changed, why: isBob ? "" : "It is another lock by now.")))
        }
    }

    @Test("Every screen looks as it was approved, at every size", arguments: scenes.map(\.name), sizes)
    func looks(name: String, size: Size) throws {
        let make = try #require(Self.scenes.first { $0.name == name }).make
        let frame = view(make(size).model)
        try Golden.check(frame.snapshot, named: "\(name)/\(size.columns)x\(size.rows)")
    }

    @Test("In ASCII every screen is ASCII but for the text of servers", arguments: scenes.map(\.name))
    func looksInASCII(name: String) throws {
        var scene = try #require(Self.scenes.first { $0.name == name }).make(Size(columns: 80, rows: 24))
        scene.model.look.isASCII = true
        let frame = view(scene.model)
        try Golden.check(frame.snapshot, named: "\(name)/ascii")
        let ours = frame.lines.filter { !$0.contains("契約") }
        if name != "hostile" { #expect(ours.allSatisfy { $0.allSatisfy(\.isASCII) }) }
    }

    @Test("No size breaks any screen", arguments: scenes.map(\.name))
    func anySize(name: String) throws {
        let make = try #require(Self.scenes.first { $0.name == name }).make
        for columns in [1, 2, 5, 10, 20, 41, 79, 119, 300] {
            for rows in [1, 2, 3, 4, 5, 9, 13, 100] {
                var scene = make(Size(columns: columns, rows: rows))
                scene.send(.resized(Size(columns: columns, rows: rows)))
                let frame = view(scene.model)
                #expect(frame.lines.count == rows)
                #expect(frame.lines.allSatisfy { Text.width($0) <= columns })
            }
        }
    }

    @Test("Low bandwidth and accessible looks differ only where they should")
    func otherLooks() throws {
        var scene = Scene.usual()
        scene.model.look.isLowBandwidth = true
        try Golden.check(view(scene.model).snapshot, named: "looks/low-bandwidth")
        scene.model.look.isLowBandwidth = false
        scene.model.look.isAccessible = true
        try Golden.check(view(scene.model).snapshot, named: "looks/accessible")
        scene.model.look.isAccessible = false
        scene.model.look.hasClock = false
        #expect(!view(scene.model).lines[0].contains("14:02"))
    }
}
