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
}
