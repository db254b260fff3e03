// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// Requests to one WebDAV server: addresses, sign-in, what it is, and the reading of listings. Knows no locks.
///
/// Wire facts: webdav.md sections 2, 3, 12 and 16.
final class DAVSite: Sendable {
    /// How deep a question goes.
    enum Depth: String, Sendable {
        case item = "0"
        case children = "1"
    }

    /// What the server has shown of itself.
    struct Facts: Hashable, Sendable {
        /// The words of its `DAV` header.
        var classes: [String] = []
        /// What it speaks besides the standard.
        var dialect = WebDAVDialectWord.plain
        /// The address of the repository's root, from the server's own; empty where it is none.
        var repository = ""
        /// Whether there are locks at all.
        var hasLocks: Bool { classes.contains("2") }
    }

    let profile: SystemProfile
    let errors: WebDAVErrors
    let clock = ServerClock()

    private struct State {
        var facts: Facts?
        var account: Account?
        var verifiedAt: ContinuousClock.Instant?
    }

    private let sender: Sender
    private let session: DAVSession
    private let state = Mutex(State())
    private let finding = SingleFlight<Facts>()

    init(_ profile: SystemProfile) {
        self.profile = profile
        errors = WebDAVErrors(
            voice: ServerVoice(
                server: profile.name, product: "WebDAV server", place: profile.address.description, now: profile.now))
        sender = Sender(profile: profile, clock: clock, voice: errors.voice)
        session = DAVSession(profile, errors.voice)
    }

    /// The folder that the listing begins at.
    var selectedFolder: String { DAVPath.clean(profile.selection.path ?? "/") }

    /// The address of a path.
    func address(_ path: String, isFolder: Bool = false) -> String {
        profile.address.description + DAVPath.encoded(path, isFolder: isFolder)
    }

    /// The path of an address that the server wrote.
    func path(of address: String) -> String? { DAVPath.path(of: address, below: profile.address) }

    /// Who we are, as far as it is known.
    var account: Account? { state.withLock(\.account) }

    /// What it speaks, as far as it is known.
    var dialect: WebDAVDialectWord { state.withLock { $0.facts?.dialect ?? .plain } }

    /// The name that goes into locks.
    var login: String {
        switch profile.login {
        case .password(let user, _, _), .kerberos(let user): user
        default: account?.id ?? "locktop"
        }
    }

    private var user: String? {
        switch profile.login {
        case .password(let user, _, _), .kerberos(let user): user
        default: nil
        }
    }

    // MARK: What is there

    /// What the server is; it is asked once.
    func facts() async throws -> Facts {
        if let facts = state.withLock(\.facts) { return facts }
        return try await finding.run { try await self.find() }
    }

    private func find() async throws -> Facts {
        let url = address("/", isFolder: true)
        let answer = try await send(Request("OPTIONS", url, for: .read))
        guard (200..<300).contains(answer.status) else {
            if [404, 405, 501].contains(answer.status) || answer.isWebPage && answer.status < 500,
                answer.status != 401, answer.status != 403
            {
                throw errors.wrongSystem(answer)
            }
            throw errors.refusal(answer, path: "/", purpose: .read, account: user)
        }
        let words = answer.headers.all("DAV").flatMap { $0.split(separator: ",") }
        var facts = Facts(classes: words.map { $0.filter { $0 != " " && $0 != "\t" } })
        guard facts.classes.contains("1") || facts.hasLocks else { throw errors.wrongSystem(answer) }
        // Where nobody has asked for a sign-in yet, the first listing may.
        _ = try await send(question(DAVBody.whoAmI, at: url, .item))
        await session.settle()
        facts.dialect = profile.options.dialect ?? facts.spoken
        if profile.options.dialect == nil, facts.dialect == .plain, try await isNextcloud() {
            facts.dialect = .nextcloud
        }
        if facts.dialect == .svn { facts.repository = try await repository(url) }
        state.withLock { [facts] in $0.facts = facts }
        return facts
    }

    /// Its addresses are known by a word; whether it locks files it says elsewhere.
    private func isNextcloud() async throws -> Bool {
        guard let word = profile.address.path.firstRange(of: "/remote.php/") else { return false }
        let root = profile.address.origin + profile.address.path[..<word.lowerBound]
        let answer = try await send(
            Request(
                "GET", root + "/ocs/v2.php/cloud/capabilities?format=json", headers: ["OCS-APIRequest": "true"],
                for: .read))
        return (try? JSONBody.decode(NextcloudCapabilities.self, from: answer))?.canLock ?? false
    }

    private func repository(_ url: String) async throws -> String {
        let question = Request(
            "OPTIONS", url, headers: ["Content-Type": "text/xml; charset=\"utf-8\""], body: SVNBody.options, for: .read)
        let answer = try await send(question)
        guard (200..<300).contains(answer.status) else {
            throw errors.refusal(answer, path: "/", purpose: .read, account: user)
        }
        guard let root = answer.headers["SVN-Repository-Root"] else { throw errors.noRepository(answer) }
        return root
    }

