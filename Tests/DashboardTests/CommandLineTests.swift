// SPDX-License-Identifier: MIT
import Canvas
import Locks
import Testing

@testable import Dashboard

/// The line behind `:` does what keys do, in the words of the commands.
@Suite struct CommandLineTests {
    private let autumn = ItemRef(server: "intranet", id: "/news/autumn")

    private func scene(_ command: String, _ prepare: (inout Scene) -> Void = { _ in }) -> Scene {
        var scene = Scene.usual()
        scene.select("intranet", autumn.id)
        prepare(&scene)
        scene.press(":")
        scene.type(command)
        scene.press("Enter")
        return scene
    }

    @Test("lock takes its options, and passes the gate as the key does")
    func lock() {
        var scene = scene("lock --timeout 1h --no-steal --comment \"on the train\"")
        let wish = Wish(
            .lock, options: LockOptions(timeout: 3_600, stealable: false, comment: "on the train"),
            reason: "on the train")
        #expect(scene.wanted() == [.perform(wish, autumn)])
        scene = self.scene("lock") { $0.model.isReadOnly = true }
        #expect(scene.changes.isEmpty && scene.text.contains("read-only"))
    }

    @Test("force asks as the key does", arguments: ["force", "force-unlock"])
    func force(_ word: String) {
        let scene = scene(word) { $0.select("intranet", "/news/launch") }
        #expect(scene.changes.isEmpty && scene.model.dialog?.title == "Force-unlock")
    }

    @Test("Words act on the marked items")
    func marked() {
        let scene = scene("lock") {
            $0.press("Space")
            $0.select("files", "/legal/offer.docx")
            $0.press("Space")
        }
        #expect(scene.changes.count == 2)
    }

    @Test("No word acts on a row that a page hides", arguments: ["lock", "unlock", "force", "wait", "keep"])
    func hidden(_ word: String) {
        let scene = scene(word) { $0.press("p") }
        #expect(scene.changes.isEmpty && scene.model.dialog == nil && scene.text.contains("Esc leads back"))
    }

    @Test("Views, sorts, filters, pages, polls, files and leaving have their words")
    func words() {
        #expect(scene("view stale").model.view == .stale)
        #expect(scene("sort holder:desc").model.sort == Sort(by: .holder, isDescending: true))
        #expect(
            scene("sort held:desc").model.list[0..<2].compactMap { scene("").model.ref($0)?.id } == [
                "/legal/contract.docx", "/news/launch",
            ])
        #expect(scene("filter holder:bob -draft").model.queryText == "holder:bob -draft")
        #expect(scene("page people").text.contains("PEOPLE") && scene("events").text.contains("EVENTS"))
        var polled = scene("poll 10s")
        #expect(polled.wanted() == [.setPoll(10)])
        let names = scene("export held.csv").effects.compactMap { effect -> String? in
            if case .export(_, false, let name) = effect { name } else { nil }
        }
        #expect(names == ["held.csv"])
        #expect(scene("quit").model.wantsToQuit)
    }

    @Test(
        "What is not known is answered with the nearest word, and nothing is done",
        arguments: [
            ("lokc", "lokc is no command. Did you mean lock?"),
            ("view stlae", "view has no stlae. Did you mean stale?"),
            ("lock --timout 1h", "lock has no --timout. Did you mean --timeout?"),
            ("lock --timeout", "--timeout wants something behind it."),
            ("lock --timeout soon", "soon is no length of time: write 30m or 2h."),
            ("unlock /news", "unlock takes nothing behind it"), ("sort colour", "No column is called colour."),
            ("sort hled", "Did you mean held?"),
            ("columns state,titel", "Did you mean title?"), ("columns url", "a key copies it"),
            ("theme lihgt", "Did you mean light?"),
            ("view", "view takes one of all, held"), ("poll fast", "poll takes a length of time"),
            ("export /etc/passwd", "export takes the name of a file"),
            ("export .csv", "export takes the name of a file"),
            ("filter hodler:bob", "Did you mean holder:?"), ("quit now", "quit takes nothing behind it."),
        ])
    func mistakes(_ line: String, _ sentence: String) {
        var scene = Scene.usual(Size(columns: 200, rows: 24))
        scene.press("/")
        scene.type("news")
        scene.press("Enter :")
        scene.type(line)
        scene.press("Enter")
        #expect(scene.text.contains(sentence), "\(scene.text)")
        #expect(scene.changes.isEmpty && !scene.model.wantsToQuit && scene.model.queryText == "news")
    }

    @Test("Columns and themes can be chosen, and columns be given up again")
    func looks() {
        var scene = scene("columns held,item,type")
        let heading = scene.screen[2]
        #expect(heading.hasPrefix("   S  HELD ITEM") && heading.hasSuffix("TYPE"))
        scene.press(":")
        scene.type("columns")
        scene.press("Enter")
        #expect(scene.screen[2].contains("HOLDER"))
        scene.press(":")
        scene.type("theme light")
        scene.press("Enter")
        #expect(scene.model.look.palette.theme == .light)
        #expect(!view(scene.model).snapshot.contains("yellow"))
    }

    @Test("Tab goes on as far as all that is possible agrees, and with a holder's name")
    func completion() {
        var scene = Scene.usual()
        scene.press(":")
        scene.type("che")
        scene.press("Tab")
        #expect(scene.model.line?.text == "check-")
        scene.type("o")
        scene.press("Tab")
        #expect(scene.model.line?.text == "check-out ")
        scene.press("^u")
        scene.type("filter holder:ca")
        scene.press("Tab")
        #expect(scene.model.line?.text == "filter holder:carol ")
        scene.press("^u")
        scene.type("zzz")
        scene.press("Tab")
        #expect(scene.model.line?.text == "zzz")
    }

    @Test("Up and Down go through what was typed before")
    func history() {
        var scene = scene("view held")
        scene.press(":")
        scene.type("page people")
        scene.press("Enter : Up")
        #expect(scene.model.line?.text == "page people")
        scene.press("Up Up Up")
        #expect(scene.model.line?.text == "view held")
        scene.press("Down Down")
        #expect(scene.model.line?.text == "")
        scene.press("Up Up Enter")
        #expect(scene.model.view == .held && scene.model.layers.isEmpty)
    }

    @Test("Esc leaves the line, and what was pasted into it waits for Enter")
    func leaving() {
        var scene = Scene.usual()
        scene.select("intranet", autumn.id)
        scene.press(":")
        scene.send(.key(.paste("lock\n")))
        #expect(scene.changes.isEmpty && scene.model.line?.text == "lock")
        scene.press("Esc")
        #expect(scene.model.line == nil && scene.changes.isEmpty)
    }
}
