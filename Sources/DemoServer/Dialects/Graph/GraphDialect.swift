// SPDX-License-Identifier: MIT
import HTTP

/// Microsoft Graph: drives with files that are checked out, the beta's locks, and the host where one signs in.
///
/// A hold of the shared book is a check-out here; a lock that a program has made is an Office lock, which the beta shows.
/// One library holds the site; the folder `team` is the operator's own drive.
final class GraphDialect: Dialect {
    let book: LockBook
    let options: DemoOptions
    let root = "/"
    var switches: GraphSwitches { options.graph }

    var random: SplitMix64
    /// Access tokens, refresh tokens and codes by their text.
    var grants: [String: GraphGrant] = [:]
    var refreshes: [String: (person: String, application: String)] = [:]
    var codes: [String: GraphCode] = [:]
    /// What a drive looked like when a token for its changes was given out.
    var snapshots: [String: [String: String]] = [:]
    /// The comments of check-ins, by item.
    var comments: [String: String] = [:]
    private var requests = 0
    private var items: (revision: Int, byID: [String: Item]) = (-1, [:])

    static let siteHost = "harbour.sharepoint.example"
    static let sitePath = "sites/harbour"
    static let siteID =
        "harbour.sharepoint.example,5c1b0d5e-0000-4000-8000-000000000001,5c1b0d5e-0000-4000-8000-000000000002"
    static let groupID = "9d0f3c52-0000-4000-8000-000000000010"
    static let listID = "7f4d1c40-0000-4000-8000-000000000020"
    /// The secret of any application that signs in by itself.
    static let clientSecret = "demo-secret"

    init(book: LockBook, options: DemoOptions) {
        self.book = book
        self.options = options
        random = SplitMix64(seed: options.seed ^ 0x6A9F_0511)
    }

    func user(of call: Call) -> String? { grant(of: call)?.holder }

    func answer(_ call: Call) -> Response {
        if call.segments.count == 4, call.segments[1] == "oauth2" { return authority(call) }
        if call.segments == ["device"] { return devicePage(call) }
        requests += 1
        if switches.throttleEvery > 0, requests.isMultiple(of: switches.throttleEvery) {
            return response(throttled, call)
        }
        return answer(call, grant: grant(of: call))
    }

    /// Answers a call, or a part of a batch.
    func answer(_ call: Call, grant: GraphGrant?) -> Response {
        do throws(GraphFailure) {
            guard let version = call.segments.first, version == "v1.0" || version == "beta" else {
                throw GraphFailure(status: 404, code: "BadRequest", message: "Invalid version.")
            }
            guard let grant else { throw Self.unauthorized }
            for (name, _) in call.query where name.hasPrefix("$") && !Self.options.contains(name) {
                throw .invalid("Query option '\(name)' is not allowed.")
            }
            let visit = GraphVisit(call: call, grant: grant, isBeta: version == "beta")
            return try route(Array(call.segments.dropFirst()), visit)
        } catch {
            return response(error, call)
        }
    }

    private static let options = [
        "$select", "$expand", "$top", "$orderby", "$skiptoken", "$skipToken", "$filter", "$count",
    ]

    static let unauthorized = GraphFailure(
        status: 401, code: "InvalidAuthenticationToken", message: "Access token has expired or is not yet valid.",
        headers: [
            "WWW-Authenticate": "Bearer realm=\"\", authorization_uri=\"https://login.example/common/oauth2/authorize\""
        ])

    var throttled: GraphFailure {
        GraphFailure(
            status: 429, code: "TooManyRequests", message: "Please retry again later.", inner: "429",
            headers: ["Retry-After": switches.retryAfter])
    }

    private func response(_ failure: GraphFailure, _ call: Call) -> Response {
        var response = Response.graph(failure.body(switches, now: book.now), status: failure.status)
        for field in failure.headers.fields { response.headers.add(field.name, field.value) }
        if switches.emptiesErrors { response.body = [] }
        return response
    }

    // MARK: Routes

