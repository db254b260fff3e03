// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// A journal that notes operations and events for the file of a crash besides.
final class NotedJournal: Journal {
    private let base: any Journal

    init(_ base: any Journal) { self.base = base }

    func begin(_ entry: AuditEntry) async throws -> Int64 {
        CrashNotes.note("\(CrashNotes.name(of: entry.ref)): \(entry.operation.word) begins")
        return try await base.begin(entry)
    }

    func complete(_ entry: Int64, with result: OperationResult, at time: Date) async {
        let reason = result.reason.map { ", \($0.rawValue)" } ?? ""
        CrashNotes.note(
            "\(CrashNotes.name(of: result.ref)): \(result.operation.word) \(result.outcome.rawValue)\(reason)")
        await base.complete(entry, with: result, at: time)
    }

    func keep(_ events: [LockEvent]) async -> [LockEvent] {
        for event in events {
            let by = event.by.map { " by \(CrashNotes.name(of: $0))" } ?? ""
            CrashNotes.note("\(CrashNotes.name(of: event.ref)): \(event.kind.rawValue)\(by)")
        }
        return await base.keep(events)
    }

    func aged(_ reading: Reading, of item: ItemRef, at time: Date, patience: Double) -> Reading {
        base.aged(reading, of: item, at: time, patience: patience)
    }

    func taken(on server: String, by account: String?) async -> Set<LockRef> {
        await base.taken(on: server, by: account)
    }

    func rows(of server: String, seenBy user: String) async -> [Row] { await base.rows(of: server, seenBy: user) }

    func keep(_ rows: [Row], of server: String, seenBy user: String) async {
        await base.keep(rows, of: server, seenBy: user)
    }
}
