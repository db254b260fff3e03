// SPDX-License-Identifier: MIT
import HTTP

/// One server's language over the shared book. Every dialect reads and changes the same items and locks.
protocol Dialect: AnyObject {
    /// The path below which the dialect answers, `/site`.
    var root: String { get }
    /// Answers one request; the book's clock is set already.
    func answer(_ call: Call) -> Response
    /// Who the request comes from, for the request log: a user id or `nil`.
    func user(of call: Call) -> String?
}

/// A request taken apart.
struct Call {
    let method: String
    /// `http://127.0.0.1:8080`, as the client named it.
    var origin: String
    /// The path's segments, percent-decoded; empty ones are dropped.
    var segments: [String]
    /// The query as it was sent, without the question mark; `nil` for none.
    let rawQuery: String?
    /// The query's pairs in order, decoded.
    let query: [(name: String, value: String)]
    let headers: Headers
    let body: [UInt8]
    /// The path with its query, as it was sent.
    let target: String

    init(_ request: Request) {
        method = request.method.rawValue
        headers = request.headers
        body = request.body ?? []
        let rest = request.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        origin = rest.prefix(3).joined(separator: "/")
        target = "/" + (rest.count > 3 ? String(rest[3]) : "")
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        segments = (parts.first ?? "").split(separator: "/").map { Self.decoded($0, plus: false) }
        rawQuery = parts.count > 1 ? String(parts[1]) : nil
        query = (rawQuery ?? "").split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(sides[0], plus: true), sides.count > 1 ? Self.decoded(sides[1], plus: true) : "")
        }
    }

    /// All values of a parameter.
    func values(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    /// The first value of a parameter.
    func value(_ name: String) -> String? { query.first { $0.name == name }?.value }

    private static func decoded(_ text: Substring, plus: Bool) -> String {
        var out: [UInt8] = []
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            if byte == UInt8(ascii: "%") {
                let digits = [bytes.next(), bytes.next()].compactMap(\.self)
                guard digits.count == 2, let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                    out.append(byte)
                    out.append(contentsOf: digits)
                    continue
                }
                out.append(code)
            } else {
                out.append(plus && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Text for a query, as `quote_plus` writes it.
    static func quoted(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "~"):
                out.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: " "): out += "+"
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                out += "%" + (hex.utf8.count == 1 ? "0" : "") + hex
            }
        }
        return out
    }
}
