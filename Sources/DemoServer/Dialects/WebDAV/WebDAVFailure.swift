// SPDX-License-Identifier: MIT
import HTTP

/// Why a WebDAV request was refused.
struct WebDAVFailure: Error {
    let status: Int
    /// The condition that was not met, and where.
    var condition: (name: String, addresses: [String])?
    var headers: Headers = [:]
    /// Subversion's number and words.
    var problem: (code: Int, text: String)?

    init(_ status: Int, _ name: String? = nil, at addresses: [String] = []) {
        self.status = status
        condition = name.map { ($0, addresses) }
    }

    /// Nobody is signed in.
    static var unauthorized: WebDAVFailure {
        var failure = WebDAVFailure(401)
        failure.headers["WWW-Authenticate"] = "Basic realm=\"share\", charset=\"UTF-8\""
        return failure
    }

    /// What Subversion says.
    static func subversion(_ status: Int, _ code: Int, _ text: String) -> WebDAVFailure {
        var failure = WebDAVFailure(status)
        failure.problem = (code, text)
        return failure
    }

    /// The answer.
    var response: Response {
        if let problem {
            return .webDAV(
                "<D:error xmlns:D=\"DAV:\" xmlns:m=\"http://apache.org/dav/xmlns\" xmlns:C=\"svn:\">\n<C:error/>\n"
                    + "<m:human-readable errcode=\"\(problem.code)\">\n\(WebDAVText.escaped(problem.text))\n"
                    + "</m:human-readable>\n</D:error>", status)
        }
        guard let condition else {
            var headers = headers
            headers["Content-Type"] = "text/html; charset=utf-8"
            let page =
                "<!DOCTYPE html>\n<html><head><title>\(status)</title></head><body><h1>\(status)</h1></body></html>\n"
            return Response(status: status, headers: headers, body: Array(page.utf8))
        }
        let inside = condition.addresses.map { "<D:href>\(WebDAVText.escaped($0))</D:href>" }.joined()
        return .webDAV(
            "<D:error xmlns:D=\"DAV:\"><D:\(condition.name)>\(inside)</D:\(condition.name)></D:error>", status)
    }
}

/// Text for XML and for addresses.
enum WebDAVText {
    /// Text as XML holds it; `nil` where it has characters that no XML has.
    static func legal(_ text: String) -> String? {
        let isLegal = text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 || ["\t", "\n", "\r"].contains(scalar)
        }
        return isLegal ? escaped(text) : nil
    }

    /// Whether a prefix is declared for no namespace, which no XML may do, and which reads as none here.
    static func undeclares(_ body: [UInt8]) -> Bool {
        String(decoding: body, as: UTF8.self).split { $0.isWhitespace || "<>/".contains($0) }
            .contains { $0.hasPrefix("xmlns:") && ($0.hasSuffix("=\"\"") || $0.hasSuffix("=''")) }
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

extension Response {
    /// An answer in XML.
    static func webDAV(_ body: String, _ status: Int) -> Response {
        Response(
            status: status, headers: ["Content-Type": "application/xml; charset=utf-8"],
            body: Array(("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + body + "\n").utf8))
    }
}
