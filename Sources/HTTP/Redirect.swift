// SPDX-License-Identifier: MIT

/// What to do about an answer that points elsewhere. Only the same origin is followed, and only for requests that
/// change nothing; so credentials never leave the server that they are for.
public enum Redirect {
    /// The most steps that are taken for one request.
    public static let maximumSteps = 5

    /// The request to send instead.
    /// - Parameter step: how many redirects this request has taken already.
    /// - Returns: `nil` when the answer is no redirect.
    /// - Throws: `.badAddress` with a sentence for one that is not followed.
    public static func next(
        after response: Response, to request: Request, step: Int = 0
    ) throws(TransportError) -> Request? {
        guard [301, 302, 303, 307, 308].contains(response.status) else { return nil }
        let server = try WebAddress(originOf: request.url)
        let name = server.hostAndPort
        guard let location = response.headers["Location"], let target = resolve(location, against: request.url) else {
            throw refused("\(name) answers with a redirect that leads nowhere.")
        }
        let other: WebAddress
        do { other = try WebAddress(originOf: target) } catch {
            throw refused("\(name) answers with a redirect to what is no web address.")
        }
        guard other.origin == server.origin else {
            throw refused("\(name) redirects to \(other.origin): set url to the address that it should be.")
        }
        guard request.purpose == .read, response.status != 303 || ["GET", "HEAD"].contains(request.method) else {
            throw refused(
                "\(name) answers \(request.method.rawValue) with a redirect: nothing that changes is repeated.")
        }
        guard step < maximumSteps, target != request.url else { throw refused("\(name) redirects in a circle.") }
        var next = request
        next.url = target
        return next
    }

    /// Whether an answer only asks for a slash at the end of the address, as web servers do that take a name for a folder's.
    public static func addsSlash(_ response: Response, to request: Request) -> Bool {
        guard [301, 302, 307, 308].contains(response.status), let location = response.headers["Location"],
            let target = resolve(location, against: request.url)
        else { return false }
        func path(_ url: String) -> Substring { url.prefix { $0 != "?" && $0 != "#" } }
        // The scheme and the host may be others: what stands before a server often names them wrongly.
        func local(_ url: String) -> Substring {
            let whole = path(url)
            guard let slashes = whole.firstRange(of: "://") else { return whole }
            return whole[slashes.upperBound...].drop { $0 != "/" }
        }
        return local(target) == local(request.url) + "/"
    }

    private static func refused(_ message: String) -> TransportError {
        TransportError(.badAddress, message, surelyNotSent: false)
    }

    /// RFC 3986, section 5.2, as far as `Location` needs it; the fragment is left out.
    static func resolve(_ reference: String, against base: String) -> String? {
        guard !reference.isEmpty, !reference.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
        let target = reference.prefix { $0 != "#" }
        if let colon = target.firstIndex(of: ":"),
            target[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        {
            return String(target)
        }
        guard let slashes = base.firstRange(of: "://") else { return nil }
        if target.hasPrefix("//") { return String(base[..<slashes.lowerBound]) + ":" + target }
        let rest = base[slashes.upperBound...]
        let pathStart = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let origin = base[..<pathStart]
        let path = base[pathStart...].prefix { $0 != "?" && $0 != "#" }
        if target.isEmpty || target.hasPrefix("?") { return "\(origin)\(path)\(target)" }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        let query = target.firstIndex(of: "?").map { target[$0...] } ?? ""
        let plain = target.prefix { $0 != "?" }
        return "\(origin)\(withoutDots(plain.hasPrefix("/") ? plain : folder + plain))\(query)"
    }

    private static func withoutDots(_ path: Substring) -> String {
        var levels: [Substring] = []
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for part in parts {
            if part == ".." { _ = levels.popLast() } else if part != "." { levels.append(part) }
        }
        if parts.last == "." || parts.last == ".." { levels.append("") }
        return "/" + levels.joined(separator: "/")
    }
}
