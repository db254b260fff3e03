// SPDX-License-Identifier: MIT
public import FoundationEssentials
public import Locks

/// The store as the journal of those who run in the concurrent pool: what touches the disk happens on a thread of its
/// own, in the order in which it was asked for, and whoever asks gives its thread back meanwhile.
public actor Writer: Journal {
    private let store: Store

    /// A writer into a store.
    public init(_ store: Store) { self.store = store }

    /// The thread of the disk.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe store.disk.asUnownedSerialExecutor() }

    /// Keeps events, as `Store.keep`.
    public func keep(_ events: [LockEvent]) -> [LockEvent] { store.keep(events) }

    /// Writes an operation down; it is on the disk when this returns.
    public func begin(_ entry: AuditEntry) throws(LockError) -> Int64 { try store.begin(entry) }

    /// Completes an operation's entry; it is on the disk when this returns.
    public func complete(_ entry: Int64, with result: OperationResult, at time: Date) {
        store.complete(entry, with: result, at: time)
    }

    /// A reading with each lock as old as any run knows it; from memory.
    public nonisolated func aged(_ reading: Reading, of item: ItemRef, at time: Date, patience: Double) -> Reading {
        store.aged(reading, of: item, at: time, patience: patience)
    }

    /// The locks that were taken through this store.
    public func taken(on server: String, by account: String?) -> Set<LockRef> {
        store.taken(on: server, by: account)
    }

    /// The last rows of a server.
    public func rows(of server: String, seenBy user: String) -> [Row] { store.rows(of: server, seenBy: user) }

    /// Keeps the rows of a server for the next start.
    public func keep(_ rows: [Row], of server: String, seenBy user: String) {
        store.keep(rows, of: server, seenBy: user)
    }
}