    private func route(_ names: [String], _ visit: GraphVisit) throws(GraphFailure) -> Response {
        switch (names.first, names.count) {
        case ("$batch", 1): return try batch(visit)
        case ("me", 1): return try me(visit)
        case ("drives", 2...): return try drive(Array(names.dropFirst(2)), of: try drive(named: names[1]), visit)
        case ("me", 2...):
            guard let person = visit.grant.person else { throw Self.noMe }
            return try below(Array(names.dropFirst()), drives: [ownDrive(of: person)], visit)
        case ("users", 3...):
            guard let person = person(named: names[1]) else { throw .notFound() }
            return try below(Array(names.dropFirst(2)), drives: [ownDrive(of: person)], visit)
        case ("groups", 3...):
            guard names[1] == Self.groupID else { throw .notFound() }
            return try below(Array(names.dropFirst(2)), drives: [library], visit)
        // Some clients code the slashes of a site's address, which are taken for what they are.
        case ("sites", 2...):
            return try sites(names.dropFirst().flatMap { $0.split(separator: "/").map(String.init) }, visit)
        default: throw .unknownSegment(names.first ?? "")
        }
    }

    private static let noMe = GraphFailure(
        status: 400, code: "BadRequest", message: "/me request is only valid with delegated authentication flow.")

    private func below(_ names: [String], drives: [GraphDemoDrive], _ visit: GraphVisit) throws(GraphFailure)
        -> Response
    {
        guard let first = drives.first else { throw .notFound() }
        switch names.first {
        case "drive": return try drive(Array(names.dropFirst()), of: first, visit)
        case "drives" where names.count == 1:
            return .graph(["value": .array(drives.map { driveJSON($0) })])
        case "drives":
            guard let named = drives.first(where: { $0.id == names[1] }) else { throw .notFound() }
            return try drive(Array(names.dropFirst(2)), of: named, visit)
        default: throw .unknownSegment(names.first ?? "")
        }
    }

    private func me(_ visit: GraphVisit) throws(GraphFailure) -> Response {
        guard let id = visit.grant.person else { throw Self.noMe }
        return .graph([
            "id": .string(Self.objectID(id)), "displayName": .string(book.displayName(id)),
            "userPrincipalName": .string(Self.principalName(id)), "mail": .string(Self.principalName(id)),
        ])
    }

    private func sites(_ names: [String], _ visit: GraphVisit) throws(GraphFailure) -> Response {
        if names[0] == Self.siteHost + ":" || (names[0] == Self.siteHost && names.count == 1) {
            let path = names.dropFirst().joined(separator: "/")
            guard path.isEmpty || path == Self.sitePath else { throw .notFound() }
            return .graph(["id": .string(Self.siteID), "name": "harbour", "displayName": .string(book.root.title)])
        }
        guard names[0] == Self.siteID else { throw .notFound() }
        let rest = Array(names.dropFirst())
        if rest.first == "lists" { return try list(Array(rest.dropFirst()), visit) }
        guard !rest.isEmpty else { return .graph(["id": .string(Self.siteID), "name": "harbour"]) }
        return try below(rest, drives: [library], visit)
    }

    // MARK: People

    /// The id of a person in the directory, made from the name.
    static func objectID(_ name: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        let hex = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        return "\(hex.prefix(8))-\(hex.dropFirst(8).prefix(4))-4a6e-9b0d-0c5f\(hex.suffix(8))"
    }

    static func principalName(_ name: String) -> String { name.contains("@") ? name : name + "@harbour.example" }

    func person(named text: String) -> String? {
        book.people.keys.first { $0 == text || Self.principalName($0) == text || Self.objectID($0) == text }
    }

    // MARK: Items by id

    static func id(of item: Item) -> String { "01" + item.uid.uppercased() }

    func item(_ id: String) -> Item? {
        if items.revision != book.revision {
            let pairs = book.root.subtree.map { (Self.id(of: $0), $0) }
            items = (book.revision, Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
        }
        return items.byID[id]
    }
}

/// One call that has shown its token.
struct GraphVisit {
    let call: Call
    let grant: GraphGrant
    let isBeta: Bool

    var version: String { isBeta ? "beta" : "v1.0" }

    /// The properties that were asked for; `nil` for the usual ones.
    var selected: Set<String>? {
        call.value("$select").map { Set($0.split(separator: ",").map { String($0.filter { $0 != " " }) }) }
    }
}

extension Response {
    static func graph(_ body: JSON, status: Int = 200) -> Response {
        Response(
            status: status,
            headers: [
                "Content-Type":
                    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
                "request-id": "94fb3b52-452a-4535-a601-69e0a90e3aa2",
            ], body: body.encoded(.compact))
    }
}
