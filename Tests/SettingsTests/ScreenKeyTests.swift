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
}
