// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

@Suite struct KeyTests {
    private let launch = ItemRef(server: "intranet", id: "/news/launch")
    private let autumn = ItemRef(server: "intranet", id: "/news/autumn")

    @Test("^z and ^l do what they do whatever is on top", arguments: ["F", "/", "?"])
    func terminalKeys(_ key: String) {
        var scene = Scene.usual()
        scene.select("intranet", "/news/launch")
        scene.press(key + " ...")
        scene.send(.tick)
        let before = scene.text
        _ = scene.wanted()
        scene.press("^l ^z")
        #expect(scene.wanted() == [.redraw, .suspend])
        #expect(scene.text == before)
    }

    @Test("No key is bound twice")
    func noKeyTwice() {
        let keys = Keymap.bindings.flatMap(\.keys)
        #expect(Set(keys).count == keys.count)
    }

    @Test("Only keys that move, and what is typed into the filter, may act before it is known that they were typed")
    func atOnce() {
        var scene = Scene.usual()
        func atOnce() -> Set<Key> {
            Set((Keymap.bindings.flatMap(\.keys) + [.backspace, .paste("j")]).filter(scene.model.mayActAtOnce))
        }
        let moves: [Key] = [
            .up, .down, .pageUp, .pageDown, .home, .end, .control("d"), .control("u"), .character("j"),
            .character("k"), .character("g"), .character("G"),
        ]
        #expect(atOnce() == Set(moves))
        scene.press("?")
        #expect(atOnce() == Set(moves))
        scene.press("Esc /")
        #expect(atOnce().allSatisfy { if case .character = $0 { true } else { $0 == .backspace } })
        #expect(scene.model.mayActAtOnce(.character("l")) && !scene.model.mayActAtOnce(.enter))
        scene.press("Esc")
        scene.select("intranet", launch.id)
        scene.press("F")
        #expect(scene.model.dialog != nil && atOnce() == [])
    }

    @Test("Every operation has a key that needs it")
    func everyOperationHasAKey() {
        for operation in Operation.allCases {
            #expect(Keymap.bindings.contains { $0.action == .perform(operation) && $0.needs == operation })
        }
    }

    @Test("l asks for a lock at once, and shows that it is under way")
    func lockAtOnce() {
        var scene = Scene.usual()
        scene.select("intranet", autumn.id)
        scene.press("l")
        #expect(scene.wanted() == [.perform(Wish(.lock), autumn)])
        #expect(scene.text.contains("lock…"))
        scene.press("l")
        #expect(scene.wanted().isEmpty, "the same item is not asked for twice")
    }

    @Test("F asks first: no key that a held-down F, y or Enter sends breaks a lock")
    func forceAsksFirst() {
        for keys in ["F F F F", "F y y", "F Enter", "F Enter Enter F Enter", "F Esc", "F Space Enter"] {
            var scene = Scene.usual()
            scene.select("intranet", launch.id)
            scene.press(keys)
            #expect(!scene.wanted().contains { if case .perform = $0 { true } else { false } }, "\(keys)")
        }
    }

    @Test("Pasted text never confirms a question")
    func pasteNeverConfirms() {
        var scene = Scene.usual()
        scene.select("intranet", launch.id)
        scene.press("F")
        scene.send(.key(.paste("y\n\t\n\nyes\n")))
        #expect(scene.wanted().isEmpty)
        #expect(scene.model.dialog != nil)
    }

    @Test("F, Tab, Enter ends the lock that the question showed, with the reason that was typed")
    func forceConfirmed() {
        var scene = Scene.usual()
        scene.select("intranet", launch.id)
        scene.press("F Up")
        scene.type("on leave")
        scene.press("Enter Right Enter")
        let identity = Scene.held(by: "bob").identity
        let wish = Wish(.forceUnlock, expecting: .lock(identity), mayTakeFromOthers: true, reason: "on leave")
        #expect(scene.wanted() == [.perform(wish, launch)])
    }

