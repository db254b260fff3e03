// SPDX-License-Identifier: MIT
import HTTP

/// The REST dialect of Plone: content addresses with `@` services below them.
final class PloneDialect: Dialect {
    let book: LockBook
    let options: DemoOptions
    let root = "/Plone"
    let key: [UInt8]
    /// The last listing, because a client that pages asks for it again and again.
    var listing: (key: String, revision: Int, items: [Item])?

    init(book: LockBook, options: DemoOptions) {
        self.book = book
        self.options = options
        var random = SplitMix64(seed: options.seed ^ 0x5E55_1035)
        key = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    func answer(_ call: Call) -> Response {
        var response: Response
        do throws(PloneFailure) {
            response = try route(call)
        } catch {
            response = error.response(call.origin)
        }
        response.headers["Server"] = "waitress"
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        // The real server can't keep a connection open after an answer without a length.
        if response.status == 204 { response.headers["Connection"] = "close" }
        return response
    }

    private func route(_ call: Call) throws(PloneFailure) -> Response {
        if ["LOCK", "UNLOCK", "PROPFIND", "PROPPATCH", "MKCOL", "MOVE", "COPY"].contains(call.method) {
            return try webDAV(call)
        }
        var names = call.segments[...]
        var prefix = "/" + (names.first ?? "")
        var isAPI = Self.wantsJSON(call.headers["Accept"])
        guard names.popFirst() == book.root.id else {
            guard isAPI else { return Self.notREST }
            throw .notFound(url: call.origin + prefix, nearest: nil)
        }
        if names.first == "++api++" {
            isAPI = true
            names.removeFirst()
            if names.first == "++api++" {
                let rest = names.drop { $0 == "++api++" }.map { "/" + $0 }.joined()
                return redirect(to: call.origin + prefix + "/++api++" + rest, call)
            }
            prefix += "/++api++"
        }
        let target = try walk(names, call, prefix: prefix)
        switch target {
        case .moved(let address):
            return redirect(to: address, call)
        case .found(let item, let service):
            let visit = Visit(
                call: call, item: item, service: service, user: person(of: call), site: call.origin + "/Plone",
                prefix: call.origin + prefix)
            guard isAPI else { return webPage(visit) }
            return try serve(visit)
        }
    }

    private enum Target {
        case found(Item, service: [String])
        case moved(to: String)
    }

    /// Follows the names of a path as far as they lead; the first one that begins with `@` is a service.
    private func walk(_ names: ArraySlice<String>, _ call: Call, prefix: String) throws(PloneFailure) -> Target {
        var item = book.root
        for (index, name) in zip(names.indices, names) {
            if let next = child(name, of: item) {
                item = next
                continue
            }
            if name.hasPrefix("@") { return .found(item, service: Array(names[index...])) }
            let content = names.prefix { !$0.hasPrefix("@") }
            if let moved = book.movedItem(from: "/Plone/" + content.joined(separator: "/")) {
                let service = names.dropFirst(content.count).map { "/" + $0 }.joined()
                return .moved(to: call.origin + prefix + moved.path.dropFirst(root.utf8.count) + service)
            }
            guard Self.wantsJSON(call.headers["Accept"]) || prefix.hasSuffix("++api++") else { throw .notREST }
            let reached = names[names.startIndex...index].map { "/" + $0 }.joined()
            throw .notFound(url: call.origin + prefix + reached, nearest: book.visibleAncestor(of: item, for: nil))
        }
        return .found(item, service: [])
    }

    private func child(_ name: String, of item: Item) -> Item? {
        if let child = item.child(name) { return child }
        guard options.acquisition else { return nil }
        return sequence(first: item) { $0.parent }.lazy.compactMap { $0.child(name) }.first
    }

    /// Whether exactly one media type is asked for, and it is JSON.
    static func wantsJSON(_ accept: String?) -> Bool {
        guard let accept, !accept.utf8.contains(UInt8(ascii: ",")) else { return false }
        return accept.split(separator: ";").first?.filter { $0 != " " } == "application/json"
    }

    private func redirect(to address: String, _ call: Call) -> Response {
        Response(
            status: call.method == "GET" ? 302 : 307,
            headers: ["Content-Type": "application/json", "Location": address])
    }

    /// What answers when a request is not one of the REST calls.
    static let notREST = Response(
        status: 404, headers: ["Content-Type": "application/json"], body: Array(#"{"error_type": "NotFound"}"#.utf8))

    private func webPage(_ visit: Visit) -> Response {
        guard visit.service.isEmpty, visit.call.method == "GET" || visit.call.method == "HEAD" else {
            return Self.notREST
        }
        guard book.may(visit.user, .view, visit.item) else {
            let login = "/acl_users/credentials_cookie_auth/require_login?came_from="
            return Response(
                status: 302, headers: ["Location": visit.site + login + Call.quoted(visit.url(of: visit.item))])
        }
        let title = [visit.item.title, book.root.title].map(Self.escaped).joined(separator: " &#8212; ")
        let page = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>\(title)</title></head>"
        return Response(
            status: 200,
            headers: [
                "Content-Language": "en", "Content-Type": "text/html;charset=utf-8",
                "Expires": "Sat, 1 Jan 2000 00:00:00 GMT",
            ],
            body: Array((page + "<body><h1>\(Self.escaped(visit.item.title))</h1></body></html>\n").utf8))
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { out, character in
            switch character {
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "&": out += "&amp;"
            default: out.append(character)
            }
        }
    }
}

/// One REST call that has found its item.
struct Visit {
    let call: Call
    let item: Item
    /// The service's name with what follows it; empty for the content itself.
    let service: [String]
    let user: Person?
    /// The address of the site: `http://127.0.0.1:8080/Plone`.
    let site: String
    /// The same as the client wrote it, with `++api++` if that was used.
    let prefix: String

    /// The address of an item; never with `++api++`.
    func url(of item: Item) -> String { call.origin + item.path }

    /// The address that this request was sent to, without its query.
    var ownURL: String {
        ([prefix + item.path.dropFirst("/Plone".utf8.count)] + service).joined(separator: "/")
    }

    /// The body as an object; an empty body is an empty object.
    func object(in book: LockBook) throws(PloneFailure) -> JSON {
        guard !call.body.isEmpty else { return [:] }
        let value: JSON
        do {
            value = try JSON(reading: call.body)
        } catch {
            throw .exception(500, "DeserializationError", "'No JSON object could be decoded'", self, book)
        }
        guard value.fields != nil else {
            throw .exception(500, "DeserializationError", "'Malformed body'", self, book)
        }
        return value
    }
}

extension Response {
    /// A JSON answer as Plone's services lay it out.
    static func plone(_ body: JSON, status: Int = 200) -> Response {
        Response(status: status, headers: ["Content-Type": "application/json"], body: body.encoded())
    }

    /// Done, and nothing to say.
    static var noContent: Response { Response(status: 204) }
}
