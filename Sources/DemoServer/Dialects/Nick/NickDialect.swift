// SPDX-License-Identifier: MIT
import HTTP

/// The REST dialect of Nick: content addresses with `@` calls below them, alike to Plone's and different in nearly
/// every answer.
final class NickDialect: Dialect {
    let book: LockBook
    let options: DemoOptions
    let root = "/"
    let key: [UInt8]
    /// The tokens that were handed out and not revoked, by user.
    var tokens: [String: Set<String>] = [:]
    /// What a lock was made with, by the book's token: Nick stores it unchecked.
    var wishes: [String: LockWish] = [:]
    /// The saves of each item, oldest first.
    var versions: [String: [Version]] = [:]
    /// The steps of each item through its workflow, oldest first.
    var steps: [String: [NickStep]] = [:]
    /// Counted for each address that one proxy in front names; not for each person.
    private var signIns: [String: NickLimit] = [:]
    private var searches: [String: NickLimit] = [:]

    struct LockWish {
        var timeout: JSON
        var stealable: JSON
        /// The holder's name at that time: it stays when the account is renamed or goes.
        var holder: JSON
    }

    /// What a save leaves behind.
    struct Version {
        var author: String
        var note: String?
        var time: Double
        var title: String
        var description: String
    }

    init(book: LockBook, options: DemoOptions) {
        self.book = book
        self.options = options
        var random = SplitMix64(seed: options.seed ^ 0x41C4_0001)
        key = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    var nick: NickOptions { options.nick }
    var isOld: Bool { nick.release == .july2022 }

    func answer(_ request: Call) -> Response {
        var call = request
        // One proxy in front is believed, as to the scheme.
        if let scheme = call.headers["X-Forwarded-Proto"] { call.origin = scheme + call.origin.drop { $0 != ":" } }
        var response: Response
        do throws(NickFailure) {
            response = try route(call)
        } catch {
            response = error.response(language(of: call))
        }
        return tagged(&response, call)
    }

    func user(of call: Call) -> String? { try? person(of: call)?.id }

    // MARK: Routes

    private func route(_ call: Call) throws(NickFailure) -> Response {
        try checkAddress(call)
        guard let path = stripped(call.segments) else { throw .notFound(isOld ? nil : "/" + plain(call)) }
        let names = Array(path.prefix { !$0.hasPrefix("@") })
        // Capitals work, an encoded sign does not: that is a child's name.
        let service = path.dropFirst(names.count).enumerated().map {
            $0.offset == 0 ? $0.element.lowercased() : $0.element
        }
        if call.target.lowercased().contains("/%40") { throw missing(names + service) }
        if call.method == "OPTIONS" {
            return Response(
                status: 200, headers: ["Content-Type": "text/plain"], body: Array("DELETE, GET, HEAD, PATCH, POST".utf8)
            )
        }
        guard ["GET", "HEAD", "POST", "PATCH", "DELETE"].contains(call.method) else {
            throw .page(404, "Cannot \(call.method) \(call.target)")
        }
        if service.first == "@nick" { return NickFailure.page(200, "Nick").response("en") }
        try checkBody(call)
        let limit = try limit(call, service)
        var response: Response
        do throws(NickFailure) {
            response = try serve(call, names, service)
        } catch {
            response = error.response(language(of: call))
        }
        for field in limit.fields { response.headers[field.name] = field.value }
        return response
    }

    private func checkAddress(_ call: Call) throws(NickFailure) {
        guard WebAddress.decode(call.target.prefix { $0 != "?" }) == nil else { return }
        throw .page(400, "URIError: Failed to decode param")
    }

    /// What the framework refuses before Nick sees it. A body that does not say that it is JSON is not read at all.
    private func checkBody(_ call: Call) throws(NickFailure) {
        guard NickVisit.isJSON(call), !call.body.isEmpty else { return }
        let type = (call.headers["Content-Type"] ?? "").lowercased()
        if type.contains("charset="), !type.contains("charset=utf-8") {
            throw .page(415, "UnsupportedMediaTypeError: unsupported charset")
        }
        guard call.body.count <= 1 << 20 else { throw .page(413, "PayloadTooLargeError: request entity too large") }
        guard let value = try? JSON(reading: call.body), value.fields != nil || value.elements != nil else {
            throw .page(400, "SyntaxError: Unexpected token in JSON")
        }
    }

    private func serve(_ call: Call, _ names: [String], _ service: [String]) throws(NickFailure) -> Response {
        let path = book.root.path + names.map { "/" + $0 }.joined()
        guard let item = book.item(at: path) else {
            if let moved = book.movedItem(from: path) {
                return Response(status: 301, headers: ["Location": own(moved) + service.map { "/" + $0 }.joined()])
            }
            // A call that is known counts for its item; one that is not is a child's name.
            throw missing(Self.calls.contains(service.first ?? "") ? names : names + service)
        }
        let visit = NickVisit(call: call, item: item, service: service, user: try person(of: call))
        return try answer(visit)
    }

    private static let calls: Set = ["@lock", "@search", "@history", "@workflow", "@move", "@copy"]

    func missing(_ names: [String]) -> NickFailure {
        .notFound(isOld ? nil : "/" + names.joined(separator: "/"))
    }

    /// The path without the configured prefix, and without what a proxy's virtual host puts in front.
    private func stripped(_ segments: [String]) -> [String]? {
        if segments.contains("VirtualHostBase"), let end = segments.firstIndex(of: "VirtualHostRoot") {
            return Array(segments[(end + 1)...])
        }
        let prefix = nick.prefix.split(separator: "/").map(String.init)
        return segments.starts(with: prefix) ? Array(segments.dropFirst(prefix.count)) : nil
    }

    private func plain(_ call: Call) -> String { call.segments.joined(separator: "/") }

    private func limit(_ call: Call, _ service: [String]) throws(NickFailure) -> Headers {
        guard nick.isLimited, !isOld else { return [:] }
        let address = call.headers["X-Forwarded-For"] ?? ""
        let counted: (headers: Headers, isOver: Bool)
        let refusal: String
        switch (call.method, service.first ?? "", service.count) {
        case ("POST", "@login", 1), ("POST", "@login-renew", 1):
            counted = signIns[address, default: NickLimit(most: 5)].count(at: book.now)
            refusal = "Too many authentication attempts"
        case ("GET", "@search", 1), ("POST", "@querystring-search", 1), ("GET", "@users", 1):
            counted = searches[address, default: NickLimit(most: 100)].count(at: book.now)
            refusal = "Too many requests"
        default: return [:]
        }
        guard counted.isOver else { return counted.headers }
        throw .limited(refusal, counted.headers)
    }

    // MARK: Words

    /// The first language of the client's list that is switched on. Regions and weights are left aside.
    func language(of call: Call) -> String {
        let wished = (call.headers["Accept-Language"] ?? "en").split(separator: ",").map { part in
            String(part.filter { $0 != " " }.prefix { $0 != ";" && $0 != "-" })
        }
        return wished.first { nick.languages.contains($0) } ?? "en"
    }

    /// The item's own path: `/` for the site.
    func own(_ item: Item) -> String {
        item.parent == nil ? "/" : String(item.path.dropFirst(book.root.path.utf8.count))
    }

    /// The item's `@id`: the host as the client named it, and never the prefix.
    func address(_ item: Item, _ call: Call) -> String {
        item.parent == nil ? call.origin : call.origin + own(item)
    }

    /// A weak mark of the body, and 304 to who has it already.
    private func tagged(_ response: inout Response, _ call: Call) -> Response {
        guard response.headers["Content-Type"]?.hasPrefix("application/json") ?? false else { return response }
        let digest = Base64.plain(Digest.sha1(response.body)).dropLast()
        let tag = "W/\"\(String(response.body.count, radix: 16))-\(digest)\""
        response.headers["ETag"] = tag
        let isForced = call.headers["Cache-Control"]?.contains("no-cache") ?? false
        if response.status == 200, ["GET", "HEAD"].contains(call.method), !isForced,
            call.headers["If-None-Match"] == tag
        {
            return Response(status: 304, headers: ["ETag": tag])
        }
        if call.method == "HEAD" { response.body = [] }
        return response
    }
}

/// One request for one item.
struct NickVisit {
    let call: Call
    let item: Item
    /// The call's name with what follows it; empty for the content itself.
    let service: [String]
    let user: Person?

    /// The body as an object. It is read only if it says that it is JSON; `nil` otherwise.
    func body() throws(NickFailure) -> JSON? {
        guard Self.isJSON(call), !call.body.isEmpty else { return nil }
        guard let value = try? JSON(reading: call.body) else {
            throw .page(400, "SyntaxError: Unexpected token in JSON")
        }
        // A list counts as an empty body.
        return value.fields == nil ? [:] : value
    }

    /// Whether the body says that it is JSON; forms and kinds of JSON with other names are not read.
    static func isJSON(_ call: Call) -> Bool {
        let type = (call.headers["Content-Type"] ?? "").prefix { $0 != ";" }
        return type.filter { $0 != " " }.lowercased() == "application/json"
    }
}
