// SPDX-License-Identifier: MIT
import HTTP

/// Why Graph refused a call.
struct GraphFailure: Error {
    let status: Int
    let code: String
    let message: String
    var inner: String?
    var headers: Headers = [:]

    static func notFound() -> GraphFailure {
        GraphFailure(status: 404, code: "itemNotFound", message: "The resource could not be found.")
    }
    static func invalid(_ message: String) -> GraphFailure {
        GraphFailure(status: 400, code: "invalidRequest", message: message)
    }
    static func denied() -> GraphFailure { GraphFailure(status: 403, code: "accessDenied", message: "Access denied") }
    static func heldByOther() -> GraphFailure {
        GraphFailure(
            status: 423, code: "accessDenied",
            message: "The file is currently checked out or locked for editing by another user.", inner: "resourceLocked"
        )
    }
    static func unknownSegment(_ name: String) -> GraphFailure {
        GraphFailure(status: 400, code: "BadRequest", message: "Resource not found for the segment '\(name)'.")
    }

    /// The error's body.
    func body(_ switches: GraphSwitches, now: Double) -> JSON {
        // The time has no zone, and is UTC.
        var fields: [JSON.Field] = [
            .init(key: "date", value: .string(String(CivilTime(unix: now).iso.prefix(19)))),
            .init(key: "request-id", value: "94fb3b52-452a-4535-a601-69e0a90e3aa2"),
            .init(key: "client-request-id", value: "94fb3b52-452a-4535-a601-69e0a90e3aa2"),
        ]
        if let inner { fields.insert(.init(key: "code", value: .string(inner)), at: 0) }
        let word = switches.spellsInnerErrorLow ? "innererror" : "innerError"
        return [
            "error": .object([
                .init(key: "code", value: .string(code)), .init(key: "message", value: .string(message)),
                .init(key: word, value: .object(fields)),
            ])
        ]
    }
}

/// Whose token a request carries.
struct GraphGrant {
    /// The person; `nil` for an application's own token.
    let person: String?
    let application: String
    let scope: String
    let expires: Double

    /// Who a check-out by this token belongs to.
    var holder: String { person ?? Self.mark + application }
    var mayChange: Bool { scope.contains("ReadWrite") }

    /// Stands before an application's id where people have their name.
    static let mark = "application:"
}
