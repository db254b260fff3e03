// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// JSON in the contract's shapes: members in their order, none missing, and every control and bidi character escaped,
/// so that it is safe to look at and still the server's own text.
indirect enum JSON {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case array([JSON])
    case object([(String, JSON)])

    static func text(_ text: String?) -> JSON { text.map { .text($0) } ?? .null }
    static func time(_ date: Date?) -> JSON { date.map { .text(RFC3339.text($0)) } ?? .null }
    static func bool(_ value: Bool?) -> JSON { value.map { .bool($0) } ?? .null }

    /// The text, in one line.
    var line: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value):
            text += value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
        case .text(let value): Self.quote(value, to: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.quote(member.0, to: &text)
                text += ":"
                member.1.write(to: &text)
            }
            text += "}"
        }
    }

    /// JSON text of any writer, so that it is safe to look at: what is escaped can only stand in its strings.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            if isHidden(scalar) { escape(scalar, to: &safe) } else { safe.unicodeScalars.append(scalar) }
        }
        return safe
    }

    private static func escape(_ scalar: Unicode.Scalar, to text: inout String) {
        for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }

    private static func quote(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where isHidden(scalar): escape(scalar, to: &text)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x61c, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x2069, 0xfeff, 0xe0000...0xe007f:
            true
        default: false
        }
    }
}

extension JSON {
    static func holder(_ holder: Holder?) -> JSON {
        guard let holder else { return .null }
        return .object([("id", .text(holder.id)), ("name", .text(holder.name)), ("isMe", .bool(holder.isMe))])
    }

    /// A lock; `all` are the locks of its item, which may have several holders.
    static func lock(_ lock: Lock?, among all: [Lock] = []) -> JSON {
        guard let lock else { return .null }
        let others = lock.kind == .shared ? all.filter { $0.kind == .shared && $0.identity != lock.identity } : []
        return .object([
            ("kind", .text(lock.kind.rawValue)), ("holder", .holder(lock.holder)), ("since", .time(lock.since)),
            ("expires", .time(lock.expires)), ("sinceExact", .bool(lock.since != nil && lock.sinceIs == .acquired)),
            ("timeout", lock.timeout.map { .integer(Int64($0)) } ?? .null),
            ("stealable", .bool(lock.stealable)), ("identity", .text(lock.identity.digest)),
            ("tokenKnown", .bool(lock.token != nil)), ("comment", .text(lock.comment)),
            ("through", .text(lock.folder)), ("sharedWith", .array(others.map { .holder($0.holder) })),
        ])
    }

    static func row(_ listed: ListedRow) -> JSON {
        let (item, reading) = (listed.row.item, listed.row.reading)
        return .object([
            ("server", .text(listed.server)), ("serverKind", .text(listed.kind)), ("id", .text(item.id)),
            ("path", .text(item.path)), ("title", .text(item.title)), ("type", .text(item.type)),
            ("url", .text(listed.url)), ("modified", .time(item.modified)), ("state", .text(reading.state.rawValue)),
            ("observedAt", .time(reading.observedAt)), ("error", .text(reading.error)),
            ("lock", .lock(reading.lock, among: reading.locks)),
            ("stale", .bool(listed.isStale)), ("workingCopyOf", .text(item.workingCopyOf)),
            ("operations", .array(listed.operations.map { .text($0.rawValue) })),
        ])
    }

    static func result(_ result: OperationResult) -> JSON {
        .object([
            ("server", .text(result.ref.server)), ("id", .text(result.ref.id)),
            ("operation", .text(result.operation.rawValue)), ("outcome", .text(result.outcome.rawValue)),
            ("reason", .text(result.reason?.rawValue)), ("why", .text(result.why.nonEmpty)),
            ("before", .lock(result.before)), ("after", .lock(result.after)),
        ])
    }

    static func event(_ event: LockEvent) -> JSON {
        .object([
            ("seq", event.seq.map { .integer($0) } ?? .null), ("at", .time(event.at)),
            ("server", .text(event.ref.server)), ("id", .text(event.ref.id)), ("path", .text(event.path)),
            ("title", .text(event.title)), ("event", .text(event.kind.rawValue)), ("by", .holder(event.by)),
            ("before", .lock(event.before)), ("after", .lock(event.after)), ("ours", .bool(event.isOurs)),
            ("text", .text(event.text)),
        ])
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}
