// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Requests to Graph: addresses, headers, sign-in, throttling, and the reading of answers. Knows nothing of locks.
final class GraphSite: Sendable {
    let profile: SystemProfile
    let errors: GraphErrors
    let session: GraphSession
    let clock = ServerClock()
    /// Whether the interface is the beta, which has edit locks. The two versions never mix.
    let isBeta: Bool

    /// Until when the tenant is left alone; throttled calls would count against us.
    private let quietUntil = Mutex<ContinuousClock.Instant?>(nil)
    /// Whether the address has proved to be Graph.
    private let isProven = Mutex(false)

    init(_ profile: SystemProfile, sleep: @escaping @Sendable (Double) async throws -> Void) {
        self.profile = profile
        isBeta = profile.options.api == "beta"
        var errors = GraphErrors(
            voice: GraphErrors.voice(server: profile.name, address: profile.address.description, now: profile.now))
        if case .code = profile.login {} else { errors.isByCode = false }
        self.errors = errors
        session = GraphSession(profile, errors: errors, sleep: sleep)
    }

    /// The root of the interface: `https://graph.microsoft.com/v1.0`.
    var root: String { profile.address.description + (isBeta ? "/beta" : "/v1.0") }

    /// A path from percent-encoded segments, each plain text encoded once.
    static func path(_ segments: String...) -> String { segments.map { "/" + WebAddress.encode($0) }.joined() }

    /// Makes sure that we are signed in, and finds out as whom, once for each token.
    func whoAmI() async throws -> Account {
        let token = try await session.token()
        if let known = await session.known { return known }
        if case .program(let clientID, _) = profile.login {
            let account = Account(id: clientID, name: "the application")
            await session.learn(account, isApplication: true)
            return account
        }
        let response = try await attempt(
            "GET", "/me?$select=id,displayName,userPrincipalName,mail", headers: [:], body: nil, for: .read)
        let claims = GraphClaims(token: token)
        switch response.status {
        case 200:
            let me = try read(response, as: GraphMe.self, changing: false)
            let account = Account(id: me.id, name: me.identity.name)
            await session.learn(account, isApplication: false, addresses: me.identity.addresses)
            return account
        case 400 where isError(response):
            // A program's own token has no "me".
            let account = Account(id: claims?.appid ?? "application", name: "the application")
            await session.learn(account, isApplication: true)
            return account
        case 403 where claims?.oid != nil:
            // Without User.Read the token itself may still say it.
            let account = Account(id: claims?.oid, name: claims?.name)
            await session.learn(
                account, isApplication: claims?.idtyp == "app", addresses: claims?.addresses ?? [])
            return account
        default:
            try check(response, "the account", changing: false)
            throw errors.wrongSystem(response, changing: false)
        }
    }

    /// Asks for JSON and reads it.
    /// - Parameter target: a path below the version, or an absolute address that Graph gave out.
    func get<Answer: Decodable>(_ target: String, _ what: String, as type: Answer.Type, headers: Headers = [:])
        async throws -> Answer
    {
        let response = try await attempt("GET", target, headers: headers, body: nil, for: .read)
        try check(response, what, changing: false)
        return try read(response, as: type, changing: false)
    }

    /// All pages of a collection, one after the other. Links that lead in a circle or nowhere end it with an error.
    func all<Element: Decodable & Sendable>(
        _ target: String, _ what: String, of type: Element.Type, headers: Headers = [:]
    )
        async throws -> [Element]
    {
        var elements: [Element] = []
        var next: String? = target
        var visited: Set<String> = []
        while let target = next {
            guard visited.insert(target).inserted, visited.count <= Self.mostPages else { throw errors.circle(what) }
            let page = try await get(target, what, as: GraphPage<Element>.self, headers: headers)
            if page.value.isEmpty, let failure = page.failures.first {
                throw errors.voice.nonsense(failure.message, status: 200, changing: false)
            }
            elements += page.value
            next = try page.nextLink.map { try link($0, on: target) }
        }
        return elements
    }

    /// No collection but a drive has more.
    private static let mostPages = 1_000

    /// The whole address of a link that a page gave. Gateways cut off its host, or all but its query.
    /// - Throws: `LockError` where it leads to another host: no sign-in is carried there.
    func link(_ text: String, on page: String) throws -> String {
        let current = try absolute(page)
        let bare = String(current.prefix { $0 != "?" })
        if text.hasPrefix("?") { return bare + text }
        let origin = profile.address.origin
        if text.hasPrefix("/") {
            // The configured address may have a path of its own before the version.
            let isWhole = ["/v1.0/", "/beta/"].contains { text.contains($0) }
            return isWhole ? origin + text : root + text
        }
        let whole = try absolute(text)
        let path = whole.dropFirst(origin.count).prefix { $0 != "?" }
        return path.isEmpty || path == "/" ? bare + whole.drop { $0 != "?" } : whole
    }

    /// Sends a change. Its answer carries no news: what happened is read afterwards.
    @discardableResult
    func change(_ target: String, _ what: String, body: [UInt8]? = nil) async throws -> Response {
        var headers: Headers = [:]
        if body != nil { headers["Content-Type"] = "application/json" }
        let response = try await attempt("POST", target, headers: headers, body: body ?? [], for: .change)
        try check(response, what, changing: true)
        // A sign-in page or a gateway's text with a good status is no answer to a change.
        if !response.body.isEmpty { _ = try read(response, as: Anything.self, changing: true) }
        return response
    }

