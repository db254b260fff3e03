// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Requests to one Nick site: addresses, headers, sign-in, and the reading of answers. Knows nothing of locks.
///
/// Wire facts: nick.md sections 1 to 3. Bodies count only as `application/json`, no redirects are followed, and `@id`s
/// are taken for paths only, because a configured prefix is missing in them.
final class NickSite: Sendable {
    let profile: SystemProfile
    let errors: NickErrors
    let clock = ServerClock()
    let session: NickSession

    private struct Place {
        var root: String
        /// Whether an answer has shown that a Nick is there.
        var isFound = false
    }

    private static let traverser = "/++api++"
    private let sender: Sender
    private let place: Mutex<Place>

    init(_ profile: SystemProfile) {
        self.profile = profile
        let errors = NickErrors(
            voice: ServerVoice(
                server: profile.name, product: "Nick", place: profile.address.description, now: profile.now))
        self.errors = errors
        let sender = Sender(profile: profile, clock: clock, voice: errors.voice)
        self.sender = sender
        place = Mutex(Place(root: profile.address.description))
        session = NickSession(sender, errors)
    }

    private var root: String { place.withLock(\.root) }

    /// The address at which a person finds a path: the site's own, without the mark of the interface.
    func webAddress(_ path: String) -> String {
        let given = profile.address.description
        guard given.hasSuffix(Self.traverser),
            let address = try? WebAddress(String(given.dropLast(Self.traverser.count)))
        else { return profile.address.appending(path: path) }
        return address.appending(path: path)
    }

    /// The path of the folder that the listing begins at.
    var selectedFolder: String { NickPath.clean(profile.selection.path ?? "/") }

    // MARK: Signing in

    /// Signs in, or makes sure that it still holds. Before the first sign-in the server shows that it is a Nick: a
    /// password is for nobody else.
    func signIn() async throws -> Account {
        if !place.withLock(\.isFound) { try await find() }
        return try await session.verify(at: root)
    }

    private func find() async throws {
        let given = profile.address.description
        let answer = try await probe(given)
        if isNick(answer) { return place.withLock { $0 = Place(root: given, isFound: true) } }
        try refuseFailing(answer)
        guard !given.hasSuffix(Self.traverser) else { throw errors.wrongSystem(answer) }
        // A separate front end answers at the root; Nick then lies under the mark that Volto passes on.
        let other = try await probe(given + Self.traverser)
        guard isNick(other) else { throw errors.wrongSystem(answer) }
        place.withLock { $0 = Place(root: given + Self.traverser, isFound: true) }
    }

    // Without `Accept` Nick answers JSON, and Plone, which looks alike, does not.
    private func probe(_ root: String) async throws -> Response {
        try await sender.send(Request("GET", root + "/@site", headers: ["Accept-Language": language], for: .read))
    }

    private func isNick(_ answer: Response) -> Bool {
        if answer.status == 200 { return (try? JSONBody.decode(SiteFacts.self, from: answer)) != nil }
        guard let problem = try? JSONBody.decode(NickProblem.self, from: answer) else { return false }
        if case .missing = problem.shape { return answer.status == 404 }
        return answer.status == 401 || answer.status == 403
    }

    private func refuseFailing(_ answer: Response) throws {
        if let windows = WindowsSignIn.refusal(answer, server: profile.name) { throw windows }
        if answer.status == 429 || answer.status >= 500 {
            throw errors.refusal(answer, path: "/@site", purpose: .read)
        }
    }

    private struct SiteFacts: Decodable {
        var address: String
        enum CodingKeys: String, CodingKey { case address = "@id" }
    }

    // MARK: Asking

    private var language: String { profile.language ?? "en" }

    /// Asks for JSON and reads it.
    /// - Throws: `LockError`
    func get<Answer: Decodable>(
        _ path: String, _ service: String? = nil, query: [(String, String)] = [], as type: Answer.Type
    ) async throws -> Answer {
        let response = try await call("GET", path, service, query: query)
        return try read(type, from: response, changing: false)
    }

    /// Reads an answer's body.
    /// - Throws: `LockError`
    func read<Answer: Decodable>(_ type: Answer.Type, from response: Response, changing: Bool) throws -> Answer {
        do {
            return try JSONBody.decode(type, from: response)
        } catch {
            throw errors.voice.nonsense(error.message, status: response.status, changing: changing)
        }
    }

    /// An answer, and whom it was given to.
    struct Answer<Known: NickMarked>: Sendable {
        var response: Response
        var reader: NickSession.Reader
        /// What the server says is still so, instead of sending it.
        var unchanged: Known?
    }

