// SPDX-License-Identifier: MIT
import FoundationEssentials
import GRDB
import Locks
import Testing

@testable import History

@Suite("Events")
struct EventTests {
    let scratch = Scratch()

    @Test("come back after a restart with every field, hostile text too", arguments: LockEvent.Kind.allCases)
    func roundTrip(of kind: LockEvent.Kind) throws {
        let before = Lock(
            kind: .workingCopy, holder: Holder(id: hostile, name: hostile, isMe: true), since: noon,
            sinceIs: .firstSeen, expires: after(0.1), timeout: 600, stealable: false, comment: hostile,
            identity: LockIdentity(of: hostile), notes: [hostile, ""])
        let later = Lock(kind: .shared, holder: Holder(id: nil), identity: LockIdentity(of: ""))
        let first = LockEvent(
            at: noon, ref: ItemRef(server: hostile, id: hostile), path: hostile, title: hostile, kind: kind,
            by: Holder(id: nil, name: hostile), before: before, after: later, isOurs: true, text: hostile)
        let kept = try scratch.store().keep([first, event()])
        #expect(kept.map(\.seq) == [1, 2])
        let store = try scratch.store()
        #expect(try store.events(HistoryFilter()) == kept)
        #expect(store.keep([event()]).map(\.seq) == [3])
        #expect(store.keep([]) == [])
    }

    @Test("of every kind of lock and start come back as they were")
    func locks() throws {
        let store = try scratch.store()
        for kind in Lock.Kind.allCases {
            for start in [Lock.SinceIs.acquired, .refreshed, .firstSeen] {
                for stealable in [nil, true, false] {
                    let lock = Lock(
                        kind: kind, holder: Holder(id: ""), since: .distantPast, sinceIs: start,
                        expires: .distantFuture, timeout: .max, stealable: stealable, comment: "",
                        identity: LockIdentity(of: "x"))
                    let kept = store.keep([event(on: "\(kind) \(start) \(stealable as Any)", after: lock)])
                    #expect(try store.events(after: (kept.first?.seq ?? 0) - 1, limit: 1).first?.after == lock)
                }
            }
        }
    }

    @Test("never hold a token, in no file of the directory")
    func canary() throws {
        let canary = "opaquelocktoken:canary-4711"
        let secret = lock(token: Token(canary))
        let store = try scratch.store()
        let kept = store.keep([event(before: secret, after: secret)])
        try perform(.unlock, in: store, before: secret, after: secret)
        store.keep([row("/a", [secret])], of: "intranet", seenBy: "ann")
        #expect(kept.first?.after == secret)
        #expect(try store.events(HistoryFilter()).first?.after == lock())
        #expect(store.rows(of: "intranet", seenBy: "ann").first?.lock == lock())
        #expect(scratch.files.contains("history.sqlite-wal"))
        for when in ["open", "closed"] {
            for file in scratch.files {
                #expect(try !scratch.holds("canary", in: file), "\(file), \(when)")
            }
            store.close()
        }
        #expect(try scratch.holds("something happened", in: "history.sqlite"))
    }

    @Test("are read on from a number, the oldest first")
    func resumed() throws {
        let store = try scratch.store()
        _ = store.keep((0..<10).map { event(at: after(Double($0))) })
        #expect(try store.events(after: 0, limit: 3).map(\.seq) == [1, 2, 3])
        #expect(try store.events(after: 8, limit: 3).map(\.seq) == [9, 10])
        #expect(try store.events(after: 10, limit: 3) == [])
        #expect(try store.events(after: 0, limit: 0) == [])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let filter: HistoryFilter
        let expected: [Int64]
        var testDescription: String { "\(expected)" }
    }

