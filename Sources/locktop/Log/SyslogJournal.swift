// SPDX-License-Identifier: MIT
import FoundationEssentials
import Glibc
import Locks
import Synchronization

/// A journal that tells syslog(3) of each operation besides, when its result is known: facility auth, one line of JSON.
final class SyslogJournal: Journal {
    private let base: any Journal
    private let begun = Mutex<[Int64: AuditEntry]>([:])
    private let send: @Sendable (String) -> Void

    /// - Parameter send: sends a line; it is syslog's own function outside of tests.
    init(_ base: any Journal, send: @escaping @Sendable (String) -> Void = SyslogJournal.toSyslog) {
        self.base = base
        self.send = send
    }

    func begin(_ entry: AuditEntry) async throws -> Int64 {
        let number = try await base.begin(entry)
        begun.withLock { $0[number] = entry }
        return number
    }

    func complete(_ entry: Int64, with result: OperationResult, at time: Date) async {
        await base.complete(entry, with: result, at: time)
        guard let written = begun.withLock({ $0.removeValue(forKey: entry) }) else { return }
        send(Self.line(entry, written, result, time))
    }

    func keep(_ events: [LockEvent]) async -> [LockEvent] { await base.keep(events) }

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

    private static func line(_ number: Int64, _ entry: AuditEntry, _ result: OperationResult, _ time: Date) -> String {
        JSON.object([
            ("seq", .integer(number)), ("at", .time(entry.at)), ("completedAt", .time(time)),
            ("server", .text(entry.ref.server)), ("id", .text(entry.ref.id)), ("path", .text(entry.path)),
            ("account", .text(entry.account)), ("operation", .text(entry.operation.rawValue)),
            ("outcome", .text(result.outcome.rawValue)), ("reason", .text(result.reason?.rawValue)),
            ("why", .text(result.why.nonEmpty)), ("note", .text(entry.reason)), ("before", .lock(result.before)),
            ("after", .lock(result.after)),
        ]).line
    }

    private static let isOpen: Void = {
        // It keeps the pointer, and a literal stays where it is.
        let name: StaticString = "locktop"
        unsafe openlog(
            UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self), LOG_PID | LOG_NDELAY, 4 << 3)
    }()

    @Sendable private static func toSyslog(_ line: String) {
        _ = isOpen
        unsafe line.withCString { text in
            unsafe withVaList([text]) { unsafe vsyslog(LOG_NOTICE | 4 << 3, "%s", $0) }
        }
    }
}
