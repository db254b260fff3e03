// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks
import Testing

@testable import Dashboard

/// Pages have cursors, filters and keys of their own.
@Suite struct PageTests {
    private static func event(_ path: String, _ text: String, at age: Double, before: String? = nil) -> LockEvent {
        LockEvent(
            at: Scene.now - age, ref: ItemRef(server: "intranet", id: path), path: path, title: "T",
            kind: before == nil ? .locked : .released, before: before.map { Scene.held(by: $0) }, text: text)
    }

    // MARK: The stack

    @Test("Esc leads back page by page, and each keeps its cursor")
    func back() {
        var scene = Scene.usual()
        scene.press("s Down E M")
        #expect(scene.text.contains("MESSAGES"))
        scene.press("Esc")
        #expect(scene.text.contains("EVENTS"))
        scene.press("Esc")
        #expect(scene.text.contains("SERVERS") && scene.screen.contains { $0.hasPrefix(" ▸ files") })
        scene.press("Esc")
        #expect(scene.model.layers.isEmpty && scene.text.contains("HOLDER"))
    }

    @Test("The key of a page that is open leads back to it, and once more closes it")
    func toggling() {
        var scene = Scene.usual()
        scene.press("p s p")
        #expect(scene.text.contains("PEOPLE") && scene.model.layers.count == 1)
        scene.press("p")
        #expect(scene.model.layers.isEmpty)
    }

    @Test("A view's key leads from any page to the table")
    func viewsLeadHome() {
        var scene = Scene.usual()
        scene.press("p Enter 2")
        #expect(scene.model.layers.isEmpty && scene.model.view == .held)
    }

    // MARK: Events

    @Test("The cursor of the events stays on its event while new ones come in above it")
    func eventsKeepCursor() {
        var scene = Scene.usual()
        scene.press("E Down")
        let status = scene.model.servers[0].status
        let catalog = scene.model.servers[0].catalog
        let news = (0..<1_200).map { Self.event("/news/agm", "number \($0)", at: 0) }
        scene.send(
            .update(
                ServerUpdate(
                    server: "intranet", catalog: catalog, changed: [], events: Array(news.prefix(900)), status: status))
        )
        #expect(scene.screen.contains { $0.contains("▸") && $0.contains("conflict") }, "\(scene.text)")
        scene.send(
            .update(ServerUpdate(server: "intranet", catalog: catalog, changed: [], events: news, status: status)))
        #expect(scene.model.events.count == 1_000 && scene.screen.contains { $0.contains("▸") })
    }

    @Test("A filter over events finds a holder's releases too, and Esc takes it away before the page")
    func eventsFilter() {
        var scene = Scene.usual()
        scene.model.events.append(Self.event("/docs/plan", "bob no longer has it", at: 1, before: "bob"))
        scene.press("E /")
        scene.type("holder:bob")
        scene.press("Enter")
        #expect(scene.text.contains("/docs/plan") && !scene.text.contains("contract.docx"))
        scene.press("Esc")
        #expect(scene.text.contains("contract.docx") && scene.text.contains("EVENTS"))
        scene.press("/")
        scene.type("hodler:x")
        #expect(scene.text.contains("Did you mean holder:?"))
        scene.press("Enter")
        #expect(scene.model.line != nil)
        scene.press("Esc Esc")
        #expect(scene.model.layers.isEmpty && scene.model.queryText.isEmpty)
    }

    @Test("What is typed for a page filters nothing beneath it")
    func pageFilterIsItsOwn() {
        var scene = Scene.usual()
        let rows = scene.model.list.count
        scene.press("E /")
        scene.type("nothing")
        #expect(scene.model.list.count == rows && scene.model.queryText.isEmpty)
    }

    @Test("Enter on an event goes to its item, past a filter and a view that hide it")
    func eventToItem() {
        var scene = Scene.usual()
        scene.press("3 /")
        scene.type("agm")
        scene.press("Enter E Enter")
        #expect(scene.cursorPath == "/news/launch" && scene.model.layers.isEmpty)
        #expect(scene.model.list.place(of: scene.model.selected!) != nil)
    }

