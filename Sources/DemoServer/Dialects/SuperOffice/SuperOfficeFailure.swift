// SPDX-License-Identifier: MIT
import HTTP

/// Why a call of the SuperOffice dialect was refused otherwise than by `Success: false`.
enum SuperOfficeFailure: Error {
    /// No credentials, or they don't count.
    case unauthorized
    /// The request itself is wrong, as the framework sees it.
    case model(String)
    /// An exception, with the name of its type.
    case exception(Int, type: String, message: String, source: String = "SuperOffice.Services.Implementation")
    /// No such address.
    case noRoute
    /// A tenant that lives on another host.
    case misdirected

    static func missing(_ id: String) -> SuperOfficeFailure {
        .exception(404, type: "SoNotFoundException", message: "Document id \(id) not found")
    }

    /// The answer.
    var response: Response {
        switch self {
        case .unauthorized: .superOffice(["Message": "Authorization has been denied for this request."], status: 401)
        case .model(let detail):
            .superOffice(["Message": "The request is invalid.", "MessageDetail": .string(detail)], status: 400)
        case .exception(let status, let type, let message, let source):
            .superOffice(
                [
                    "Error": true, "ErrorType": .string(type), "ErrorMessage": .string(message),
                    "ErrorSource": .string(source),
                ], status: status)
        case .noRoute:
            Response(
                status: 404, headers: ["Content-Type": "text/html"],
                body: Array("<!DOCTYPE html><html><head><title>404 - Not found.</title></head></html>\n".utf8))
        case .misdirected:
            Response(
                status: 421, headers: ["Content-Type": "text/plain"],
                body: Array("Wrong subdomain used to access tenant\n".utf8))
        }
    }
}

extension Response {
    /// A JSON answer as the interface lays it out.
    static func superOffice(_ body: JSON, status: Int = 200) -> Response {
        Response(
            status: status, headers: ["Content-Type": "application/json; charset=utf-8"], body: body.encoded(.compact))
    }

    /// The same as XML, which is what a request gets that does not ask for JSON.
    static func superOfficeXML(_ body: JSON, status: Int = 200) -> Response {
        let text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>" + element("Answer", body)
        return Response(
            status: status, headers: ["Content-Type": "application/xml; charset=utf-8"], body: Array(text.utf8))
    }

    private static func element(_ name: String, _ value: JSON) -> String {
        let inside: String
        switch value {
        case .null: return "<\(name)/>"
        case .bool(let value): inside = String(value)
        case .int(let value): inside = String(value)
        case .double(let value): inside = value.description
        case .string(let text):
            inside = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        case .array(let values): inside = values.map { element("Item", $0) }.joined()
        case .object(let fields):
            inside = fields.map { element($0.key.replacing("/", with: "_"), $0.value) }.joined()
        }
        return "<\(name)>\(inside)</\(name)>"
    }
}
