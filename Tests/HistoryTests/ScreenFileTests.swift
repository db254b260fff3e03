// SPDX-License-Identifier: MIT
import FoundationEssentials
import Testing

@testable import History

@Suite("What was chosen on the screen and is kept")
struct ScreenFileTests {
    let scratch = Scratch()

    private func keep(_ columns: [String]?, over configured: [String]?, _ store: Store) async {
        store.keepColumns(columns, over: configured)
        await withCheckedContinuation { done in store.disk.later { done.resume() } }
    }

    @Test("Chosen columns are there after the next start, until the configuration names others or they are given up")
    func columns() async throws {
        let store = try scratch.store()
        #expect(store.keptColumns(over: nil) == nil)
        await keep(["held", "item"], over: ["item"], store)
        let next = try scratch.store()
        #expect(next.keptColumns(over: ["item"]) == ["held", "item"])
        #expect(next.keptColumns(over: ["item", "type"]) == nil && next.keptColumns(over: nil) == nil)
        await keep(nil, over: ["item"], next)
        #expect(next.keptColumns(over: ["item"]) == nil)
    }

    @Test("Calls that follow one another leave the last choice")
    func order() async throws {
        let store = try scratch.store()
        for count in 1...20 { store.keepColumns(Array(repeating: "item", count: count), over: nil) }
        await keep(["held"], over: nil, store)
        #expect(store.keptColumns(over: nil) == ["held"])
    }

    @Test("A file that makes no sense is no choice, and is private once something is chosen")
    func damaged() async throws {
        let store = try scratch.store()
        let path = "\(store.tokens.directory)/screen.json"
        try Data("{\"columns\": 7".utf8).write(to: URL(filePath: path))
        #expect(store.keptColumns(over: nil) == nil)
        await keep(["held"], over: nil, store)
        #expect(store.keptColumns(over: nil) == ["held"])
        #expect(!PrivateFile.isOpenToOthers(path))
    }
}
