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
}
