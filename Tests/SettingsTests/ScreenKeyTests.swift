// SPDX-License-Identifier: MIT
import Settings
import Testing

@Suite("The keys of the configuration that are about the screen")
struct ScreenKeyTests {
    @Test("columns are read in their order, from the file and from the environment")
    func columns() throws {
        #expect(try read(server("plone")).columns == nil)
        let text = "columns: [held, item, holder]\n" + server("plone")
        #expect(try read(text).columns == ["held", "item", "holder"])
        #expect(try read(text, environment: ["LOCKTOP_COLUMNS": "item, type"]).columns == ["item", "type"])
    }

    @Test(
        "wrong columns are refused with their place, and the nearest word",
        arguments: [
            ("columns: [item, titel]\n", "1:17: unknown column `titel`; did you mean `title`?"),
            ("columns: [item, held, item]\n", "1:23: the column `item` is there already"),
            (
                "columns: []\n",
                "1:10: expected a list of columns for `columns`, as `[item, holder, held]`, found an empty one"
            ),
            (
                "columns: item\n",
                "1:10: expected a list of columns for `columns`, as `[item, holder, held]`, found text"
            ),
        ])
    func wrongColumns(_ text: String, _ complaint: String) {
        #expect(complaints(text + server("plone")) == "config.yaml:" + complaint)
    }

    @Test("the web address is no column of the screen")
    func noAddress() {
        #expect(complaints("columns: [item, url]\n" + server("plone")).contains("1:17: unknown column `url`"))
        #expect(
            complaints(server("plone"), environment: ["LOCKTOP_COLUMNS": "item,url"])
                .hasPrefix("LOCKTOP_COLUMNS: unknown column `url`"))
    }

    @Test("views are read in the order of the file")
    func views() throws {
        let text = """
            views:
              legal: "server:files path:/legal state:held older:2h"
              bobs: holder:bob

            """
        #expect(
            try read(text + server("plone")).views == [
                SavedView(name: "legal", filter: "server:files path:/legal state:held older:2h"),
                SavedView(name: "bobs", filter: "holder:bob"),
            ])
    }

    @Test(
        "wrong views are refused with their place",
        arguments: [
            (
                "views: {legal: \"hodler:bob\"}\n",
                "1:16: wrong filter: hodler: is no filter word. Did you mean holder:? "
                    + "There is holder: state: server: kind: path: type: title: older: newer: not:."
            ),
            ("views:\n  held: holder:bob\n", "2:3: `held` is one of the screen's own views; choose another name"),
            ("views: {legal: }\n", "1:16: expected a value for `legal`, found nothing"),
            ("views: [legal]\n", "1:8: expected keys and values under `views`, found a list"),
            (
                "views: {a b: x}\n",
                "1:9: expected the name of a view: at most 24 letters, digits, `-`, `_` and `.`, the first a letter or digit"
            ),
            (
                "views: {a: x, b: x, c: x, d: x, e: x, f: x, g: x, h: x, i: x, j: x}\n",
                "1:63: expected at most 9 views, found 10"
            ),
        ])
    func wrongViews(_ text: String, _ complaint: String) {
        #expect(complaints(text + server("plone")) == "config.yaml:" + complaint)
    }

    private static let vocabulary = KeyVocabulary(
        actions: [
            .init(name: "force-unlock", going: ["F"], staying: []), .init(name: "discard", going: ["D"], staying: []),
            .init(name: "down", going: ["j"], staying: ["Down"]),
        ],
        spelling: { $0.count == 1 ? $0 : $0.lowercased() == "down" ? "Down" : nil })

    private func keys(_ text: String) -> (keys: [KeyChange], complaint: String) {
        do throws(ConfigurationErrors) {
            let configuration = try ConfigurationReader.read(
                text: text + server("plone"), file: "config.yaml", isPrivateFile: true, kinds: allKinds,
                keys: Self.vocabulary, environment: [:])
            return (configuration.keys, "")
        } catch {
            return ([], error.description)
        }
    }

    @Test("keys give actions other keys, two of them each other's")
    func keys() throws {
        #expect(keys("keys: {force-unlock: X}\n").keys == [KeyChange(action: "force-unlock", key: "X")])
        #expect(keys("keys: {force-unlock: D, discard: F}\n").keys.count == 2)
        #expect(keys("keys: {force-unlock: F}\n").keys.count == 1, "its own key again")
        // Who only adds a server to the file knows no screen.
        #expect(try read("keys: {force-unlock: X}\n" + server("plone")).keys.count == 1)
    }

    @Test(
        "wrong keys are refused with their place",
        arguments: [
            (
                "keys: {force-unlokc: X}\n", "1:8: unknown action `force-unlokc`; did you mean `force-unlock`?"
            ),
            (
                "keys: {force-unlock: D}\n",
                "1:22: `D` is the key of `discard`; give that one another key first, or choose another"
            ),
            (
                "keys:\n  force-unlock: x\n  discard: x\n",
                "2:17: `x` is the key of `discard`; give that one another key first, or choose another\n"
                    + "config.yaml:3:12: `x` is the key of `force-unlock`; give that one another key first, or choose another"
            ),
            (
                "keys: {discard: down}\n",
                "1:17: `Down` is the key of `down`; give that one another key first, or choose another"
            ),
            (
                "keys: {discard: Ctrl-D}\n",
                "1:17: no key is called `Ctrl-D`; expected a character, or a name like `^x`, `F5`, `PgUp` or `Space`"
            ),
            ("keys: [X]\n", "1:7: expected keys and values under `keys`, found a list"),
        ])
    func wrongKeys(_ text: String, _ complaint: String) {
        #expect(keys(text).complaint == "config.yaml:" + complaint)
    }

    @Test("the bell is silent unless it is wanted")
    func bell() throws {
        #expect(try !read(server("plone")).bell)
        #expect(try read("bell: true\n" + server("plone")).bell)
    }

    @Test("hooks are read, the filter may be left out, and the command is kept as it stands")
    func hooks() throws {
        let text = """
            hooks:
              - {event: released, filter: "path:/news", run: 'echo "$HOME" \\ >> log'}
              - event: stolen
                run: |
                  one
                  two

            """
        #expect(
            try read(text + server("plone")).hooks == [
                Hook(event: "released", filter: "path:/news", run: #"echo "$HOME" \ >> log"#),
                Hook(event: "stolen", run: "one\ntwo\n"),
            ])
    }

    @Test(
        "wrong hooks are refused with their place",
        arguments: [
            ("hooks: [{event: relaesed, run: x}]\n", "1:17: unknown event `relaesed`; did you mean `released`?"),
            ("hooks: [{event: released}]\n", "1:9: `run` is missing: a command for the shell"),
            ("hooks: [{run: x}]\n", "1:9: `event` is missing"),
            ("hooks: [{event: locked, run: x, filtr: a}]\n", "1:33: unknown key `filtr`; did you mean `filter`?"),
            (
                "hooks: {event: locked}\n",
                "1:8: expected a list for `hooks`, each beginning with `- `, found keys and values"
            ),
        ])
    func wrongHooks(_ text: String, _ complaint: String) {
        #expect(complaints(text + server("plone")) == "config.yaml:" + complaint)
    }

    @Test("a hook's filter is checked")
    func wrongFilter() {
        let text = "hooks: [{event: locked, filter: \"older:soon\", run: x}]\n"
        #expect(complaints(text + server("plone")).hasPrefix("config.yaml:1:33: wrong filter: "))
    }
}
