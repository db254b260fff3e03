// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// Nothing of another's falls unasked, and nothing is asked for that nobody can see.
@Suite struct GateTests {
    private let launch = ItemRef(server: "intranet", id: "/news/launch")
    private let autumn = ItemRef(server: "intranet", id: "/news/autumn")
    private let contract = ItemRef(server: "files", id: "/legal/contract.docx")

    private static let protectedFacts = ServerFacts(
        name: "intranet", kind: "plone", url: "https://intranet.example.org", isProtected: true)

    private static func one(_ row: Row, facts: ServerFacts = Scene.intranet) -> Scene {
        var scene = Scene(servers: [facts])
        scene.show("intranet", [row])
        scene.select("intranet", row.item.id)
        return scene
    }

    // MARK: Questions

    @Test(
        "No slip with keys that browse ends another's lock",
        arguments: [
            "F Down Enter", "F Down Down Enter", "F Up Down Enter Enter", "F PgDn Enter", "F End Enter", "F j Enter",
            "F Enter Enter Enter", "F y Enter", "F Space Enter", "D Down Enter", "D Down Down Down Enter",
        ])
    func noSlip(_ keys: String) {
        var scene = Scene.usual()
        scene.select("intranet", launch.id)
        scene.press(keys)
        #expect(scene.changes.isEmpty)
        scene = Scene.usual()
        scene.select("files", contract.id)
        scene.press(keys)
        #expect(scene.changes.isEmpty)
    }

    @Test("A box takes no key in its first third of a second")
    func boxesArm() {
        var scene = Scene.usual()
        scene.select("intranet", launch.id)
        for key in [Key.character("F"), .tab, .tab, .enter, .enter] {
            scene.time += 0.05
            scene.send(.key(key))
        }
        #expect(scene.changes.isEmpty)
        #expect(!scene.text.contains("[Cancel]"), "it shows that it takes no keys yet")
        scene.time += 0.3
        scene.send(.tick)
        #expect(scene.text.contains("[Cancel]"))
    }

    @Test("A box that opens by itself takes no key until the keyboard has been still for a second")
    func unaskedBoxesWait() {
        var scene = Scene.usual()
        scene.select("intranet", launch.id)
        scene.press("l Down")
        scene.end(Self.conflict(launch))
        #expect(scene.text.contains("Conflict") && !scene.text.contains("[Leave]"))
        scene.effects = []
        scene.press("Down Tab Enter")
        #expect(scene.changes.isEmpty && scene.text.contains("Leave") && !scene.text.contains("[Leave]"))
        scene.press("... Tab Enter")
        #expect(scene.wanted() == [.wait(launch, Wish(.lock, expecting: .free))])
    }

    @Test("No box opens over what is typed, and none replaces another: each waits for its turn")
    func boxesWaitForTheirTurn() {
        var scene = Scene.usual()
        scene.select("intranet", launch.id)
        scene.press("l /")
        scene.type("bo")
        scene.end(Self.conflict(launch))
        #expect(!scene.text.contains("Wait and take") && scene.text.contains("bob has it"))
        scene.type("b")
        #expect(scene.model.queryText == "bob")
        scene.press("Enter")
        #expect(scene.text.contains("Wait and take"))

        scene = Scene.usual()
        scene.press("4 a F Up Up")
        scene.type("on leave")
        scene.end(Self.conflict(launch))
        #expect(scene.model.dialog?.text("Reason") == "on leave")
        scene.press("Esc")
        #expect(scene.text.contains("Wait and take"))
    }

    @Test("The list at the end of a bulk does not replace a question that is being answered")
    func bulkNoteWaits() {
        var scene = Scene()
        scene.show("intranet", (0..<3).map { Scene.row("/d/\($0)", "Doc", $0 == 2 ? Scene.held(by: "bob") : nil) })
        scene.select("intranet", "/d/0")
        scene.press("Space Space l")
        let running = scene.wanted()
        scene.press("A")
        scene.select("intranet", "/d/2")
        scene.press("F Up")
        scene.type("why")
        for case .perform(let wish, let ref, _) in running {
            scene.end(OperationResult(ref: ref, path: ref.id, operation: wish.operation, outcome: .done))
        }
        #expect(scene.model.dialog?.text("Reason") == "why")
        scene.press("Esc")
        #expect(scene.text.contains("lock: 2 of 2 done"))
    }