    static let cases = [
        Case(filter: HistoryFilter(), expected: [1, 2, 3, 4, 5]),
        Case(filter: HistoryFilter(servers: ["files"]), expected: [3]),
        Case(filter: HistoryFilter(servers: ["files", "intranet"]), expected: [1, 2, 3, 4, 5]),
        Case(filter: HistoryFilter(servers: ["nowhere"]), expected: []),
        Case(filter: HistoryFilter(item: "/news/agm"), expected: [1, 5]),
        Case(filter: HistoryFilter(item: "/path"), expected: [3]),
        Case(filter: HistoryFilter(item: "42"), expected: [3]),
        Case(filter: HistoryFilter(item: "' OR 1=1 --"), expected: []),
        Case(filter: HistoryFilter(holder: "bob"), expected: [1, 2, 3]),
        Case(filter: HistoryFilter(holder: "Bob Ross"), expected: [4]),
        Case(filter: HistoryFilter(holder: "BOB"), expected: []),
        Case(filter: HistoryFilter(since: after(2)), expected: [3, 4, 5]),
        Case(filter: HistoryFilter(oursOnly: true), expected: [2, 5]),
        Case(filter: HistoryFilter(limit: 2), expected: [4, 5]),
        Case(filter: HistoryFilter(limit: 0), expected: []),
        Case(filter: HistoryFilter(servers: ["intranet"], holder: "bob", limit: 1), expected: [2]),
        Case(filter: HistoryFilter(servers: [hostile], item: hostile, holder: hostile), expected: []),
    ]

    @Test("pass a filter by server, item, holder, time, doer and number", arguments: cases)
    func filtered(_ sample: Case) throws {
        let store = try scratch.store()
        var moved = event(on: "42", server: "files", at: after(2), after: lock())
        moved.path = "/path"
        _ = store.keep([
            event(at: noon, by: Holder(id: "bob", name: "Bob Ross")),
            event(on: "/b", at: after(1), before: lock(), isOurs: true), moved,
            event(on: "/c", at: after(3), by: Holder(id: nil, name: "Bob Ross")),
            event(at: after(4), isOurs: true),
        ])
        #expect(try store.events(sample.filter).map(\.seq) == sample.expected)
    }

    @Test("and operations pass the same filters; an operation's account counts as its holder")
    func operationsFiltered() throws {
        let store = try scratch.store()
        _ = try store.begin(entry(on: "/a", at: noon))
        _ = try store.begin(entry(on: "/b", server: "files", at: after(1), account: "carl", before: lock()))
        func numbers(_ filter: HistoryFilter) throws -> [Int64] { try store.operations(filter).map(\.seq) }
        #expect(try numbers(HistoryFilter(oursOnly: true)) == [1, 2])
        #expect(try numbers(HistoryFilter(holder: "ann")) == [1])
        #expect(try numbers(HistoryFilter(holder: "bob")) == [2])
        #expect(try numbers(HistoryFilter(servers: ["files"])) == [2])
        #expect(try numbers(HistoryFilter(item: "/a")) == [1])
        #expect(try numbers(HistoryFilter(since: after(1))) == [2])
        #expect(try numbers(HistoryFilter(limit: 1)) == [2])
    }

    @Test("and operations of an item make its story, in time, what was done before what was seen of it")
    func story() throws {
        let store = try scratch.store()
        _ = store.keep([event(.released, at: after(20)), event(.locked, at: after(5)), event(on: "/other")])
        _ = store.keep([event(.locked, server: "files", at: after(6))])
        let first = try store.begin(entry(.lock, at: after(10)))
        let second = try store.begin(entry(.unlock, at: after(20)))
        let story = try store.story(of: ItemRef(server: "intranet", id: "/news/agm"))
        let told = story.map { entry in
            switch entry {
            case .event(let event): "event \(event.seq ?? 0)"
            case .operation(let record): "operation \(record.seq)"
            }
        }
        #expect(told == ["event 2", "operation \(first)", "operation \(second)", "event 1"])
        #expect(try store.story(of: ItemRef(server: "intranet", id: "/none")) == [])
    }

    @Test("a story as events tells what a command did, and what a screen did once")
    func storyAsEvents() throws {
        let agm = ItemRef(server: "intranet", id: "/news/agm")
        func done(_ operation: Locks.Operation, at seconds: Double, isOver: Bool = true) -> StoryEntry {
            .operation(
                AuditRecord(
                    seq: 1, at: after(seconds), completedAt: isOver ? after(seconds + 1) : nil, ref: agm,
                    path: "/news/agm", operation: operation, outcome: isOver ? .done : nil))
        }
        var locked = event(.locked, at: after(1.5))
        locked.isOurs = true
        let story = [
            done(.lock, at: 1), .event(locked), done(.unlock, at: 10), .event(event(.locked, at: after(20))),
            done(.lock, at: 20), done(.unlock, at: 30, isOver: false),
        ]
        #expect(story.events.map(\.kind) == [.locked, .released, .locked, .locked])
        #expect(story.events.map(\.at) == [after(1.5), after(11), after(20), after(21)])
        #expect(story.events.map(\.isOurs) == [true, true, false, true])
    }
}
