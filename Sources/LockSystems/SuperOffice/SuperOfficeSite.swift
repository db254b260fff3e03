// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Requests to one SuperOffice: addresses, headers, sign-in, and the reading of answers. Knows nothing of locks.
///
/// Wire facts: superoffice.md sections 2 to 4 and 10.
final class SuperOfficeSite: Sendable {
    let profile: SystemProfile
    let errors: SuperOfficeErrors
    let clock = ServerClock()
    let session: SuperOfficeSession

    private let place: SuperOfficeAddress
    private let sender: Sender
    /// The root that people's browsers go to, as far as it is known.
    private let root: Root

    private final class Root: Sendable {
        let address: Mutex<WebAddress>
        init(_ address: WebAddress) { self.address = Mutex(address) }
    }

    init(_ profile: SystemProfile) {
        self.profile = profile
        let name = profile.options.tenant.map { "tenant \($0)" } ?? profile.address.description
        let errors = SuperOfficeErrors(
            voice: SuperOfficeErrors.voice(server: profile.name, place: name, now: profile.now))
        self.errors = errors
        let sender = Sender(profile: profile, clock: clock, voice: errors.voice)
        self.sender = sender
        let root = Root(SuperOfficeAddress.root(of: profile.address))
        self.root = root
        place = SuperOfficeAddress(
            sender, errors: errors, learn: { address in root.address.withLock { $0 = address } })
        session = SuperOfficeSession(profile, errors: errors)
    }

    /// The page of a document in SuperOffice's own web client.
    func webAddress(_ id: String) -> String {
        root.address.withLock(\.self).appending(["default.aspx"], query: [("document_id", id)])
    }

    /// Signs in, or makes sure that it still holds, at most once a minute.
    /// - Throws: `LockError`
    func signIn() async throws -> Account {
        if let account = await session.fresh { return account }
        let answer = try await call("GET", ["User", "currentPrincipal"], of: "User/currentPrincipal", for: .read)
        do {
            return try await session.adopt(try JSONBody.decode(SuperOfficePrincipal.self, from: answer))
        } catch is MalformedAnswer {
            throw errors.wrongSystem(answer)
        }
    }

    /// Asks for JSON and reads it.
    /// - Parameter path: what the message calls it.
    /// - Throws: `LockError`
    func get<Answer: Decodable>(
        _ segments: [String], query: [(String, String)] = [], of path: String, as type: Answer.Type
    ) async throws -> Answer {
        try read(
            try await call("GET", segments, query: query, of: path, for: .read), as: type, of: path, changing: false)
    }

    /// Reads an answer of status 2xx.
    /// - Throws: `LockError`
    func read<Answer: Decodable>(
        _ response: Response, as type: Answer.Type, of path: String, changing: Bool
    ) throws -> Answer {
        do {
            return try JSONBody.decode(type, from: response)
        } catch {
            // Some failures come with status 200.
            if let problem = try? JSONBody.decode(SuperOfficeProblem.self, from: response), problem.isReal {
                let told = Response(status: 500, headers: response.headers, body: response.body)
                throw errors.refusal(told, of: path, changing: changing)
            }
            throw errors.voice.nonsense(error.message, status: response.status, changing: changing)
        }
    }

    /// Sends a request and answers what came back with a status of 2xx. After a 421 it goes to the tenant's new host,
    /// after a refused sign-in once more with a secret that is another one by now: the server did nothing in both cases.
    /// - Throws: `LockError`
    func call(
        _ method: HTTP.Method, _ segments: [String], query: [(String, String)] = [], of path: String,
        for purpose: Request.Purpose
    ) async throws -> Response {
        var address = try await place.current()
        var credentials = try await session.credentials()
        var response = try await send(method, address, segments, query, credentials, purpose)
        if response.status == 421, try await place.hasMoved(from: address) {
            address = try await place.current()
            response = try await send(method, address, segments, query, credentials, purpose)
        }
        if let windows = WindowsSignIn.refusal(response, server: profile.name) { throw windows }
        if errors.isSignInRefused(response) {
            let isOther = try await session.hasOther(than: credentials)
            if isOther {
                credentials = try await session.credentials()
                response = try await send(method, address, segments, query, credentials, purpose)
            }
            if response.status == 401 { throw errors.notSignedIn(session.user) }
        }
        if (200..<300).contains(response.status) { return response }
        var error = refusal(response, segments, query, path, purpose)
        error.asksForLess = error.code != .unsupported && response.asksForLess
        if [.forbidden, .notSignedIn].contains(error.code) { await session.doubt() }
        throw error
    }

    private func refusal(
        _ response: Response, _ segments: [String], _ query: [(String, String)], _ path: String,
        _ purpose: Request.Purpose
    ) -> LockError {
        // The filter is a person's own text, and the listing of all documents has nothing else that can be wrong.
        let isJSON = response.headers["Content-Type"]?.contains("json") ?? false
        if segments == ["Document"], isJSON, [400, 500].contains(response.status),
            let filter = profile.selection.filter, query.contains(where: { $0.0 == "$filter" && $0.1 == filter })
        {
            return errors.badFilter(filter, response)
        }
        return errors.refusal(response, of: path, changing: purpose == .change)
    }

    private func send(
        _ method: HTTP.Method, _ address: WebAddress, _ segments: [String], _ query: [(String, String)],
        _ credentials: Headers, _ purpose: Request.Purpose
    ) async throws -> Response {
        var headers = credentials
        headers["Accept"] = "application/json"
        // Without a language the server sends raw tags in the place of texts.
        headers["Accept-Language"] = profile.language ?? "en"
        let url = address.appending(["v1"] + segments, query: query)
        // The changes have no body, and some web servers want to be told that it is empty.
        return try await sender.send(
            Request(method, url, headers: headers, body: purpose == .read ? nil : [], for: purpose))
    }
}
