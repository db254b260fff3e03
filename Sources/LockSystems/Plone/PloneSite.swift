// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Requests to one Plone site: addresses, headers, sign-in, and the reading of answers. Knows nothing of locks.
///
/// Wire facts: plone.md sections 1 to 3. One media type in `Accept`, no cookies, no redirects followed, and `@id`s are
/// taken for paths only, because behind `++api++` and virtual hosts they are not the addresses to ask.
final class PloneSite: Sendable {
    let profile: SystemProfile
    let errors: PloneErrors
    let clock = ServerClock()
    let session: PloneSession

    private let transport: any Transport
    private let address: WebAddress
    /// Whether requests go through `++api++`, as sites with a separate front end want it.
    private let usesTraverser: Mutex<Bool>
    /// When somebody who is not signed in last saw that a Plone is there.
    private let seenAt = Mutex<ContinuousClock.Instant?>(nil)
    /// What the server calls its own root in `@id`s, once it has told.
    private let reportedRoot = Mutex<WebAddress?>(nil)

    init(_ profile: SystemProfile) {
        self.profile = profile
        transport = profile.transport
        let given = profile.address.description
        let suffix = "/++api++"
        let isTraversed = given.hasSuffix(suffix)
        address =
            isTraversed ? (try? WebAddress(String(given.dropLast(suffix.count)))) ?? profile.address : profile.address
        usesTraverser = Mutex(isTraversed)
        let errors = PloneErrors(
            voice: ServerVoice(server: profile.name, product: "Plone", place: given, now: profile.now))
        self.errors = errors
        let sender = Sender(profile: profile, clock: clock, voice: errors.voice)
        self.sender = sender
        session = PloneSession(sender, errors)
    }

    private let sender: Sender

    /// The address that requests go to: the site root, through `++api++` where it is needed.
    var root: String { address.description + (usesTraverser.withLock(\.self) ? "/++api++" : "") }

    /// The address at which a person finds a path.
    func webAddress(_ path: String) -> String { address.appending(path: path) }

    /// What `path` is called in a catalogue query: the site's own prefix and the path.
    func catalogPath(_ path: String) -> String {
        (WebAddress.decode(address.path) ?? address.path) + (path == "/" ? "" : path)
    }

    /// Signs in, or makes sure that it still holds; finds out on the way whether the API lies under `++api++`.
    func signIn() async throws -> Account {
        do {
            return try await checkedAccount()
        } catch let error as LockError where error.code == .wrongSystem && !usesTraverser.withLock(\.self) {
            // A separate front end answers at the root; the API then lies under the traverser.
            usesTraverser.withLock { $0 = true }
            do {
                return try await checkedAccount()
            } catch let inner as LockError where inner.code == .notSignedIn {
                // There it is, and it has refused the password.
                throw inner
            } catch {
                usesTraverser.withLock { $0 = false }
            }
            throw error
        }
    }

    private func checkedAccount() async throws -> Account {
        if case .anonymous = profile.login {
            if let seenAt = seenAt.withLock(\.self), profile.time.now() - seenAt < .seconds(60) {
                return Account(id: nil, name: nil)
            }
            let answer = try await sender.send(
                Request("GET", root + "/@site", headers: ["Accept": "application/json"], for: .read))
            guard answer.status == 200, (try? JSONBody.decode(SiteFacts.self, from: answer)) != nil else {
                if let windows = WindowsSignIn.refusal(answer, server: profile.name, takesTickets: true) {
                    throw windows
                }
                if answer.status == 401 { throw errors.voice.notSignedIn(nil) }
                if [429, 502, 503, 504].contains(answer.status) {
                    throw errors.refusal(answer, path: "/@site", changing: false)
                }
                throw errors.wrongSystem(answer)
            }
            seenAt.withLock { $0 = profile.time.now() }
            return Account(id: nil, name: nil)
        }
        return try await session.verify(at: root)
    }

    private struct SiteFacts: Decodable {
        var address: String
        enum CodingKeys: String, CodingKey { case address = "@id" }
    }

    /// Asks for JSON and reads it.
    /// - Throws: `LockError`
    func get<Answer: Decodable>(
        _ path: String, _ service: String? = nil, query: [(String, String)] = [], as type: Answer.Type
    ) async throws -> (answer: Answer, bytes: Int) {
        let response = try await call("GET", path, service, query: query, for: .read)
        do {
            return (try JSONBody.decode(type, from: response), response.body.count)
        } catch {
            throw errors.voice.nonsense(error.message, status: response.status, changing: false)
        }
    }

