// SPDX-License-Identifier: MIT
import Canvas
import Dashboard
import FoundationEssentials
import Locks

/// The dashboard without a terminal, a network or a clock: what a key costs by itself, which a counter of instructions
/// can tell to a hundredth on any machine.
enum KeysAlone {
    private static let start = Date(timeIntervalSinceReferenceDate: 800_000_000)
    private static let people = ["bob", "carol", "Zoë Ødegård", "dave", "Łukasz"]
    private static let words = ["Budsjett", "Møtereferat", "Årsrapport", "Überblick", "Protokoll", "契約書", "Handbook"]

    /// Puts so many rows on a screen of 200x50, and presses the arrow down and up so many times.
    /// - Returns: how many rows of the screen changed, so that nothing can be left out.
    static func press(rows count: Int, keys: Int) -> Int {
        var model = scene(rows: count).model
        var (drawn, last) = (0, view(model))
        for number in 0..<keys {
            _ = Dashboard.update(&model, .key(number % 40 < 20 ? .down : .up), at: start + Double(number) / 20)
            let frame = view(model)
            for row in 0..<frame.size.rows where !frame.hasSameRow(row, as: last) { drawn += 1 }
            last = frame
        }
        return drawn
    }

    /// What the screen's thread needs for a poll by which fifty items of so many have another holder: to take it, to put
    /// the rows where they belong, and to draw; in milliseconds, a figure a poll.
    static func poll(rows count: Int, polls: Int) -> [Double] {
        var (model, catalog) = scene(rows: count)
        var figures: [Double] = []
        for poll in 1...polls {
            let numbers = (0..<50).map { ($0 * 7_919 + poll * 104_729) % count }
            let changed = Set(numbers.map { catalog.put(row($0, holder: poll % people.count)) })
            let event = Event.update(update(catalog, changed))
            let began = ContinuousClock.now
            var pending = Dashboard.update(&model, event, at: start + Double(poll))
            var took = ContinuousClock.now - began
            // Arranging is another thread's work; taking what came of it is not.
            while !pending.isEmpty {
                guard case .arrange(let arrangement) = pending.removeFirst() else { continue }
                let arranged = Event.arranged(arrangement.carriedOut())
                let again = ContinuousClock.now
                pending += Dashboard.update(&model, arranged, at: start + Double(poll))
                took += .now - again
            }
            let drawing = ContinuousClock.now
            _ = view(model)
            took += .now - drawing
            figures.append(took / .milliseconds(1))
        }
        return figures
    }

    private static let server = ServerFacts(name: "intranet", kind: "plone", url: "http://intranet.example/Plone")
    private static let all = Operations(Dictionary(uniqueKeysWithValues: Operation.allCases.map { ($0, .yes) }))

    private static func update(_ catalog: Catalog, _ changed: Set<Catalog.ID>) -> ServerUpdate {
        var status = ServerStatus(operations: all)
        status.phase = .watching
        return ServerUpdate(server: server.name, catalog: catalog, changed: changed, events: [], status: status)
    }

    private static func scene(rows count: Int) -> (model: Model, catalog: Catalog) {
        var model = Model(
            servers: [server], operations: [server.name: all], staleness: Staleness(), isReadOnly: false, poll: 5,
            look: .init(), size: Scene.large, now: start)
        var catalog = Catalog()
        let changed = Set((0..<count).map { catalog.put(row($0)) })
        var pending = Dashboard.update(&model, .update(update(catalog, changed)), at: start)
        while !pending.isEmpty {
            guard case .arrange(let arrangement) = pending.removeFirst() else { continue }
            pending += Dashboard.update(&model, .arranged(arrangement.carriedOut()), at: start)
        }
        return (model, catalog)
    }

    private static func row(_ number: Int, holder: Int? = nil) -> Row {
        let path = "/documents/\(words[number % 7].lowercased())/2026/item-\(number)"
        let person = people[holder ?? number % 5]
        let lock = Lock(
            kind: .lock, holder: Holder(id: person, name: person, isMe: false), since: start - Double(number % 50_000),
            expires: start + 600, identity: LockIdentity(of: "\(number) \(holder ?? -1)"))
        return Row(
            item: Item(id: path, path: path, title: "\(words[number % 7]) \(number)", type: "Document"),
            reading: .known(holder != nil || number % 3 == 0 ? [lock] : [], at: start))
    }
}
