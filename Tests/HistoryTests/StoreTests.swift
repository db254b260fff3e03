// SPDX-License-Identifier: MIT
import Dispatch
import FoundationEssentials
import GRDB
import Locks
import Synchronization
import Testing

@testable import History

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("The store's files", .serialized)
struct StoreFileTests {
    let scratch = Scratch()

    @Test("are for their owner alone, whatever the umask", arguments: [mode_t(0), 0o022, 0o077])
    func modes(under mask: mode_t) throws {
        let old = umask(mask)
        defer { umask(old) }
        let store = try scratch.store()
        _ = store.keep([event()])
        store.keep("secret", for: "intranet")
        #expect(scratch.mode() == 0o700)
        #expect(scratch.files == ["history.sqlite", "history.sqlite-shm", "history.sqlite-wal", "tokens.json"])
        for file in scratch.files { #expect(scratch.mode(file) == 0o600, "\(file)") }
    }

    @Test("keep each sign-in that any of several programs makes, and never lose a change in between")
    func changedTogether() async throws {
        let stores = try [scratch.store(), scratch.store()]
        await withTaskGroup { group in
            for number in 0..<40 {
                group.addTask {
                    stores[number % 2].updateToken(for: "count") { String((Int($0 ?? "0") ?? 0) + 1) }
                }
            }
        }
        #expect(stores[0].token(for: "count") == "40")
        stores[1].updateToken(for: "count") { _ in nil }
        #expect(stores[0].token(for: "count") == nil)
    }

    @Test("lose the rights that others had")
    func tightened() throws {
        let first = try scratch.store()
        first.keep("secret", for: "intranet")
        first.close()
        for file in scratch.files { unsafe chmod("\(scratch.path)/\(file)", 0o644) }
        unsafe chmod(scratch.path, 0o755)
        let store = try scratch.store()
        #expect(scratch.mode() == 0o700)
        for file in scratch.files { #expect(scratch.mode(file) == 0o600, "\(file)") }
        #expect(store.notices.count == 1)
    }

    @Test("are set aside when damaged, with a notice, and a new one is begun")
    func damaged() throws {
        for number in 1...2 {
            try scratch.store().close()
            let garbage = Data((0..<8_192).map { UInt8(truncatingIfNeeded: $0 * 7 + number) })
            try garbage.write(to: URL(filePath: scratch.database))
            let store = try scratch.store()
            #expect(store.notices.count == 1)
            #expect(store.keep([event()]).first?.seq == 1)
            #expect(try scratch.bytes("history.sqlite.broken-\(number)") == garbage)
            store.close()
        }
        #expect(try scratch.store().notices == [])
    }

    @Test("are set aside when their pages are torn")
    func torn() throws {
        let first = try scratch.store()
        _ = first.keep((0..<500).map { _ in event() })
        first.close()
        var bytes = try scratch.bytes("history.sqlite")
        bytes.replaceSubrange(4_096..<bytes.count, with: Data(repeating: 0xAA, count: bytes.count - 4_096))
        try bytes.write(to: URL(filePath: scratch.database))
        let second = try scratch.store()
        #expect(second.notices.count == 1)
        second.close()
        #expect(
            scratch.files.filter { $0.contains("broken") && !$0.contains("-wal") && !$0.contains("-shm") }.count == 1)
    }

    @Test("keep what they have when a table was taken away, and say so", arguments: Schema.tables.sorted())
    func lacking(_ table: String) throws {
        let first = try scratch.store()
        _ = first.keep([event()])
        _ = try first.begin(entry())
        first.close()
        try scratch.outside { try $0.execute(sql: "DROP TABLE \(table)") }
        let store = try scratch.store()
        #expect(store.notices.count == 1)
        #expect(try store.events(HistoryFilter()).count == (table == "events" ? 0 : 1))
        #expect(try store.operations(HistoryFilter()).count == (table == "operations" ? 0 : 1))
        #expect(store.keep([event(on: "/new")]).first?.seq != nil)
        #expect(try store.begin(entry()) > 0)
        store.keep([row("/a")], of: "intranet", seenBy: "ann")
        #expect(store.rows(of: "intranet", seenBy: "ann").count == 1 && store.notices == [])
        #expect(!scratch.files.contains { $0.contains("broken") })
    }

    @Test("of an older program open with all that they hold", arguments: ["0.1.0", "before-0.1.0"])
    func older(version: String) throws {
        let golden =
            "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/CommandTests/Golden/Upgrade"
        try FileManager.default.createDirectory(atPath: scratch.path, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(golden)/\(version)/history.sqlite", toPath: scratch.database)
        func counts() throws -> [String: Int] {
            try scratch.outside { db in
                let names = try String.fetchAll(
                    db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'grdb%'")
                return try Dictionary(
                    uniqueKeysWithValues: names.map {
                        ($0, try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? 0)
                    })
            }
        }
        let before = try counts()
        #expect(before.count == 7 && before.values.allSatisfy { $0 > 0 }, "\(before)")
        let store = try scratch.store()
        #expect(store.notices == [])
        #expect(store.taken(on: "intranet", by: "admin").count == 1)
        #expect(try store.events(HistoryFilter()).count == before["events"])
        store.close()
        #expect(try counts() == before)
    }

    @Test("of a newer program are refused and left as they are")
    func newer() throws {
        let first = try scratch.store()
        _ = first.keep([event()])
        first.close()
        try scratch.outside { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 of the future')") }
        let error = #expect(throws: LockError.self) { try scratch.store() }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("newer locktop") == true)
        #expect(try scratch.outside { try Int.fetchOne($0, sql: "SELECT count(*) FROM events") } == 1)
    }

    @Test("that can't be made are a clear sentence")
    func impossible() throws {
        try scratch.store().close()
        for path in ["\(scratch.database)/below", "/proc/none/state"] {
            let error = #expect(throws: LockError.self) { try Store(directory: path) }
            #expect(error?.message.contains(path) == true)
            #expect(error?.advice.isEmpty == false)
        }
        let other = Scratch()
        try FileManager.default.createDirectory(atPath: other.database, withIntermediateDirectories: true)
        let error = #expect(throws: LockError.self) { try other.store() }
        #expect(error?.message.hasPrefix("The history at \(other.database) can't be used") == true)
    }

    @Test("are made once when several programs start at the same time", arguments: 0..<10)
    func madeTogether(round: Int) throws {
        let opened = Mutex<[Store]>([])
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do {
                let store = try Store(directory: scratch.path)
                opened.withLock { $0.append(store) }
                failures.withLock { $0 += store.notices }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        let stores = opened.withLock { $0 }
        #expect(Set(stores.compactMap { $0.keep([event()]).first?.seq }) == Set(1...8))
    }

    @Test("are shared by two programs at once without loss")
    func shared() throws {
        let stores = [try scratch.store(), try scratch.store()]
        DispatchQueue.concurrentPerform(iterations: 8) { part in
            let store = stores[part % 2]
            for number in 0..<25 {
                _ = store.keep([event(on: "/\(part)/\(number)")])
                if let begun = try? store.begin(entry(on: "/\(part)/\(number)")) {
                    store.complete(begun, with: result(), at: noon)
                }
                store.keep([row("/\(part)")], of: "s\(part)", seenBy: "ann")
            }
        }
        for store in stores {
            let events = try store.events(HistoryFilter())
            #expect(events.count == 200)
            #expect(Set(events.map(\.ref)).count == 200)
            #expect(events.compactMap(\.seq) == events.compactMap(\.seq).sorted())
            let records = try store.operations(HistoryFilter())
            #expect(records.count == 200)
            #expect(records.allSatisfy { $0.outcome == .done })
            #expect((0..<8).allSatisfy { store.rows(of: "s\($0)", seenBy: "ann").map(\.item.id) == ["/\($0)"] })
            #expect(store.notices == [])
        }
    }
}

@Suite("What the store remembers")
struct MemoryTests {
    let scratch = Scratch()
    let item = ItemRef(server: "intranet", id: "/news/agm")

    @Test("of ten thousand locks is asked for quickly, new and known")
    func manyFirstSeen() throws {
        let items = (0..<10_000).map { ItemRef(server: "intranet", id: "\($0)") }
        let reading = Reading.known([checkout()], at: noon)
        // Unoptimised code is an order slower; what must not happen is a transaction for each call.
        let budget: Duration = isOptimised ? .milliseconds(400) : .seconds(8)
        for _ in 0..<2 {
            let store = try scratch.store()
            let spent = ContinuousClock().measure {
                for item in items { _ = store.aged(reading, of: item, at: noon, patience: 120) }
            }
            #expect(spent < budget)
            store.close()
        }
        let count = try scratch.outside { try Int.fetchOne($0, sql: "SELECT count(*) FROM firstSeen") }
        #expect(count == 10_000)
    }

    private var isOptimised: Bool {
        #if DEBUG
            false
        #else
            true
        #endif
    }

    @Test("of a server are its rows, in order, with every field, for the user who saw them")
    func rows() throws {
        let item = Item(
            id: hostile, path: hostile, title: hostile, type: hostile, modified: noon, link: hostile,
            isLockable: false, workingCopyOf: hostile)
        let held = Locks.Row(item: item, reading: .known([lock(), lock(by: "x", source: "x")], at: after(0.3)))
        let failed = Locks.Row(item: Item(id: "/f", path: "/f", title: ""), reading: Reading.never.failed(hostile))
        let rows = [failed, row("/z"), held, row("/a")]
        let store = try scratch.store()
        store.keep([row("/old")], of: "intranet", seenBy: "ann")
        store.keep([row("/bob's")], of: "intranet", seenBy: "bob")
        store.keep(rows, of: "intranet", seenBy: "ann")
        store.close()
        let reopened = try scratch.store()
        #expect(reopened.rows(of: "intranet", seenBy: "ann") == rows)
        #expect(reopened.rows(of: "intranet", seenBy: "bob") == [row("/bob's")])
        #expect(reopened.rows(of: "files", seenBy: "ann") == [])
    }

    @Test("beyond the limit are the held rows, then the first ones, in their order")
    func rowLimit() throws {
        let store = try scratch.store(Limits(cachedRowsPerServer: 4))
        let rows = (0..<10).map { row("/\($0)", $0 == 3 || $0 == 8 ? [lock()] : []) }
        store.keep(rows, of: "intranet", seenBy: "ann")
        #expect(store.rows(of: "intranet", seenBy: "ann").map(\.item.id) == ["/0", "/1", "/3", "/8"])
        store.keep((0..<10).map { row("/\($0)", [lock()]) }, of: "intranet", seenBy: "ann")
        #expect(store.rows(of: "intranet", seenBy: "ann").map(\.item.id) == ["/0", "/1", "/2", "/3"])
    }

    @Test("is bounded: the oldest events and operations go, numbers go on")
    func bounded() throws {
        let limits = Limits(events: 10, operations: 3)
        let store = try scratch.store(limits)
        for _ in 0..<3 { _ = store.keep((0..<500).map { _ in event() }) }
        store.prune()
        #expect(try store.events(HistoryFilter()).compactMap(\.seq) == Array(1_491...1_500))
        for _ in 0..<5 { _ = try store.begin(entry()) }
        store.close()
        let reopened = try scratch.store(limits)
        reopened.prune()
        #expect(try reopened.events(HistoryFilter()).compactMap(\.seq) == Array(1_491...1_500))
        #expect(try reopened.operations(HistoryFilter()).map(\.seq) == [3, 4, 5])
        #expect(reopened.keep([event()]).first?.seq == 1_501)
        let empty = try scratch.store(Limits(events: 0, operations: 0))
        empty.prune()
        #expect(try empty.events(HistoryFilter()) == [])
        #expect(empty.keep([event()]).first?.seq == 1_502)
    }

    @Test("of locks is bounded: what nobody asked for the longest goes first")
    func boundedFirstSeen() throws {
        let limits = Limits(firstSeen: 2)
        // Without the limits: a store looks for what is beyond them as soon as it is opened, some time.
        let store = try scratch.store()
        for number in 0..<5 {
            let item = ItemRef(server: "intranet", id: "\(number)")
            _ = store.aged(.known([checkout("\(number)")], at: noon), of: item, at: noon, patience: 120)
        }
        store.flush()
        try scratch.outside { db in
            try db.execute(sql: "UPDATE firstSeen SET used = 1")
            try db.execute(
                sql: "UPDATE firstSeen SET used = 2 WHERE identity IN (?, ?)",
                arguments: [LockIdentity(of: "0").digest, LockIdentity(of: "3").digest])
        }
        store.close()
        let pruned = try scratch.store(limits)
        pruned.prune()
        pruned.close()
        let left = try scratch.outside { try String.fetchSet($0, sql: "SELECT identity FROM firstSeen") }
        #expect(left == [LockIdentity(of: "0").digest, LockIdentity(of: "3").digest])
    }

    @Test("fits a number of bytes; the audit log goes last")
    func boundedBytes() throws {
        let store = try scratch.store()
        for number in 0..<20 { _ = try store.begin(entry(on: "/\(number)")) }
        _ = store.keep((0..<20_000).map { _ in event() })
        store.close()
        let large = try scratch.bytes("history.sqlite").count
        let limits = Limits(maximumBytes: 400_000)
        #expect(large > 4 * limits.maximumBytes)
        let reopened = try scratch.store(limits)
        reopened.prune()
        let left = try reopened.events(HistoryFilter())
        #expect(!left.isEmpty && left.count < 20_000)
        #expect(left.last?.seq == 20_000)
        #expect(try reopened.operations(HistoryFilter()).count == 20)
        reopened.close()
        #expect(try scratch.bytes("history.sqlite").count <= limits.maximumBytes)
    }

    @Test("of sign-ins is kept between runs in a file of its own, and forgotten when asked")
    func tokens() throws {
        let first = try scratch.store()
        #expect(first.token(for: "intranet") == nil)
        first.keep(hostile, for: "intranet")
        first.keep("canary-two", for: hostile)
        let second = try scratch.store()
        #expect(second.token(for: "intranet") == hostile)
        #expect(second.token(for: hostile) == "canary-two")
        second.keep(nil, for: hostile)
        #expect(first.token(for: hostile) == nil)
        #expect(first.token(for: "intranet") == hostile)
        #expect(scratch.mode("tokens.json") == 0o600)
        first.close()
        second.close()
        for file in scratch.files { #expect(try !scratch.holds("canary", in: file), "\(file)") }
        #expect(scratch.files == ["history.sqlite", "tokens.json"])
    }

    @Test("of sign-ins survives two programs that keep at once, and garbage counts as nothing")
    func tokensShared() throws {
        let stores = [try scratch.store(), try scratch.store()]
        DispatchQueue.concurrentPerform(iterations: 20) { number in
            stores[number % 2].keep("token \(number)", for: "\(number)")
        }
        #expect((0..<20).allSatisfy { stores[0].token(for: "\($0)") == "token \($0)" })
        try Data("{broken".utf8).write(to: URL(filePath: "\(scratch.path)/tokens.json"))
        #expect(stores[0].token(for: "1") == nil)
        stores[0].keep("new", for: "1")
        #expect(stores[1].token(for: "1") == "new")
        #expect(stores[0].notices == [])
    }
}
