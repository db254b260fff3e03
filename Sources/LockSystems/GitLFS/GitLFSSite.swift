// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Requests to one repository's lock API: addresses, headers, sign-in, and the reading of answers. Knows nothing of
/// locks.
///
/// Wire facts: git-lfs.md sections 3 to 6.
final class GitLFSSite: Sendable {
    /// So, and nothing besides: one host compares the text and refuses everything else.
    private static let mediaType = "application/vnd.git-lfs+json"

    let profile: SystemProfile
    let errors: GitLFSErrors
    let clock = ServerClock()
    let session: GitLFSSession
    let address: GitLFSAddress
    private let sender: Sender

    init(_ profile: SystemProfile) {
        self.profile = profile
        address = GitLFSAddress(profile.address, profile.options)
        errors = GitLFSErrors(
            voice: ServerVoice(
                server: profile.name, product: "Git LFS server", place: address.endpoint.description, now: profile.now))
        session = GitLFSSession(profile, errors: errors)
        sender = Sender(profile: profile, clock: clock, voice: errors.voice)
    }

    /// The branch, where one is to be named.
    var ref: GitLFSQuestion.Ref? { profile.options.ref.map { GitLFSQuestion.Ref(name: $0) } }

    /// A page of locks: of `GET locks`, or of `POST locks/verify` where a question is sent.
    /// - Throws: `LockError`
    func page(
        _ segments: [String] = [], query: [(String, String)] = [], _ question: GitLFSQuestion? = nil, of path: String
    ) async throws -> GitLFSPage {
        let response = try await call(segments, query: query, question, of: path, for: .read)
        do {
            let page = try JSONBody.decode(GitLFSPage.self, from: response)
            if let said = page.refusal { throw errors.noList(said) }
            return page
        } catch let error as MalformedAnswer {
            if error.kind == .page { throw errors.wrongSystem(response) }
            throw errors.voice.nonsense(error.message, status: response.status, changing: false)
        }
    }

    /// Sends a change, and reads what came back as far as it can be read: some hosts agree without a word.
    /// - Throws: `LockError`
    func change(
        _ segments: [String], _ question: GitLFSQuestion, of path: String, for purpose: GitLFSPurpose
    ) async throws -> GitLFSReply? {
        let response = try await call(segments, question, of: path, for: purpose)
        if response.isWebPage { throw errors.wrongSystem(response, mayHaveHappened: true) }
        return try? JSONBody.decode(GitLFSReply.self, from: response)
    }

    /// Sends a request and answers what came back with a status of 2xx; after a refused sign-in once more with a secret
    /// that is another one by now.
    private func call(
        _ segments: [String], query: [(String, String)] = [], _ question: GitLFSQuestion?, of path: String,
        for purpose: GitLFSPurpose
    ) async throws -> Response {
        let wasLetIn = await session.isFresh
        var pass = try await session.credentials()
        var response = try await send(segments, query, question, pass, purpose)
        if response.status == 401 {
            if let windows = WindowsSignIn.refusal(response, server: profile.name) { throw windows }
            if try await session.hasOther(than: pass) {
                pass = try await session.credentials()
                response = try await send(segments, query, question, pass, purpose)
            }
        }
        if (200..<300).contains(response.status) {
            await session.prove()
            return response
        }
        if [401, 403].contains(response.status) { await session.doubt() }
        if response.status == 401 {
            // Some hosts say so, too, to whom they have let in a moment ago and who may not push.
            guard wasLetIn, purpose.isChange else {
                throw errors.notSignedIn(pass.header == nil ? nil : pass.user ?? "this token")
            }
            throw errors.forbidden(path, as: pass.user, said: "", for: purpose)
        }
        var error = errors.refusal(response, path: path, as: pass.user, for: purpose)
        error.asksForLess = error.code != .unsupported && response.asksForLess
        throw error
    }

    private func send(
        _ segments: [String], _ query: [(String, String)], _ question: GitLFSQuestion?, _ pass: GitLFSSession.Pass,
        _ purpose: GitLFSPurpose
    ) async throws -> Response {
        var headers: Headers = ["Accept": Self.mediaType]
        headers["Accept-Language"] = profile.language
        headers["Authorization"] = pass.header
        var body: [UInt8]?
        if let question {
            headers["Content-Type"] = Self.mediaType
            body = try JSONBody.encode(question)
        }
        let url = address.endpoint.appending(["locks"] + segments, query: query)
        return try await sender.send(
            Request(body == nil ? "GET" : "POST", url, headers: headers, body: body, for: purpose.ofRequest))
    }
}