    /// Sends a request and answers what came back with a status of 2xx.
    /// - Throws: `LockError`
    @discardableResult
    func call(
        _ method: HTTP.Method, _ path: String, _ service: String? = nil, query: [(String, String)] = [],
        headers: Headers = [:], body: [UInt8]? = nil, for purpose: Request.Purpose
    ) async throws -> Response {
        func attempt(_ pass: PloneSession.Pass) async throws -> Response {
            var request = Request(
                method, url(path, service, query: query), headers: headers, body: body, for: purpose)
            request.headers["Accept"] = "application/json"
            if body != nil { request.headers["Content-Type"] = "application/json" }
            request.headers["Authorization"] = pass.header
            return try await sender.send(request)
        }
        let isChange = purpose == .change
        let pass = try await session.pass(at: root)
        let response = try await attempt(pass)
        if (200..<300).contains(response.status) { return response }
        guard response.status == 401 else {
            if response.status == 404, !isJSON(response), !isChange { throw errors.wrongSystem(response) }
            var error = errors.refusal(response, path: path, changing: isChange)
            // Where Plone itself fails, it fails at one item; what stands before it gives up where a page takes too long.
            error.asksForLess = response.status > 500 && response.asksForLess
            throw error
        }
        if let windows = WindowsSignIn.refusal(response, server: profile.name, takesTickets: true) { throw windows }
        if case .anonymous = profile.login { throw errors.voice.notSignedIn(nil) }
        // 401 means "nobody is signed in" and "this account may not" alike: asking who we are tells them apart.
        let isOther = try await session.isOther(than: pass, at: root)
        let account = await session.known?.id
        guard isOther else { throw errors.forbidden(path, as: account, changing: isChange) }
        // The server has refused the first one for the sign-in alone, so this is no repetition of a change.
        let again = try await attempt(try await session.pass(at: root))
        if (200..<300).contains(again.status) { return again }
        if again.status == 401 { throw errors.forbidden(path, as: account, changing: isChange) }
        throw errors.refusal(again, path: path, changing: isChange)
    }

    /// How many bytes a name and a value add to an address.
    static func length(_ pair: (String, String)) -> Int {
        WebAddress.encodeQuery(pair.0).utf8.count + WebAddress.encodeQuery(pair.1).utf8.count + 2
    }

    private func url(_ path: String, _ service: String?, query: [(String, String)]) -> String {
        var url = root
        for segment in path.split(separator: "/") { url += "/" + WebAddress.encode(String(segment)) }
        if let service { url += "/" + service }
        let pairs = query.map { "\(WebAddress.encodeQuery($0.0))=\(WebAddress.encodeQuery($0.1))" }
        return pairs.isEmpty ? url : url + "?" + pairs.joined(separator: "&")
    }

    private func isJSON(_ response: Response) -> Bool {
        response.headers["Content-Type"]?.contains("json") ?? false
    }

    /// The path that an `@id` names; `nil` when it lies outside this site.
    func path(of id: String) -> String? {
        if let path = address.relativePath(of: id) { return withoutTraverser(path) }
        return reportedRoot.withLock(\.self)?.relativePath(of: id).map(withoutTraverser)
    }

    /// Learns what the server calls its root from the `@id` of an answer about a path that we asked for.
    func learnRoot(from id: String, askedFor path: String, service: String) {
        guard self.path(of: id) == nil else { return }
        var text = Substring(id.prefix { $0 != "?" })
        if text.hasSuffix("/" + service) { text = text.dropLast(service.count + 1) }
        let encoded = path.split(separator: "/").map { "/" + WebAddress.encode(String($0)) }.joined()
        guard text.hasSuffix(encoded) else { return }
        text = text.dropLast(encoded.count)
        if text.hasSuffix("/++api++") { text = text.dropLast("/++api++".count) }
        let root = try? WebAddress(String(text))
        reportedRoot.withLock { $0 = root }
    }

    private func withoutTraverser(_ path: String) -> String {
        path.hasPrefix("/++api++") ? String(path.dropFirst("/++api++".count)) : path
    }
}