    private struct Anything: Decodable {}

    /// Reads up to 20 things by one request. Parts are matched by id, and throttled as a whole.
    func batch<Body: Decodable & Sendable>(_ paths: [String], as type: Body.Type) async throws
        -> [GraphBatchAnswer<Body>.Part?]
    {
        let parts = paths.enumerated().map { GraphBatchRequest.Part(id: String($0 + 1), url: $1) }
        let response = try await attempt(
            "POST", "/$batch", headers: ["Content-Type": "application/json"],
            body: try JSONBody.encode(GraphBatchRequest(requests: parts)), for: .read)
        try check(response, "several items", changing: false)
        let answer = try read(response, as: GraphBatchAnswer<Body>.self, changing: false)
        try heed(answer)
        var found: [String: GraphBatchAnswer<Body>.Part] = [:]
        for part in answer.responses { found[part.id.lowercased()] = part }
        return parts.map { found[$0.id] }
    }

    // After the longest wait that any part was told, all is asked for anew: half a reading would show held as unknown.
    private func heed<Body>(_ answer: GraphBatchAnswer<Body>) throws {
        let throttled = answer.responses.filter { $0.status == 429 || $0.status == 503 }
        guard let first = throttled.first else { return }
        let wait = throttled.compactMap { errors.wait($0.headers) }.max()
        beQuiet(wait)
        throw errors.voice.slowDown(wait, status: first.status)
    }

    // MARK: Sending

    private func attempt(
        _ method: HTTP.Method, _ target: String, headers: Headers, body: [UInt8]?, for purpose: Request.Purpose
    ) async throws -> Response {
        let url = try absolute(target)
        let token = try await session.token()
        let first = try await send(method, url, headers, body, purpose, token: token)
        guard first.status == 401 else { return first }
        // What a stricter rule of the organisation asks for, no renewal gives: a person has to sign in again.
        if first.headers["WWW-Authenticate"]?.contains("claims=") ?? false { throw errors.notSignedIn() }
        try await session.replace(token)
        return try await send(method, url, headers, body, purpose, token: try await session.token())
    }

    private func absolute(_ target: String) throws -> String {
        guard !target.hasPrefix("/") else { return root + target }
        // A link is used as it is, but the token goes to no other host than the configured one.
        guard let origin = try? WebAddress(originOf: target), origin.origin == profile.address.origin else {
            throw LockError(
                .nonsense, "\(profile.name) points to another host for the next page; no sign-in is carried there.",
                advice: "Look at what stands between.")
        }
        return target
    }

    private func send(
        _ method: HTTP.Method, _ url: String, _ headers: Headers, _ body: [UInt8]?, _ purpose: Request.Purpose,
        token: String
    ) async throws -> Response {
        try keepQuiet()
        var request = Request(method, url, headers: headers, body: body, for: purpose)
        request.headers["Accept"] = "application/json"
        request.headers["Authorization"] = Credentials.bearer(token: token).header
        // Decorated traffic comes first under load.
        request.headers["User-Agent"] = "NONISV|locktop|locktop/1.0"
        let response = try await Sender(profile: profile, clock: clock, voice: errors.voice).send(request)
        heed(response)
        return response
    }

    private func keepQuiet() throws {
        guard let until = quietUntil.withLock(\.self) else { return }
        let left = (until - profile.time.now()) / .seconds(1)
        guard left > 0 else { return quietUntil.withLock { $0 = nil } }
        throw errors.stillWaiting(left)
    }

    private func heed(_ response: Response) {
        if [429, 503, 509].contains(response.status) { beQuiet(errors.wait(response.headers)) }
        // Near the limit good answers count down: at none left the next one would be refused.
        if response.headers["RateLimit-Remaining"].flatMap(Double.init).map({ $0 <= 0 }) ?? false {
            beQuiet(errors.wait(response.headers))
        }
    }

    private func beQuiet(_ seconds: Double?) {
        guard let seconds, seconds > 0 else { return }
        let until = profile.time.now() + .seconds(seconds)
        quietUntil.withLock { $0 = max($0 ?? until, until) }
    }

    // MARK: Reading answers

    private func isError(_ response: Response) -> Bool {
        (try? JSONBody.decode(GraphProblem.self, from: response))?.error != nil
    }

    private func check(_ response: Response, _ what: String, changing: Bool) throws {
        if (200..<300).contains(response.status) { return }
        let isOurs = isError(response)
        if isOurs { isProven.withLock { $0 = true } }
        // An error without Graph's body is a gateway's, unless nothing here has ever been Graph.
        if !isOurs, (300..<400).contains(response.status) || [404, 405].contains(response.status),
            !isProven.withLock(\.self)
        {
            throw errors.wrongSystem(response, changing: changing)
        }
        var error = errors.refusal(response, what, changing: changing)
        error.asksForLess = response.asksForLess
        throw error
    }

    func read<Answer: Decodable>(_ response: Response, as type: Answer.Type, changing: Bool) throws -> Answer {
        do {
            let answer = try JSONBody.decode(type, from: response)
            isProven.withLock { $0 = true }
            return answer
        } catch {
            guard isProven.withLock(\.self) else { throw errors.wrongSystem(response, changing: changing) }
            throw errors.voice.nonsense(error.message, status: response.status, changing: changing)
        }
    }
}
