// SPDX-License-Identifier: MIT
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

/// A directory of one test, gone with it.
final class Scratch: Sendable {
    let path: String
    var database: String { "\(path)/history.sqlite" }

    init() {
        path = FileManager.default.temporaryDirectory.path + "/history-\(UUID().uuidString)/state"
    }

    deinit {
        try? FileManager.default.removeItem(atPath: String(path.dropLast("/state".count)))
    }

    func store(_ limits: Limits = .standard) throws -> Store { try Store(directory: path, limits: limits) }

    /// What another program sees that opens the file.
    func outside<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let queue = try DatabaseQueue(path: database)
        return try queue.writeWithoutTransaction(body)
    }

    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    func mode(_ file: String? = nil) -> UInt32 {
        var status = stat()
        guard unsafe stat(file.map { "\(path)/\($0)" } ?? path, &status) == 0 else { return 0 }
        return UInt32(status.st_mode & 0o7777)
    }

    func holds(_ text: String, in file: String) throws -> Bool {
        try bytes(file).firstRange(of: Data(text.utf8)) != nil
    }

    func bytes(_ file: String) throws -> Data { try Data(contentsOf: URL(filePath: "\(path)/\(file)")) }
}

extension Store {
    /// What went wrong so far and was not asked for yet.
    var notices: [String] {
        state.withLock { state in
            defer { state.notices = [] }
            return state.notices
        }
    }
}

/// Text as a hostile server sends it.
let hostile = "\u{1B}[31mred\u{0}after\u{7F}\u{202E}'; DROP TABLE events; --\"\\\r\n\t\u{FFFD}🔒e\u{301}%_?"

let noon = Date(timeIntervalSinceReferenceDate: 780_000_000.123_456_7)

func after(_ seconds: Double) -> Date { noon.addingTimeInterval(seconds) }

func lock(by id: String? = "bob", isMe: Bool = false, source: String = "bob's", token: Token? = nil) -> Lock {
    Lock(kind: .lock, holder: Holder(id: id, isMe: isMe), since: noon, identity: LockIdentity(of: source), token: token)
}

/// A check-out of which the server tells its holder alone.
func checkout(_ source: String = "bob's") -> Lock {
    Lock(kind: .checkout, holder: Holder(id: "bob"), sinceIs: .firstSeen, identity: LockIdentity(of: source))
}

func event(
    _ kind: LockEvent.Kind = .locked, on id: String = "/news/agm", server: String = "intranet", at time: Date = noon,
    before: Lock? = nil, after: Lock? = nil, by: Holder? = nil, isOurs: Bool = false
) -> LockEvent {
    LockEvent(
        at: time, ref: ItemRef(server: server, id: id), path: id, title: "AGM", kind: kind, by: by, before: before,
        after: after, isOurs: isOurs, text: "something happened")
}

func entry(
    _ operation: Locks.Operation = .lock, on id: String = "/news/agm", server: String = "intranet",
    at time: Date = noon, account: String? = "ann", before: Lock? = nil
) -> AuditEntry {
    AuditEntry(
        at: time, ref: ItemRef(server: server, id: id), path: id, operation: operation, account: account,
        before: before, reason: nil)
}

func result(
    _ operation: Locks.Operation = .lock, on id: String = "/news/agm", server: String = "intranet",
    _ outcome: Outcome = .done, _ reason: Reason? = nil, before: Lock? = nil, after: Lock? = nil
) -> OperationResult {
    OperationResult(
        ref: ItemRef(server: server, id: id), path: id, operation: operation, outcome: outcome, reason: reason,
        before: before, after: after)
}

/// Does one operation from begin to end.
func perform(
    _ operation: Locks.Operation, in store: Store, on id: String = "/news/agm", account: String? = "ann",
    _ outcome: Outcome = .done, _ reason: Reason? = nil, before: Lock? = nil, after: Lock? = nil
) throws {
    let number = try store.begin(entry(operation, on: id, account: account, before: before))
    store.complete(
        number, with: result(operation, on: id, outcome, reason, before: before, after: after), at: noon)
}

func row(_ id: String, _ locks: [Lock] = []) -> Locks.Row {
    Locks.Row(item: Item(id: id, path: id, title: id), reading: .known(locks, at: noon))
}
