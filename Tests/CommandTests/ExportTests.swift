// SPDX-License-Identifier: MIT
import Canvas
import Dashboard
import FoundationEssentials
import Locks
import Testing

@testable import locktop

@Suite("A file of what is shown")
struct ExportTests {
    private static let now = Date(timeIntervalSince1970: 1_795_269_720)

    /// What the keys for a file make of so many rows.
    private func snapshot(_ count: Int) throws -> Snapshot {
        let facts = ServerFacts(name: "s", kind: "plone", url: "https://s.example")
        var model = Model(
            servers: [facts], operations: [:], staleness: Staleness(), isReadOnly: false, poll: 5, look: Model.Look(),
            size: Size(columns: 80, rows: 24), now: Self.now)
        var catalog = Catalog()
        var changed: Set<Catalog.ID> = []
        for number in 0..<count {
            let item = Item(id: "/\(number)", path: "/\(number)", title: "Item, \(number)")
            changed.insert(catalog.put(Row(item: item, reading: .known([], at: Self.now))))
        }
        let news = ServerUpdate(
            server: "s", catalog: catalog, changed: changed, events: [],
            status: ServerStatus(operations: .none("")))
        var effects: [Effect] = []
        for (seconds, event) in [(0.0, Event.update(news)), (1, .key(.character("x"))), (4, .key(.enter))] {
            effects += update(&model, event, at: Self.now + seconds)
        }
        return try #require(
            effects.compactMap { if case .export(let snapshot, _, _) = $0 { snapshot } else { nil } }.first)
    }

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/export-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    @Test("It has its name only once it is whole", arguments: [false, true])
    func whole(asJSON: Bool) throws {
        let snapshot = try snapshot(1_200)
        try inFolder { folder in
            let export = Export(snapshot: snapshot, asJSON: asJSON, folder: folder) { _, _ in "" }
            var told: [Int] = []
            let ending = asJSON ? ".json" : ".csv"
            let end = export.write { count in
                told.append(count)
                let isThere = (try? names(folder))?.contains { $0.hasSuffix(ending) } ?? true
                #expect(!isThere, "a half-written file has the name of a whole one")
            }
            guard case .done(let sentence) = end else {
                Issue.record("\(end)")
                return
            }
            let files = try names(folder)
            #expect(told == [500, 1_000] && files.count == 1 && files.first?.hasSuffix(ending) ?? false)
            #expect(sentence == "1200 rows are in \(files.first ?? "").")
            let text = try String(contentsOfFile: "\(folder)/\(files.first ?? "")", encoding: .utf8)
            #expect(text.split(whereSeparator: \.isNewline).count == (asJSON ? 1_200 : 1_201))
        }
    }

    @Test("What is stopped or can't be written leaves nothing behind, and says so")
    func nothingLeft() async throws {
        let snapshot = try snapshot(600)
        let folder = FileManager.default.temporaryDirectory.path + "/export-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let stopped = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return Export(snapshot: snapshot, asJSON: false, folder: folder) { _, _ in "" }.write { _ in }
        }
        guard case .failed("Stopped: no file was written.") = await stopped.value else {
            Issue.record("It was not stopped.")
            return
        }
        #expect(try names(folder) == [])
        let export = Export(snapshot: snapshot, asJSON: false, folder: folder + "/none") { _, _ in "" }
        guard case .failed(let sentence) = export.write({ _ in }) else {
            Issue.record("It was written.")
            return
        }
        #expect(sentence.hasSuffix(".csv can't be written in the working directory: No such file or directory."))
    }
}