    @Test("An event of an item that is gone says so, and stays")
    func eventOfGoneItem() {
        var scene = Scene.usual()
        scene.model.events.append(Self.event("/gone", "bob took it", at: 0))
        scene.press("E Enter")
        #expect(scene.text.contains("intranet:/gone is not among the items any more.") && scene.text.contains("EVENTS"))
    }

    // MARK: Servers

    @Test("R on a server reads that one alone, and Enter shows it whole")
    func servers() {
        var scene = Scene.usual()
        scene.press("s Down R")
        #expect(scene.wanted() == [.readServer("files")])
        scene.press("Enter")
        #expect(scene.text.contains("Signed in  Ada Admin (admin)") && scene.text.contains("force-unlock yes"))
        scene.press("R")
        #expect(scene.wanted() == [.readServer("files")])
        scene.press("Esc")
        #expect(scene.screen.contains { $0.hasPrefix(" ▸ files") })
    }

    @Test("The next try is told to the second when it is less than a minute away")
    func nextTry() {
        var scene = Scene.usual()
        let rows = Array(scene.model.servers[0].catalog.rows)
        let error = LockError(.unreachable, "intranet: It is silent.")
        scene.show("intranet", rows, phase: .failing(error, nextTry: scene.time + 40))
        scene.press("s")
        #expect(scene.text.contains("14:02:40"))
        scene.show("intranet", rows, phase: .failing(error, nextTry: scene.time + 400))
        #expect(scene.text.contains(" 14:08 "))
    }

    @Test("When a server is tried again can be read at 40 columns, whatever else is cut")
    func nextTryOnSmallScreens() {
        var scene = Scene.usual(Size(columns: 40, rows: 10))
        let rows = Array(scene.model.servers[0].catalog.rows)
        let error = LockError(.unreachable, "intranet: It is silent.")
        scene.show("intranet", rows, phase: .failing(error, nextTry: scene.time + 400))
        #expect(scene.screen.contains { $0.hasPrefix(" intranet  next try 14:08") })
    }

    @Test("What a server can do is not told before it is signed in")
    func notSignedIn() {
        var scene = Scene(Size(columns: 200, rows: 50))
        scene.press("s")
        #expect(scene.screen.contains { $0.contains("connecting") && $0.contains(" ? ") })
        scene.press("Enter")
        #expect(scene.text.contains("What can be done there is told once it is signed in."))
        #expect(!scene.text.contains(" yes"))
    }

    @Test("How much of its budget a server takes is told by what its watch counted")
    func budget() {
        var scene = Scene.usual(Size(columns: 120, rows: 30))
        var status = scene.model.servers[0].status
        let catalog = scene.model.servers[0].catalog
        scene.press("s")
        for second in 1...10 {
            scene.time = Scene.now + Double(second)
            status.requests = second * 3
            scene.send(
                .update(ServerUpdate(server: "intranet", catalog: catalog, changed: [], events: [], status: status)))
        }
        #expect(scene.text.contains(" 3/10 "), "\(scene.text)")
    }

    // MARK: Messages

    @Test("What the message line said can be read after the next key took it away")
    func messages() {
        var scene = Scene.usual()
        scene.press("y R")
        scene.press("M")
        #expect(scene.text.contains("Reading what is on screen.") && scene.text.contains("is in the clipboard"))
        scene.press("Esc /")
        scene.type("hodler:b")
        scene.press("Esc M")
        #expect(!scene.text.contains("hodler"))
    }

    // MARK: Waits

    @Test("w on the page of waits calls the selected one off, and Enter goes to it")
    func waits() {
        var scene = Scene.usual()
        scene.press("W")
        #expect(scene.text.contains("Nothing. Press w on an item"))
        scene.waits(for: "/news/launch")
        scene.waits(for: "/docs/handbook")
        #expect(scene.screen.contains { $0.hasPrefix(" ▸ /docs/handbook") && $0.contains("gone") })
        scene.press("Down w")
        #expect(scene.wanted() == [.cancelWait(ItemRef(server: "intranet", id: "/news/launch"))])
        scene.press("Enter")
        #expect(scene.cursorPath == "/news/launch" && scene.model.layers.isEmpty)
    }

    // MARK: Details

