// SPDX-License-Identifier: MIT
import HTTP

extension PloneDialect {
    func user(of call: Call) -> String? { person(of: call)?.id }

    /// Who sent a request: the cookie counts before the header. Wrong or expired credentials are nobody's.
    func person(of call: Call) -> Person? {
        if let cookie = call.headers["Cookie"], let person = person(cookie: cookie) { return person }
        guard let header = call.headers["Authorization"] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return person(token: String(parts[1]))
        case "basic": return book.person(basic: String(parts[1]))
        default: return nil
        }
    }

    // MARK: Tokens

    /// A token for somebody, signed with HMAC-SHA256.
    func token(for person: Person) -> String {
        let name: JSON = person.account.isRoot ? .null : .string(person.isDeleted ? "" : person.account.fullName)
        var claims: JSON = ["sub": .string(person.id)]
        if options.tokenLifetime > 0 {
            claims = claims.adding([.init(key: "exp", value: .int(Int(book.now + options.tokenLifetime)))])
        }
        claims = claims.adding([.init(key: "fullname", value: name)])
        let head: JSON = ["alg": "HS256", "typ": "JWT"]
        let signed = [head, claims].map { Base64.url($0.encoded(.compact)) }.joined(separator: ".")
        let code = Digest.signature(of: signed.utf8, key: key)
        return signed + "." + Base64.url(code)
    }

    /// Whose token it is, deleted people's included; `nil` when it is forged or has expired.
    private func person(token: String) -> Person? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let code = Base64.decoded(String(parts[2])),
            let claims = Base64.decoded(String(parts[1])),
            code == Digest.signature(of: "\(parts[0]).\(parts[1])".utf8, key: key),
            let body = try? JSON(reading: claims), let id = body["sub"]?.text
        else { return nil }
        if case .int(let end)? = body["exp"], Double(end) <= book.now { return nil }
        return book.people[id]
    }

    // MARK: Cookies

    private func cookie(for person: Person) -> String {
        let body = Array(person.id.utf8)
        let code = Digest.signature(of: body, key: key)
        let value = Call.quoted(Base64.plain(code + body))
        return "__ac=\(value); Path=/; \(person.account.isRoot ? "" : "HttpOnly; ")SameSite=Lax"
    }

    private func person(cookie header: String) -> Person? {
        let cookies = header.split(separator: ";").map { $0.drop { $0 == " " } }
        guard let cookie = cookies.first(where: { $0.hasPrefix("__ac=") }),
            let bytes = Base64.decoded(String(cookie.dropFirst(5)).replacingPercents()), bytes.count > 32,
            Array(bytes[..<32]) == Digest.signature(of: bytes[32...], key: key)
        else { return nil }
        return book.people[String(decoding: bytes[32...], as: UTF8.self)]
    }

    // MARK: Calls

    func login(_ visit: Visit) throws(PloneFailure) -> Response {
        let body = try visit.object(in: book)
        guard let login = body["login"]?.text, let password = body["password"]?.text else {
            throw .refused(
                400, type: "Missing credentials", message: "Login and password must be provided in body.")
        }
        guard let person = book.person(login: login, password: password) else {
            throw .refused(401, type: "Invalid credentials", message: "Wrong login and/or password.")
        }
        var response = Response.plone(["token": .string(token(for: person))])
        response.headers["Set-Cookie"] = cookie(for: person)
        return response
    }

    func renew(_ visit: Visit) throws(PloneFailure) -> Response {
        guard let user = visit.user else {
            throw .refused(
                401, type: "Invalid or expired authentication token",
                message: "The authentication token is invalid or expired.")
        }
        return .plone(["token": .string(token(for: user))])
    }
}

extension String {
    /// The text with `%XX` decoded.
    fileprivate func replacingPercents() -> String {
        Call(Request("GET", "http://x/?v=\(self)")).value("v").map { $0.replacing(" ", with: "+") } ?? self
    }
}

/// Base64 in its two alphabets.
enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// With `-` and `_`, without padding, as tokens want it.
    static func url(_ bytes: [UInt8]) -> String {
        encoded(bytes, letters + Array("-_".utf8))
    }

    /// With `+` and `/`, padded.
    static func plain(_ bytes: [UInt8]) -> String {
        let text = encoded(bytes, letters + Array("+/".utf8))
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    private static func encoded(_ bytes: [UInt8], _ alphabet: [UInt8]) -> String {
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { out.append(alphabet[bits >> (18 - 6 * place) & 63]) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The bytes of either alphabet; `nil` when it isn't Base64.
    static func decoded(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in text.utf8 where byte != UInt8(ascii: "=") {
            let value: Int
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "_"), UInt8(ascii: "/"): value = 63
            default:
                guard let place = letters.firstIndex(of: byte) else { return nil }
                value = place
            }
            bits = (bits << 6 | value) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return out
    }
}
