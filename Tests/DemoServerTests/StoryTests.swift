// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

@Suite("The people of the demo")
struct StoryTests {
    private func actions(_ seed: UInt64, _ scenario: Scenario, until time: Double) -> [StoryAction] {
        let cast = Cast(people: ["a", "b", "c", "d", "e", "f"], paths: (1...60).map { "/Plone/docs/\($0)" })
        var story = Story(options: DemoOptions(seed: seed, scenario: scenario), cast: cast)
        var actions: [StoryAction] = []
        while let action = story.next(until: time) { actions.append(action) }
        return actions
    }

    @Test("do the same for the same seed, however often they are asked, and something else for another")
    func seeds() {
        let one = actions(7, .office, until: 3600)
        #expect(one == actions(7, .office, until: 3600))
        #expect(one != actions(8, .office, until: 3600))
        #expect(one.count > 100)
        #expect(Array(one.prefix(20)) == Array(actions(7, .office, until: 7200).prefix(20)))
        #expect(zip(one, one.dropFirst()).allSatisfy { $0.time <= $1.time })
    }

    @Test("have the same locks at the start for the same seed")
    func prologue() {
        let cast = Cast(people: ["a", "b"], paths: (1...60).map { "/Plone/docs/\($0)" })
        func locks(_ seed: UInt64) -> [PrologueLock] { Story(options: DemoOptions(seed: seed), cast: cast).prologue }
        #expect(locks(1) == locks(1))
        #expect(locks(1) != locks(2))
        #expect(locks(1).count == 20)
    }

    @Test(
        "change something that can be seen every five to ten seconds on a calm day", arguments: [1, 2, 3] as [UInt64])
    func office(_ seed: UInt64) {
        let options = DemoOptions(seed: seed)
        let book = LockBook(options: options, now: 1_800_000_000)
        DemoSite.build(in: book, options: options)
        var story = Story(options: options, cast: Cast(book))
        book.begin(story.prologue)
        var changes = 0
        while let action = story.next(until: 600) {
            book.now = 1_800_000_000 + action.time
            let item = book.item(at: action.path)
            let before = item.flatMap { book.lock(on: $0) }
            book.apply(action)
            let after = item.flatMap { book.lock(on: $0) }
            if before?.token != after?.token || before?.refreshed != after?.refreshed { changes += 1 }
        }
        #expect((60...120).contains(changes), "\(changes) changes in 600 seconds")
    }

    @Test("hold about a third of the items at the start, some for hours", arguments: Scenario.allCases)
    func beginning(_ scenario: Scenario) async throws {
        let core = Core(DemoOptions(scenario: scenario, speed: 0))
        let locks = await Self.locks(core).values.filter { $0["locked"] == .bool(true) }
        #expect((15...25).contains(locks.count))
        let now = await core.now
        let ages = locks.compactMap { $0["token"]?.text?.split(separator: ":").last.flatMap { Double($0) } }.map {
            now - $0
        }
        #expect(ages.contains { $0 > 3 * 3600 })
        if scenario == .abandoned {
            #expect(locks.contains { $0["name"] == nil })
            #expect(ages.count { $0 > 3 * 3600 } > 10)
        }
    }

    @Test("leave an orphaned check-out among the abandoned locks")
    func orphan() async throws {
        let core = Core(DemoOptions(scenario: .abandoned, speed: 0))
        let items = await Self.items(core)
        let checkedOut = items.filter { $0["lock"]?["name"]?.text == "iterate.lock" }
        #expect(checkedOut.contains { $0["working_copy"] == .null })
        #expect(checkedOut.contains { $0["working_copy"] != .null })
    }

    @Test("take a few items from each other again and again when they quarrel")
    func conflict() {
        let options = DemoOptions(scenario: .conflict)
        let book = LockBook(options: options, now: 1_800_000_000)
        DemoSite.build(in: book, options: options)
        var story = Story(options: options, cast: Cast(book))
        book.begin(story.prologue)
        var taken: [String: Int] = [:]
        while let action = story.next(until: 300) {
            book.now = 1_800_000_000 + action.time
            guard let item = book.item(at: action.path) else { continue }
            let before = book.lock(on: item)?.creator
            book.apply(action)
            let after = book.lock(on: item)?.creator
            if let before, let after, before != after { taken[action.path, default: 0] += 1 }
        }
        #expect(taken.values.reduce(0, +) >= 5, "\(taken)")
        #expect(taken.count <= 4)
    }

    @Test("make very many changes in a storm")
    func storm() {
        #expect(actions(1, .storm, until: 60).count > 300)
    }

    private static func items(_ core: Core) async -> [JSON] {
        let response = await core.answer(
            Request(
                "GET", "http://demo/Plone/@search?fullobjects=1&b_size=500",
                headers: [
                    "Accept": "application/json", "Authorization": "Basic " + Base64.plain(Array("admin:admin".utf8)),
                ]))
        return (try? JSON(reading: response.body))?["items"]?.elements ?? []
    }

    private static func locks(_ core: Core) async -> [String: JSON] {
        await items(core).reduce(into: [:]) { $0[$1["@id"]?.text ?? ""] = $1["lock"] }
    }
}