    @Test("Discarding another's check-out wants the item's name typed, and pasting it is not typing")
    func discardWantsTheName() {
        var scene = Scene.usual()
        scene.select("files", "/legal/contract.docx")
        scene.press("D Tab Enter")
        #expect(scene.wanted().isEmpty)
        #expect(scene.text.contains("Type contract.docx exactly."))
        scene.send(.key(.paste("contract.docx")))
        scene.press("Enter Tab Enter")
        #expect(scene.wanted().isEmpty)
        scene.model.dialog?.focus = 1
        scene.type("contract.docx")
        scene.press("Enter Tab Enter")
        let wanted = scene.wanted()
        #expect(wanted.count == 1)
        guard case .perform(let wish, _, _)? = wanted.first else { return #expect(Bool(false), "nothing was wanted") }
        #expect(wish.operation == .discard && wish.mayTakeFromOthers)
        #expect(wish.expectation == .lock(Scene.held(by: "carol").identity))
    }

    @Test("A conflict opens a box that offers to wait, to force, and to leave, which is chosen")
    func conflictBox() {
        var scene = Scene.usual()
        let result = OperationResult(
            ref: launch, path: launch.id, operation: .lock, outcome: .refused, reason: .conflict, why: "bob has it.",
            before: Scene.held(by: "bob"), after: Scene.held(by: "bob"))
        scene.end((result))
        #expect(scene.text.contains("Wait and take"))
        scene.press("... Tab Enter")
        #expect(scene.wanted() == [.wait(launch, Wish(.lock, expecting: .free))])
        scene.end((result))
        scene.press("... Tab Tab Enter")
        #expect(scene.text.contains("Force-unlock"))
        #expect(scene.wanted().isEmpty)
    }

    @Test("A further step that the server wants is a box, and its address can be copied")
    func furtherStep() {
        var scene = Scene.usual()
        let why = "crm wants you to open a page: https://crm.example.org/lock?id=7"
        scene.end(
            (OperationResult(
                ref: autumn, path: autumn.id, operation: .checkOut, outcome: .refused, reason: .needsAction,
                why: why)))
        #expect(scene.text.contains("A further step"))
        scene.press("... Tab Enter")
        #expect(scene.wanted() == [.copy("https://crm.example.org/lock?id=7")])
    }

    @Test("Marks make an operation act on all of them, four at a time, and end in a list")
    func bulk() {
        var scene = Scene()
        scene.show("intranet", (0..<10).map { Scene.row("/d/\($0)", "Doc") })
        scene.press("a l")
        var wanted = scene.wanted()
        #expect(wanted.count == 4)
        var answered = 0
        while !wanted.isEmpty {
            for case .perform(let wish, let ref, _) in wanted {
                answered += 1
                scene.end((OperationResult(ref: ref, path: ref.id, operation: wish.operation, outcome: .done)))
            }
            wanted = scene.wanted()
        }
        #expect(answered == 10)
        #expect(scene.text.contains("lock: 10 of 10 done"))
        #expect(scene.model.marks.isEmpty)
    }

    @Test("Esc stops a bulk operation: what is under way ends, the rest is not tried")
    func bulkStops() {
        var scene = Scene()
        scene.show("intranet", (0..<10).map { Scene.row("/d/\($0)", "Doc") })
        scene.press("a l Esc")
        for case .perform(let wish, let ref, _) in scene.wanted() {
            scene.end((OperationResult(ref: ref, path: ref.id, operation: wish.operation, outcome: .done)))
        }
        #expect(scene.wanted().isEmpty)
        #expect(scene.text.contains("Not tried: 6"))
    }

    @Test("In read-only mode no key asks for a change")
    func readOnly() {
        var scene = Scene(isReadOnly: true)
        scene.show("intranet", [Scene.row("/a", "A"), Scene.row("/b", "B", Scene.held(by: "bob"))])
        for key in ["l", "r", "u", "F", "c", "i", "D", "L", "Z", "w"] {
            scene.press("\(key) Tab Enter Esc a \(key) Tab Enter Esc A Down")
        }
        let changes = scene.wanted().filter {
            if case .perform = $0 { true } else if case .wait = $0 { true } else { false }
        }
        #expect(changes.allSatisfy { _ in false }, "\(changes)")
    }

    @Test("A filter narrows the table while it is typed; Esc takes it back, Enter keeps it")
    func filter() {
        var scene = Scene.usual()
        scene.press("/")
        scene.type("launch")
        #expect(scene.model.list.count == 1)
        scene.press("Esc")
        #expect(scene.model.list.count == 8)
        scene.press("/")
        scene.type("holder:bob")
        scene.press("Enter")
        #expect(scene.model.list.count == 1)
        #expect(scene.cursorPath == "/news/launch")
        scene.press("Esc")
        #expect(scene.model.list.count == 8)
    }

    @Test("The cursor stays on its item wherever that goes")
    func cursorFollows() {
        var scene = Scene()
        scene.show("intranet", (0..<50).map { Scene.row("/d/\($0 + 10)", "Doc") })
        scene.press("Down Down Down")
        #expect(scene.cursorPath == "/d/13")
        scene.show(
            "intranet",
            (0..<50).map { Scene.row("/d/\($0 + 10)", "Doc", $0 == 40 || $0 == 3 ? Scene.held(by: "bob") : nil) })
        #expect(scene.cursorPath == "/d/13")
        #expect(scene.screen[3].contains("/d/13"))
        scene.show("intranet", (0..<50).filter { $0 != 3 }.map { Scene.row("/d/\($0 + 10)", "Doc") })
        #expect(scene.cursorPath != nil)
    }

    @Test("What is on screen is told to the engine, by server, when it changes")
    func tellsWhatIsShown() {
        var scene = Scene(Size(columns: 80, rows: 10))
        scene.show("intranet", (0..<100).map { Scene.row("/d/\($0 + 100)", "Doc") })
        let first = scene.effects.compactMap { if case .show(let ids) = $0 { ids } else { nil } }.last
        #expect(first?["intranet"]?.first == "/d/100")
        scene.effects = []
        scene.press("End")
        let last = scene.effects.compactMap { if case .show(let ids) = $0 { ids } else { nil } }.last
        #expect(last?["intranet"]?.last == "/d/199")
        scene.effects = []
        scene.send(.tick)
        #expect(scene.effects.isEmpty)
    }

    @Test("Z locks again what was released last, if it is still free")
    func undo() {
        var scene = Scene.usual()
        scene.end((OperationResult(ref: autumn, path: autumn.id, operation: .unlock, outcome: .done)))
        scene.press("Z")
        #expect(scene.wanted() == [.perform(Wish(.lock, expecting: .free, reason: "undo"), autumn)])
        scene.end((OperationResult(ref: launch, path: launch.id, operation: .forceUnlock, outcome: .done)))
        scene.press("Z")
        #expect(scene.wanted().isEmpty, "bob has it again")
    }

    @Test("q leaves at once when nothing is under way, and asks when something is")
    func quit() {
        var scene = Scene.usual()
        scene.press("q")
        #expect(scene.wanted() == [.quit])
        scene = Scene.usual()
        scene.select("intranet", autumn.id)
        scene.press("l q")
        #expect(!scene.model.wantsToQuit)
        scene.press("Tab Enter")
        #expect(scene.model.wantsToQuit)
    }

    @Test("Of one hundred thousand keys at random none changes what somebody has without a completed question")
    func monkey() {
        var random = SeededRandom(42)
        func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        let keys: [Key] =
            Keymap.bindings.flatMap(\.keys).filter { $0 != .character("q") && $0 != .control("c") }
            + "abcxyz0189 -:/".map { .character($0) }
            + [.enter, .enter, .enter, .tab, .tab, .escape, .left, .right, .backspace, .paste("x\ny")]
        var files = Scene.files
        files.isProtected = true
        var scene = Scene(Size(columns: 60, rows: 20), servers: [Scene.intranet, files])
        func rows(_ shift: Int) -> [Row] {
            (0..<30).map { number in
                let lock: Lock? =
                    switch (number + shift) % 5 {
                    case 0: Scene.held(by: "bob")
                    case 1: Scene.held(by: "admin", isMe: true)
                    case 2: Scene.held(by: "carol", kind: .checkout, left: nil)
                    default: nil
                    }
                return Scene.row("/a/\(number)", "A", lock)
            }
        }
        var (asked, harmless) = (0, 0)
        for step in 0..<100_000 {
            if step % 500 == 0 {
                scene.show("intranet", rows(step / 500))
                scene.show("files", rows(step / 500 + 1))
            }
            scene.time += random.next() % 3 == 0 ? 0.1 : 1.5
            var key = keys[pick(keys.count)]
            // In a box it is a clever monkey: it finds the buttons, and now and then types what is wanted.
            if let box = scene.model.dialog, pick(2) == 0 {
                key = [.tab, .enter, .left, .right][pick(4)]
                if box.focus < box.fields.count, let word = box.fields[box.focus].mustBe { scene.type(word) }
            }
            let box = scene.model.dialog
            scene.send(.key(key))
            if step % 97 == 0 {
                scene.send(.resized(Size(columns: pick(120) + 1, rows: pick(40) + 1)))
                _ = view(scene.model)
            }
            // A bulk goes on by itself when one of its four has ended: that was asked about before.
            var isFirst = true
            while !scene.effects.isEmpty {
                let effects = scene.effects
                scene.effects = []
                for case .perform(let wish, let ref, let ticket) in effects {
                    if wish.operation.endsSomething && wish.expectation != .free || ref.server == "files" {
                        asked += 1
                        if isFirst {
                            #expect(
                                key == .enter && Self.confirms(box, wish, ref),
                                "\(wish) on \(ref) by \(key) at \(step)")
                        }
                    } else {
                        harmless += 1
                    }
                    let outcome = Outcome.allCases[pick(Outcome.allCases.count)]
                    scene.send(
                        .ended(
                            OperationResult(
                                ref: ref, path: ref.id, operation: wish.operation, outcome: outcome,
                                reason: outcome == .refused ? .conflict : nil, why: "So it is."), ticket))
                }
                isFirst = false
            }
        }
        #expect(asked > 20 && harmless > 100, "the monkey got somewhere: \(asked), \(harmless)")
    }

    /// Whether Enter in that box confirms a question that shows exactly this.
    private static func confirms(_ box: Dialog?, _ wish: Wish, _ ref: ItemRef) -> Bool {
        guard let box else { return false }
        return box.buttons.contains { button in
            guard case .confirm(let question, .perform) = button.choice, var shown = question.wishes[ref] else {
                return false
            }
            shown.reason = wish.reason
            return shown == wish && box.fields.allSatisfy(\.isFilled)
        }
    }
}

/// Numbers that are the same in every run.
struct SeededRandom {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
