// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// The journal of a look at a server that no configuration names. It writes nothing, until something is changed there:
/// that goes into the audit log before it is sent, like every change.
actor LateJournal: Journal {
    private let forgetful = ForgetfulJournal()
    private let open: @Sendable () -> any Journal
    private var opened: (any Journal)?

    /// - Parameter open: opens the journal that lasts.
    init(_ open: @escaping @Sendable () -> any Journal) { self.open = open }

    func begin(_ entry: AuditEntry) async throws -> Int64 {
        let journal = opened ?? open()
        opened = journal
        return try await journal.begin(entry)
    }

    func complete(_ entry: Int64, with result: OperationResult, at time: Date) async {
        forgetful.complete(entry, with: result, at: time)
        await opened?.complete(entry, with: result, at: time)
    }

    nonisolated func aged(_ reading: Reading, of item: ItemRef, at time: Date, patience: Double) -> Reading {
        forgetful.aged(reading, of: item, at: time, patience: patience)
    }

    func keep(_ events: [LockEvent]) -> [LockEvent] { forgetful.keep(events) }
    func taken(on server: String, by account: String?) -> Set<LockRef> { forgetful.taken(on: server, by: account) }
    func rows(of server: String, seenBy user: String) -> [Row] { [] }
    func keep(_ rows: [Row], of server: String, seenBy user: String) {}
}