    /// Sends a request and answers what came back with a status of 2xx.
    /// - Throws: `LockError`
    @discardableResult
    func call(
        _ method: HTTP.Method, _ path: String, _ service: String? = nil, query: [(String, String)] = [],
        headers: Headers = [:], body: [UInt8]? = nil, for purpose: NickPurpose = .read
    ) async throws -> Response {
        var request = Request(
            method, url(path, service, query: query), headers: headers, body: body, for: purpose.ofRequest)
        if body != nil { request.headers["Content-Type"] = "application/json" }
        return try await send(request, to: path, for: purpose) { _ in nil as NickFolder? }.response
    }

    /// What is asked for, whole, or only that it is still what was `known` to the same sign-in.
    /// - Throws: `LockError`
    func get<Known: NickMarked>(
        _ path: String, _ service: String? = nil, query: [(String, String)] = [],
        known: @Sendable (NickSession.Reader) -> Known?
    ) async throws -> Answer<Known> {
        try await send(Request("GET", url(path, service, query: query), for: .read), to: path, for: .read, known: known)
    }

    private func send<Known: NickMarked>(
        _ request: Request, to path: String, for purpose: NickPurpose,
        known: @Sendable (NickSession.Reader) -> Known?
    ) async throws -> Answer<Known> {
        func attempt(_ pass: NickSession.Pass) async throws -> Answer<Known> {
            let known = known(pass.reader)
            var request = request
            request.headers["Accept-Language"] = language
            request.headers["Authorization"] = pass.header
            if let known { request.headers["If-None-Match"] = known.tag }
            let response = try await sender.send(request)
            return Answer(
                response: response, reader: pass.reader, unchanged: response.status == 304 ? known : nil)
        }
        let pass = try await session.pass(at: root)
        let answer = try await attempt(pass)
        if isGood(answer) { return answer }
        guard answer.response.status == 401, !isConflict(answer.response) else {
            var error = errors.refusal(answer.response, path: path, purpose: purpose)
            error.asksForLess = answer.response.asksForLess
            throw error
        }
        // "Nobody is signed in", and before 2026 also "this account may not": asking who we are tells them apart.
        if let windows = WindowsSignIn.refusal(answer.response, server: profile.name) { throw windows }
        if case .anonymous = profile.login { throw errors.voice.notSignedIn(nil) }
        let isNew = try await session.isOther(than: pass, at: root)
        let account = await session.known?.id
        guard isNew else { throw errors.forbidden(path, as: account, purpose: purpose) }
        // The server has refused the first one for the sign-in alone, so this is no repetition of a change.
        let again = try await attempt(try await session.pass(at: root))
        if isGood(again) { return again }
        if again.response.status == 401, !isConflict(again.response) {
            throw errors.forbidden(path, as: account, purpose: purpose)
        }
        throw errors.refusal(again.response, path: path, purpose: purpose)
    }

    private func isGood(_ answer: Answer<some NickMarked>) -> Bool {
        (200..<300).contains(answer.response.status) || answer.unchanged != nil
    }

    private func isConflict(_ response: Response) -> Bool {
        guard let problem = try? JSONBody.decode(NickProblem.self, from: response) else { return false }
        if case .refusal = problem.shape { return true }
        return false
    }

    private func url(_ path: String, _ service: String?, query: [(String, String)]) -> String {
        var url = root
        for segment in path.split(separator: "/") { url += "/" + WebAddress.encode(String(segment)) }
        if let service { url += "/" + service }
        if path == "/" && service == nil { url += "/" }
        let pairs = query.map { "\(WebAddress.encodeQuery($0.0))=\(WebAddress.encodeQuery($0.1))" }
        return pairs.isEmpty ? url : url + "?" + pairs.joined(separator: "&")
    }

    /// Does the same for several things, as many at a time as the server's connections.
    /// - Throws: what fails for all of them alike.
    func inTurns<Thing: Sendable, Answer: Sendable>(
        _ things: [Thing], _ work: @escaping @Sendable (Thing) async throws -> Answer
    ) async throws -> [Result<Answer, LockError>] {
        try await Concurrently.map(things, width: min(profile.connections, NickSystem.mostConnections)) {
            thing -> Result<Answer, LockError> in
            do {
                return .success(try await work(thing))
            } catch let error as LockError {
                if [.unreachable, .slowDown, .notSignedIn, .wrongSystem].contains(error.code) { throw error }
                return .failure(error)
            }
        }
    }
}