    /// Makes sure that the server takes us for the account, at most a minute ago.
    func signIn() async throws -> Account {
        let facts = try await facts()
        let now = profile.time.now()
        let known = state.withLock { state in
            state.verifiedAt.map { now - $0 < .seconds(60) } ?? false ? state.account : nil
        }
        if let known { return known }
        let answer = try await send(question(DAVBody.whoAmI, at: address("/", isFolder: true), .item))
        guard answer.status == 207 else {
            throw errors.refusal(answer, path: "/", purpose: .read, account: user)
        }
        let principal: DAVPrincipal
        do { principal = try DAVPrincipal(in: answer.body) } catch { throw nonsense(error, answer) }
        if principal == .nobody, !profile.login.isAnonymous { throw errors.voice.notSignedIn(user) }
        // There one signs in by a mail address as well, and locks have the id.
        let id = facts.dialect == .nextcloud ? principal.login ?? user : user ?? principal.login
        let account = Account(id: id, name: nil)
        state.withLock { ($0.account, $0.verifiedAt) = (account, now) }
        return account
    }

    private func nonsense(_ error: MalformedAnswer, _ response: Response, changing: Bool = false) -> LockError {
        if error.kind == .page || response.isWebPage { return errors.wrongSystem(response) }
        return errors.voice.nonsense(error.message, status: response.status, changing: changing)
    }

    // MARK: Asking

    private func question(_ body: [UInt8], at url: String, _ depth: Depth) -> Request {
        Request(
            "PROPFIND", url,
            headers: ["Depth": depth.rawValue, "Content-Type": "application/xml; charset=\"utf-8\""], body: body,
            for: .read)
    }

    /// Asks for an item, or for a folder and what is in it.
    /// - Throws: `LockError`
    func ask(_ path: String, isFolder: Bool, _ depth: Depth) async throws -> [DAVItem] {
        let isNextcloud = try await facts().dialect == .nextcloud
        var request = question(
            isNextcloud ? NextcloudBody.properties : DAVBody.properties, at: address(path, isFolder: isFolder), depth)
        var answer = try await send(request)
        // Web servers send whoever leaves out a folder's slash there with it.
        if !isFolder, Redirect.addsSlash(answer, to: request) {
            request.url = address(path, isFolder: true)
            answer = try await send(request)
        }
        guard answer.status == 207 else {
            if answer.status == 200 { throw errors.wrongSystem(answer) }
            var error = try await refusal(answer, path: path, purpose: .read)
            error.asksForLess = answer.asksForLess
            throw error
        }
        do { return try DAVItem.items(in: answer.body) } catch { throw nonsense(error, answer) }
    }

    /// The locks of a Subversion repository at a path and below.
    /// - Throws: `LockError`
    func report(_ path: String, isFolder: Bool) async throws -> [SVNLock] {
        let answer = try await send(
            Request(
                "REPORT", address(path, isFolder: isFolder && path == "/"),
                headers: ["Content-Type": "text/xml; charset=\"utf-8\""], body: SVNBody.locks, for: .read))
        guard answer.status == 200 else {
            if [405, 501].contains(answer.status) { throw errors.noRepository(answer) }
            var error = try await refusal(answer, path: path, purpose: .read)
            error.asksForLess = answer.asksForLess
            throw error
        }
        do { return try SVNLock.locks(in: answer.body) } catch { throw nonsense(error, answer) }
    }

    /// Sends a change and gives back the answer, whatever its status.
    /// - Throws: `LockError`
    func change(
        _ method: HTTP.Method, _ path: String, isFolder: Bool, headers: Headers, body: [UInt8] = []
    ) async throws -> Response {
        var request = Request(method, address(path, isFolder: isFolder), headers: headers, body: body, for: .change)
        if !body.isEmpty { request.headers["Content-Type"] = "application/xml; charset=\"utf-8\"" }
        return try await send(request)
    }

    /// What an answer of that kind means.
    /// - Throws: `LockError` when it takes another question to find out, and that fails.
    func refusal(_ response: Response, path: String, purpose: DAVPurpose) async throws -> LockError {
        var response = response
        if response.status == 401, !profile.login.isAnonymous {
            // Apache says so too to whom it knows and does not let: asking who we are tells them apart.
            state.withLock { $0.verifiedAt = nil }
            let answer = try await send(question(DAVBody.whoAmI, at: address("/", isFolder: true), .item))
            if answer.status == 207, (try? DAVPrincipal(in: answer.body)) != .nobody { response.status = 403 }
        }
        let isRepository = dialect == .svn
        if isRepository, purpose.isChange, let problem = SVNProblem(in: response.body),
            let error = errors.refusal(problem, path: path, status: response.status)
        {
            return error
        }
        if dialect == .nextcloud, [.unlock, .force].contains(purpose) {
            if response.status == 423 { return errors.keptToOwner(path) }
        }
        // Subversion knows no LOCK for what is not there.
        if isRepository, purpose == .lock, response.status == 405 { return errors.voice.gone(path) }
        return errors.refusal(response, path: path, purpose: purpose, account: user)
    }

    private func send(_ request: Request) async throws -> Response {
        let target = String(request.url.dropFirst(profile.address.origin.utf8.count))
        func attempt(_ pass: DAVSession.Pass) async throws -> Response {
            var request = request
            request.headers["Authorization"] = pass.header
            request.headers["Accept-Language"] = profile.language
            return try await sender.send(request)
        }
        let pass = try await session.pass(request.method, target)
        let answer = try await attempt(pass)
        guard answer.status == 401 else { return answer }
        if let windows = WindowsSignIn.refusal(answer, server: profile.name, takesTickets: true) { throw windows }
        guard try await session.isOther(than: pass, after: answer) else { return answer }
        return try await attempt(try await session.pass(request.method, target))
    }
}
