// SPDX-License-Identifier: MIT
import FoundationEssentials
import GRDB
import Locks

/// Ways between our values and a table's cells.
enum Cell {
    /// Text as it is. GRDB binds text up to its first NUL, so text with one goes in as bytes.
    static func text(_ text: String) -> DatabaseValue {
        text.utf8.contains(0) ? Data(text.utf8).databaseValue : text.databaseValue
    }

    static func text(_ text: String?) -> DatabaseValue { text.map { self.text($0) } ?? .null }

    static func date(_ date: Date?) -> DatabaseValue { date?.stored.map(\.databaseValue) ?? .null }

    /// A time that must be there; what is no time counts as the oldest.
    static func time(_ date: Date) -> DatabaseValue { (date.stored ?? 0).databaseValue }

    static func lock(_ lock: Lock?) throws -> DatabaseValue {
        guard let lock else { return .null }
        return try json(StoredLock(lock))
    }

    static func locks(_ locks: [Lock]) throws -> DatabaseValue {
        locks.isEmpty ? .null : try json(locks.map(StoredLock.init))
    }

    static func holder(_ holder: Holder?) throws -> DatabaseValue {
        guard let holder else { return .null }
        return try json(StoredHolder(holder))
    }

    private static func json(_ value: some Encodable) throws -> DatabaseValue {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self).databaseValue
    }
}

extension GRDB.Row {
    func text(_ column: Int) -> String? {
        switch (self[column] as DatabaseValue).storage {
        case .string(let text): text
        case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        case .null, .int64, .double: nil
        }
    }

    func date(_ column: Int) -> Date? { (self[column] as Double?).map(Date.init(stored:)) }

    // What can't be read back is as good as not there: one damaged cell must not hide the rest of the history.
    func lock(_ column: Int) -> Lock? { decode(StoredLock.self, column)?.lock }

    func locks(_ column: Int) -> [Lock] { decode([StoredLock].self, column)?.map(\.lock) ?? [] }

    func holder(_ column: Int) -> Holder? { decode(StoredHolder.self, column)?.holder }

    private func decode<Value: Decodable>(_ type: Value.Type, _ column: Int) -> Value? {
        guard let text = text(column) else { return nil }
        return try? JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