    @Test("The details tell what happened in earlier runs too, refreshes counted, and who waits")
    func story() {
        let ref = ItemRef(server: "intranet", id: "/news/launch")
        func event(_ seq: Int64, _ kind: LockEvent.Kind, _ text: String) -> LockEvent {
            LockEvent(
                seq: seq, at: Scene.now - 1_000 + Double(seq), ref: ref, path: ref.id, title: "T", kind: kind,
                after: Scene.held(by: "bob"), text: text)
        }
        var scene = Scene.usual(Size(columns: 200, rows: 50))
        scene.model.events = [event(4, .refreshed, "bob refreshed it"), event(5, .conflict, "conflict: you asked")]
        scene.select("intranet", ref.id)
        scene.press("Enter")
        #expect(scene.effects.contains(.story(ref)))
        let before = [
            event(1, .locked, "bob took it"), event(2, .refreshed, "bob refreshed it"),
            event(3, .refreshed, "bob refreshed it"), event(4, .refreshed, "bob refreshed it"),
        ]
        scene.send(.story(ItemRef(server: "intranet", id: "/other"), [event(9, .stolen, "of another")]))
        scene.send(.story(ref, before))
        scene.waits(for: ref.id)
        #expect(scene.text.contains("bob took it") && scene.text.contains("bob refreshed it, 3 times in a row"))
        #expect(scene.text.contains("conflict: you asked") && scene.text.contains("You wait for it"))
        #expect(!scene.text.contains("of another"))
        scene.effects = []
        scene.press("Down Up")
        #expect(scene.effects.contains(.story(ref)))
        scene.press("Esc Down Up")
        #expect(scene.effects.count { $0 == .story(ref) } == 1)
    }

    @Test("[ and ] scroll the details beside the table, which another item begins anew")
    func paneScrolls() {
        var scene = Scene.usual(Size(columns: 120, rows: 14))
        scene.select("intranet", "/news/launch")
        scene.press("Enter ]")
        #expect(scene.model.details?.top ?? 0 > 0 && scene.cursorPath == "/news/launch")
        scene.press("[ [")
        #expect(scene.model.details?.top == 0)
        scene.send(.key(.mouse(Mouse(position: Position(column: 100, row: 6), kind: .wheelDown))))
        #expect(scene.model.details?.top == 3 && scene.cursorPath == "/news/launch")
        scene.press("Up")
        #expect(scene.model.details?.top == 0)
    }

    // MARK: Boxes

    @Test("A click on a box's button presses it, once the box takes keys; a click beside it does nothing")
    func buttons() throws {
        var scene = Scene.usual()
        scene.select("intranet", "/news/launch")
        scene.press("F")
        let row = try #require(scene.screen.firstIndex { $0.contains("Force unlock") })
        let line = scene.screen[row]
        let start = line.distance(
            from: line.startIndex, to: try #require(line.firstRange(of: "Force unlock")).lowerBound)
        func click(_ column: Int, _ row: Int) -> Event {
            .key(.mouse(Mouse(position: Position(column: column, row: row), kind: .press)))
        }
        scene.send(click(start + 2, row))
        #expect(scene.model.dialog != nil && scene.changes.isEmpty)
        scene.time += 1
        scene.send(click(start + 2, row - 3))
        #expect(scene.model.dialog != nil && scene.changes.isEmpty)
        scene.send(click(start + 2, row))
        #expect(scene.model.dialog == nil && scene.changes.count == 1)
    }

    @Test("r in the list of a bulk's results asks for what did not come about once more, and for nothing else")
    func tryingAgain() {
        var scene = Scene.usual()
        scene.press("4 Space Down Space F Tab Enter")
        let asked = scene.changes
        #expect(asked.count == 2)
        for case .perform(let wish, let ref, _) in asked {
            let isBob = ref.id == "/news/launch"
            scene.end(
                OperationResult(
                    ref: ref, path: ref.id, operation: wish.operation, outcome: isBob ? .done : .failed,
                    reason: isBob ? nil : .unreachable, why: isBob ? "" : "It is silent."))
        }
        scene.effects = []
        scene.press("... r")
        #expect(scene.changes.isEmpty && scene.model.dialog?.title != nil && scene.text.contains("/docs/handbook"))
        #expect(!scene.text.contains("End these"))
        scene.press("Tab Enter")
        let again = scene.changes.compactMap { if case .perform(_, let ref, _) = $0 { ref.id } else { nil } }
        #expect(again == ["/docs/handbook"])
    }
}
