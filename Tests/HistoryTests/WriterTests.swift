// SPDX-License-Identifier: MIT
import FoundationEssentials
import GRDB
import Locks
import Synchronization
import Testing

@testable import History

@Suite("Writing beside the concurrent pool", .timeLimit(.minutes(1)))
struct WriterTests {
    let scratch = Scratch()

    @Test("However many wait for the disk, none keeps a thread of the pool: who makes it free comes through")
    func pool() async throws {
        let store = try scratch.store()
        let writer = Writer(store)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: scratch.database, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.beginTransaction(.immediate) }
        let numbers = await withTaskGroup(of: Int64?.self) { group in
            for number in 0..<64 { group.addTask { try? await writer.begin(entry(on: "/\(number)")) } }
            // Behind all of them.
            group.addTask {
                try? other.unsafeReentrantWrite { try $0.commit() }
                return nil
            }
            return await group.reduce(into: Set<Int64>()) { if let number = $1 { $0.insert(number) } }
        }
        #expect(numbers.count == 64)
        #expect(try store.operations(HistoryFilter()).count == 64)
    }

    @Test("The age of a lock comes from memory while another program keeps the file to itself")
    func agesFromMemory() async throws {
        let store = try scratch.store()
        let writer = Writer(store)
        let item = ItemRef(server: "intranet", id: "/news/agm")
        _ = writer.aged(.known([checkout()], at: noon), of: item, at: noon, patience: 120)
        store.flush()
        let later: Double? = try scratch.outside { db in
            try db.beginTransaction(.exclusive)
            defer { try? db.rollback() }
            let time = after(60)
            let reading = writer.aged(.known([checkout()], at: time), of: item, at: time, patience: 120)
            return reading.lock?.since?.timeIntervalSince(noon)
        }
        #expect(later == 0)
    }

    @Test("What goes wrong is told to whoever listens: what was before, then each once")
    func listener() throws {
        let store = try scratch.store()
        store.note("before")
        let told = Mutex<[String]>([])
        store.tell { sentence in told.withLock { $0.append(sentence) } }
        #expect(told.withLock(\.self) == ["before"])
        store.note("now")
        store.note("before")
        store.note("now")
        #expect(told.withLock(\.self) == ["before", "now"])
        let others = Mutex<[String]>([])
        store.tell { sentence in others.withLock { $0.append(sentence) } }
        store.note("later")
        #expect(others.withLock(\.self) == ["later"] && told.withLock(\.self).count == 2)
    }
}
