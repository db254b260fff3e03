// SPDX-License-Identifier: MIT
import HTTP

/// Why a call of the Nick dialect was refused. Four shapes of body are in use.
enum NickFailure: Error {
    /// `{"error": {"type", "message"}}`, translated.
    case refused(Int, NickText)
    /// `{"error": "text"}`: no such document, user or type.
    case notFound(String?)
    /// `{"message": "text"}`: not signed in, not allowed, or the server broke.
    case plain(Int, String)
    /// A page of the framework.
    case page(Int, String)
    /// One request too many.
    case limited(String, Headers)

    static let broken = NickFailure.plain(500, "Internal server error")
}

/// The texts of refusals. The apostrophes are typographical ones.
enum NickText: CaseIterable {
    case missingCredentials, invalidCredentials, invalidSession, alreadyLocked, notAllowed, documentLocked

    /// Type and message in a language; English where there is no translation.
    func text(_ language: String) -> (type: String, message: String) {
        language == "de" ? german : english
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

    private var german: (type: String, message: String) {
        switch self {
        case .missingCredentials: ("Fehlende Zugangsdaten", "Anmeldename und Passwort müssen angegeben werden.")
        case .invalidCredentials: ("Ungültige Zugangsdaten", "Anmeldename oder Passwort ist falsch.")
        case .invalidSession: ("Ungültige Sitzung", "Der Benutzer ist nicht angemeldet.")
        case .alreadyLocked: ("Bereits gesperrt", "Dieses Dokument ist von jemand anderem gesperrt.")
        case .notAllowed: ("Nicht erlaubt", "Sie dürfen die Sperre dieses Dokuments nicht aufheben.")
        case .documentLocked:
            ("Dokument gesperrt", "Sie dürfen dieses Dokument nicht speichern: jemand anderes hat es gesperrt.")
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
        case .plain(let status, let text):
            return .nick(["message": .string(text)], status: status)
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
            body: body.encoded(JSONStyle(pretty: false)))
    }
}
