// SPDX-License-Identifier: MIT
import HTTP

/// Why a call of the Plone dialect was refused. Three shapes of body are in use.
enum PloneFailure: Error {
    /// Nothing there, or no such service; with the path of the nearest item that anonymous may see.
    case notFound(url: String, nearest: String?)
    /// Not signed in, or not allowed: the same answer.
    case unauthorized(nearest: String?)
    /// A service said no in its own words.
    case refused(Int, type: String, message: String)
    /// The framework caught an exception.
    case exception(status: Int, type: String, message: String, nearest: String?, traceback: Bool)
    /// Not one of the REST calls.
    case notREST

    /// An exception inside a service: managers get a traceback with it.
    static func exception(
        _ status: Int, _ type: String, _ message: String, _ visit: Visit, _ book: LockBook
    ) -> PloneFailure {
        .exception(
            status: status, type: type, message: message,
            nearest: book.visibleAncestor(of: visit.item, for: visit.user),
            traceback: visit.user?.roles.contains(.manager) ?? false)
    }

    /// The answer.
    func response(_ origin: String) -> Response {
        func context(_ path: String?) -> JSON { .optional(path.map { origin + $0 }) }
        switch self {
        case .notFound(let url, let nearest):
            return Self.answer(
                404,
                ["context": context(nearest), "message": .string("Resource not found: \(url)"), "type": "NotFound"])
        case .unauthorized(let nearest):
            let message: JSON = "You are not authorized to access this resource."
            return Self.answer(401, ["context": context(nearest), "message": message, "type": "Unauthorized"])
        case .refused(let status, let type, let message):
            return .plone(["error": ["message": .string(message), "type": .string(type)]], status: status)
        case .exception(let status, let type, let message, let nearest, let traceback):
            var body: JSON = [
                "context": context(nearest), "message": .string(message), "type": .string(type),
            ]
            if traceback {
                body = body.adding([
                    JSON.Field(
                        key: "traceback",
                        value: [
                            "File \"ZPublisher/WSGIPublisher.py\", line 179, in transaction_pubevents", "    yield",
                        ])
                ])
            }
            return Self.answer(status, body)
        case .notREST:
            return PloneDialect.notREST
        }
    }

    private static func answer(_ status: Int, _ body: JSON) -> Response {
        Response(
            status: status, headers: ["Content-Type": "application/json"], body: body.encoded(.failure))
    }
}
