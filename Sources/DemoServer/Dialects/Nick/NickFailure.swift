// SPDX-License-Identifier: MIT
import HTTP

/// Why a call of the Nick dialect was refused. Four shapes of body are in use.
enum NickFailure: Error {
    /// `{"error": {"type", "message"}}`, translated.
    case refused(Int, NickText)
    /// `{"error": "text"}`: no such document, user or type.
    case notFound(String?)
    /// `{"error": "text"}`: what was asked for can't be looked for.
    case unusable(String)
    /// `{"message": "text"}`: not signed in, not allowed, or the server broke.
    case plain(Int, String)
    /// A page of the framework.
    case page(Int, String)
    /// One request too many.
    case limited(String, Headers)

    /// What whoever may not do something is told.
    static let unauthorized = "You are not authorized to access this resource."

    static let broken = NickFailure.plain(500, "Internal server error")
}

/// The texts of refusals. The apostrophes are typographical ones.
enum NickText: CaseIterable {
    case missingCredentials, invalidCredentials, invalidSession, alreadyLocked, notAllowed, documentLocked

    /// Type and message in a language; English where the server has no translation, or none was seen.
    func text(_ language: String) -> (type: String, message: String) {
        switch (language, self) {
        case ("nl", .alreadyLocked): ("Al op slot", "Dit document is al vergrendeld door een andere gebruiker.")
        case ("nl", .notAllowed): ("Niet toegestaan", "U heeft geen toestemming om dit document te ontgrendelen.")
        case ("nl", .documentLocked):
            (
                "Document vergrendeld",
                "U heeft geen toestemming om dit document op te slaan omdat het is vergrendeld door een andere "
                    + "gebruiker."
            )
        case ("sv", .alreadyLocked): ("Redan låst", "Detta dokument är redan låst av en annan användare.")
        default: english
        }
    }

    private var english: (type: String, message: String) {
        switch self {
        case .missingCredentials: ("Missing credentials", "Login and password must be provided in body.")
        case .invalidCredentials: ("Invalid credentials", "Wrong login and/or password.")
        case .invalidSession: ("Invalid session", "User is not logged in.")
        case .alreadyLocked: ("Already locked", "This document is already locked by another user.")
        case .notAllowed: ("Not allowed", "You don’t have permission to unlock this document.")
        case .documentLocked:
            (
                "Document locked",
                "You don’t have permission to save this document because it is locked by another user."
            )
        }
    }
}

extension NickFailure {
    /// The answer, in a language.
    func response(_ language: String) -> Response {
        switch self {
        case .refused(let status, let text):
            let (type, message) = text.text(language)
            return .nick(["error": ["message": .string(message), "type": .string(type)]], status: status)
        case .notFound(let path):
            return .nick(["error": .string(path.map { "Not found: \($0)" } ?? "Not found.")], status: 404)
        case .unusable(let text): return .nick(["error": .string(text)], status: 400)
        case .plain(let status, let text):
            let isDutch = language == "nl" && text == Self.unauthorized
            let told = isDutch ? "U heeft geen rechten om tot deze resource." : text
            return .nick(["message": .string(told)], status: status)
        case .limited(let text, let headers):
            var response = Response.nick(["message": .string(text)], status: 429)
            for field in headers.fields { response.headers[field.name] = field.value }
            return response
        case .page(let status, let text):
            let page =
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n"
                + "</head>\n<body>\n<pre>\(text)</pre>\n</body>\n</html>\n"
            return Response(
                status: status, headers: ["Content-Type": "text/html; charset=utf-8"], body: Array(page.utf8))
        }
    }
}

extension Response {
    /// A JSON answer as Express lays it out.
    static func nick(_ body: JSON, status: Int = 200) -> Response {
        Response(
            status: status, headers: ["Content-Type": "application/json; charset=utf-8"],
            body: body.encoded(JSONStyle(pretty: false, escapes: false)))
    }
}
