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
        let server = ServerFacts(name: "intranet", kind: "plone", url: "http://intranet.example/Plone")
        let all = Operations(Dictionary(uniqueKeysWithValues: Operation.allCases.map { ($0, .yes) }))
        var model = Model(
            servers: [server], operations: [server.name: all], staleness: Staleness(), isReadOnly: false, poll: 5,
            look: .init(), size: Scene.large, now: start)
        var catalog = Catalog()
        let changed = Set((0..<count).map { catalog.put(row($0)) })
        var status = ServerStatus(operations: all)
        status.phase = .watching
        let update = ServerUpdate(server: server.name, catalog: catalog, changed: changed, events: [], status: status)
        var pending = Dashboard.update(&model, .update(update), at: start)
        while !pending.isEmpty {
            guard case .arrange(let arrangement) = pending.removeFirst() else { continue }
            pending += Dashboard.update(&model, .arranged(arrangement.carriedOut()), at: start)
        }
        var (drawn, last) = (0, view(model))
        for number in 0..<keys {
            _ = Dashboard.update(&model, .key(number % 40 < 20 ? .down : .up), at: start + Double(number) / 20)
            let frame = view(model)
            for row in 0..<frame.size.rows where !frame.hasSameRow(row, as: last) { drawn += 1 }
            last = frame
        }
        return drawn
    }

    private static func row(_ number: Int) -> Row {
        let path = "/documents/\(words[number % 7].lowercased())/2026/item-\(number)"
        let person = people[number % 5]
        let lock = Lock(
            kind: .lock, holder: Holder(id: person, name: person, isMe: false), since: start - Double(number % 50_000),
            expires: start + 600, identity: LockIdentity(of: "\(number)"))
        return Row(
            item: Item(id: path, path: path, title: "\(words[number % 7]) \(number)", type: "Document"),
            reading: .known(number % 3 == 0 ? [lock] : [], at: start))
    }
}