    @Test("What is not known to be held by somebody can't be forced: there is nothing to show")
    func unknownIsNotForced() {
        for operation in ["F", "D"] {
            var scene = Scene.usual()
            scene.select("intranet", "/docs/broken")
            scene.press(operation)
            #expect(scene.text.contains("can't be asked about"))
            scene.press("Tab Enter")
            #expect(scene.changes.isEmpty)
        }
    }

    @Test("Force on what is shown free is sent with that expectation, so that whoever has it by then keeps it")
    func freeIsBound() {
        var scene = Scene.usual()
        scene.select("intranet", autumn.id)
        scene.press("F")
        #expect(scene.wanted() == [.perform(Wish(.forceUnlock, expecting: .free), autumn)])
    }

    @Test("F on another's check-out asks as D does: the name typed, and bound to what was shown")
    func forceOnCheckOut() {
        var scene = Scene.usual()
        scene.select("files", contract.id)
        scene.press("F Tab Enter")
        #expect(scene.changes.isEmpty && scene.text.contains("Type contract.docx exactly."))
        scene.type("contract.docx")
        scene.press("Tab Tab Enter")
        let lock = Scene.held(by: "carol").identity
        #expect(
            scene.wanted() == [
                .perform(Wish(.forceUnlock, expecting: .lock(lock), mayTakeFromOthers: true), contract)
            ])
    }

    @Test("On a working copy the question names who holds the original, and only that hold may fall")
    func workingCopy() {
        let hold = Scene.held(by: "alice", kind: .workingCopy, age: 7_200, left: nil)
        let rows = [
            Scene.row("/news/copy_of_autumn", "Autumn", copyOf: "/news/autumn"),
            Scene.row("/news/autumn", "Autumn", hold),
        ]
        for key in ["D", "F"] {
            var scene = Scene(servers: [Scene.intranet])
            scene.show("intranet", rows)
            scene.select("intranet", "/news/copy_of_autumn")
            scene.press(key)
            #expect(scene.text.contains("ALICE (alice)'s check-out of /news/autumn, held 2h"), "\(key)")
            scene.press("Up")
            scene.type("autumn")
            scene.press("Tab Tab Enter")
            let wanted = scene.wanted()
            guard case .perform(let wish, let ref, _)? = wanted.first, wanted.count == 1 else {
                Issue.record("\(key): \(wanted)")
                continue
            }
            #expect(wish.expectation == .lock(hold.identity) && ref.id == "/news/copy_of_autumn")
        }
        // Where the original is not known, nobody can say whose work it is.
        var scene = Self.one(rows[0])
        scene.press("D")
        #expect(scene.text.contains("is not known here"))
        scene.press("Tab Enter")
        #expect(scene.changes.isEmpty)
    }

    // MARK: Every way in

    private static let ways = [
        ("l", 0), ("r", 1), ("u", 1), ("F", 2), ("c", 0), ("i", 3), ("D", 3), ("L", 0), ("w", 2), ("K", 1), ("Z", 0),
    ]

    private static func scene(_ state: Int, _ facts: ServerFacts, isReadOnly: Bool = false) -> Scene {
        let locks = [
            nil, Scene.held(by: "admin", isMe: true), Scene.held(by: "bob"),
            Scene.held(by: "admin", isMe: true, kind: .checkout, left: nil),
        ]
        var scene = Scene(servers: [facts], isReadOnly: isReadOnly)
        scene.show("intranet", [Scene.row("/news/agm", "AGM", locks[state])])
        scene.select("intranet", "/news/agm")
        scene.model.lastReleased = [ItemRef(server: "intranet", id: "/news/agm")]
        return scene
    }

    @Test("On a protected server no way to an operation passes without the server's name typed", arguments: ways)
    func protected(_ key: String, _ state: Int) {
        var scene = Self.scene(state, Self.protectedFacts)
        scene.press("\(key) Enter Enter Tab Enter Enter Tab Enter Enter Tab Enter Enter")
        #expect(scene.changes.isEmpty, "\(key)")
        scene.send(.key(.paste("intranet")))
        scene.press("Enter Tab Enter")
        #expect(scene.changes.isEmpty, "\(key)")
        // And with it, it does.
        scene = Self.scene(state, Self.protectedFacts)
        scene.press(key)
        if ["L", "i"].contains(key) { scene.press("Enter") }
        guard let box = scene.model.dialog, let name = box.fields.firstIndex(where: { $0.mustBe == "intranet" }) else {
            Issue.record("\(key): nothing was asked")
            return
        }
        scene.model.dialog?.focus = 0
        scene.type("because")
        scene.model.dialog?.focus = name
        scene.type("intranet")
        scene.model.dialog?.focus = box.fields.count + 1
        scene.press("Enter")
        #expect(scene.changes.count == 1, "\(key)")
    }

    @Test("The conflict box's wait passes the gate too")
    func protectedWait() {
        var scene = Self.scene(2, Self.protectedFacts)
        scene.end(Self.conflict(ItemRef(server: "intranet", id: "/news/agm")))
        scene.press("... Tab Enter")
        #expect(scene.changes.isEmpty && scene.text.contains("Type intranet:"))
    }

    @Test("Read-only, of the program or of the server, holds for every way in", arguments: ways)
    func readOnly(_ key: String, _ state: Int) {
        var facts = Scene.intranet
        for isProgram in [true, false] {
            facts.isReadOnly = !isProgram
            var scene = Self.scene(state, facts, isReadOnly: isProgram)
            scene.end(Self.conflict(ItemRef(server: "intranet", id: "/news/agm")))
            scene.press("... Tab Enter Esc \(key) Tab Enter Enter Tab Enter Esc Space \(key) Tab Enter Esc")
            #expect(scene.changes.isEmpty, "\(key)")
        }
    }

    // MARK: What is on top

    @Test("A page takes no key for rows that it hides", arguments: ["?", "s", "E"])
    func pagesTakeNoKeysOfRows(_ page: String) {
        for key in Keymap.bindings.filter({ !$0.scope.contains(.page) }).flatMap(\.keys) + [.paste("l\n")] {
            var scene = Scene.usual()
            scene.select("intranet", autumn.id)
            scene.press(page)
            let before = scene.model
            scene.effects = []
            scene.send(.key(key))
            #expect(scene.changes.isEmpty && scene.wanted().isEmpty, "\(key)")
            #expect(scene.model.dialog == nil && scene.model.line == nil && scene.model.marks == before.marks, "\(key)")
            #expect(scene.model.selected == before.selected && scene.model.sort == before.sort, "\(key)")
        }
    }

    @Test("The wheel and clicks on a page move nothing beneath it")
    func pagesTakeNoMouse() {
        for page in ["?", "s", "E"] {
            var scene = Scene.usual()
            scene.select("intranet", autumn.id)
            scene.press(page)
            for row in 2..<22 {
                for kind in [Mouse.Kind.press, .doubleClick, .wheelDown, .wheelUp] {
                    scene.send(.key(.mouse(Mouse(position: Position(column: 20, row: row), kind: kind))))
                }
            }
            #expect(scene.cursorPath == autumn.id && scene.model.sort == Sort() && !scene.model.showsDetails)
        }
    }

    @Test("Marks are counted in the header, and those out of sight are named before they are acted on")
    func marksOutOfSight() {
        var scene = Scene.usual()
        scene.select("intranet", autumn.id)
        scene.press("Space")
        #expect(scene.screen[0].contains(" 1 marked "))
        scene.select("files", "/legal/offer.docx")
        scene.press("Space /")
        scene.type("offer")
        scene.press("Enter l")
        #expect(scene.changes.isEmpty)
        #expect(scene.text.contains("1 of them are out of sight") && scene.text.contains("/news/autumn (out of sight)"))
        scene.press("Enter")
        #expect(scene.changes.count == 2)
    }

    @Test("When all marked items are gone, nothing is done to the row under the cursor")
    func marksGone() {
        var scene = Scene()
        scene.show("intranet", [Scene.row("/a", "A"), Scene.row("/b", "B")])
        scene.select("intranet", "/a")
        scene.press("Space")
        scene.show("intranet", [Scene.row("/b", "B")])
        scene.press("l")
        #expect(scene.changes.isEmpty && scene.text.contains("The marked items are gone"))
        scene.press("l")
        #expect(scene.changes.count == 1)
    }

    @Test("The cursor never moves to a stranger that came when its item went")
    func strangerComes() {
        var scene = Scene()
        scene.show("intranet", [Scene.row("/a", "A"), Scene.row("/b", "B"), Scene.row("/c", "C")])
        scene.select("intranet", "/b")
        var catalog = scene.model.servers[0].catalog
        let gone = catalog.remove("/b")
        let came = catalog.put(Scene.row("/z", "Z"))
        #expect(gone != nil && gone?.id != came)
        scene.send(
            .update(
                ServerUpdate(
                    server: "intranet", catalog: catalog, changed: [came, gone?.id ?? came], events: [],
                    status: scene.model.servers[0].status)))
        #expect(scene.cursorPath == "/c" || scene.cursorPath == "/a")
    }

    // MARK: Tickets and orders

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

    // MARK: Waiting, the neighbour

    private static func checkOutOnly(_ lock: Lock?) -> Scene {
        var scene = one(Scene.row("/d/offer", "Offer", lock))
        scene.model.servers[0].status.operations[.lock] = .no("This server has no edit locks.")
        return scene
    }

    @Test("l where only check-out exists offers it, one more key away")
    func neighbour() {
        var scene = Self.checkOutOnly(nil)
        scene.press("l")
        #expect(scene.changes.isEmpty && scene.text.contains("Check-out") && scene.text.contains("no edit locks"))
        scene.press("Enter")
        #expect(scene.wanted() == [.perform(Wish(.checkOut), ItemRef(server: "intranet", id: "/d/offer"))])
        scene = Self.checkOutOnly(nil)
        scene.press("l Esc")
        #expect(scene.changes.isEmpty)
    }

    @Test("w waits for what the server has, and the conflict box for what was refused")
    func waitsForWhatIsThere() {
        let ref = ItemRef(server: "intranet", id: "/d/offer")
        var scene = Self.checkOutOnly(Scene.held(by: "carol", kind: .checkout, left: nil))
        scene.press("w")
        #expect(scene.wanted() == [.wait(ref, Wish(.checkOut, expecting: .free))])
        scene = Self.one(Scene.row("/d/offer", "Offer", Scene.held(by: "carol", kind: .checkout, left: nil)))
        scene.end(
            OperationResult(
                ref: ref, path: "/d/offer", operation: .checkOut, outcome: .refused, reason: .conflict,
                why: "carol has it."))
        scene.press("... Tab Enter")
        #expect(scene.wanted() == [.wait(ref, Wish(.checkOut, expecting: .free))])
    }

    @Test("Z locks again all that the last bulk gave up and that is still free")
    func undoOfBulk() {
        let rows = (0..<3).map { Scene.row("/d/\($0)", "D", Scene.held(by: "admin", isMe: true)) }
        var scene = Scene()
        scene.show("intranet", rows)
        scene.press("a u")
        for case .perform(let wish, let ref, _) in scene.wanted() {
            scene.end(OperationResult(ref: ref, path: ref.id, operation: wish.operation, outcome: .done))
        }
        scene.show(
            "intranet", (0..<3).map { Scene.row("/d/\($0)", "D", $0 == 1 ? Scene.held(by: "bob") : nil) })
        scene.press("... Enter Z")
        let refs = scene.wanted().compactMap { if case .perform(_, let ref, _) = $0 { ref.id } else { nil } }
        #expect(refs.sorted() == ["/d/0", "/d/2"])
    }

    // MARK: What the screen says

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
        var scene = Self.one(Scene.row("/x\nrm -rf ~\n", "X"))
        scene.press("y")
        #expect(scene.wanted().isEmpty && scene.text.contains("control characters"))
    }

    private static func conflict(_ ref: ItemRef) -> OperationResult {
        OperationResult(
            ref: ref, path: ref.id, operation: .lock, outcome: .refused, reason: .conflict, why: "bob has it.",
            before: Scene.held(by: "bob"), after: Scene.held(by: "bob"))
    }
}
