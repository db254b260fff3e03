// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// The host where one signs in to Graph (msgraph.md section 13). It gets secrets of its own and no other host's token.
struct GraphAuthority: Sendable {
    private let profile: SystemProfile
    private let errors: GraphErrors

    init(_ profile: SystemProfile, errors: GraphErrors) {
        self.profile = profile
        self.errors = errors
    }

    /// Where each cloud signs in; tokens of one are refused by the others.
    private static let clouds = [
        "graph.microsoft.com": "https://login.microsoftonline.com",
        "graph.microsoft.us": "https://login.microsoftonline.us",
        "dod-graph.microsoft.us": "https://login.microsoftonline.us",
        "microsoftgraph.chinacloudapi.cn": "https://login.chinacloudapi.cn",
    ]

    /// Whether a host is one of the vendor's clouds.
    static func isKnown(_ host: String) -> Bool { clouds[host] != nil }

    private var base: WebAddress {
        get throws {
            let known = Self.clouds[profile.address.host]
            let own = profile.address.isLoopback ? profile.address.origin : nil
            guard let text = profile.options.loginURL ?? known ?? own else {
                throw LockError(
                    .notSignedIn, "\(profile.name): nobody knows where to sign in for \(profile.address.host).",
                    advice: "Set login_url in the configuration.")
            }
            do {
                return try WebAddress(text)
            } catch {
                throw LockError(
                    .notSignedIn, "\(profile.name): login_url can't be used. \(error.message)",
                    advice: "Correct login_url in the configuration.")
            }
        }
    }

    /// What a person's sign-in is asked for: the host in a scope must be the host that is called.
    var delegatedScope: String {
        let host = profile.address.origin
        var names = ["\(host)/Files.ReadWrite.All", "\(host)/User.Read"]
        // Naming a site takes a permission of its own.
        if profile.options.drives.contains(where: { $0.hasPrefix("site:") }) { names.append("\(host)/Sites.Read.All") }
        return (names + ["offline_access", "openid", "profile"]).joined(separator: " ")
    }

    func deviceCode(clientID: String) async throws -> GraphDeviceCode {
        let response = try await post("devicecode", [("client_id", clientID), ("scope", delegatedScope)])
        guard response.status == 200 else { throw try problem(response, isProgram: false).error }
        return try read(response)
    }

    /// What one poll for a confirmed code told.
    enum Poll: Sendable {
        case done(GraphTokens)
        case pending
        /// Asked too often, or the host has trouble: ask less often.
        case slower
    }

    func poll(_ code: GraphDeviceCode, clientID: String) async throws -> Poll {
        let response: Response
        do {
            response = try await post(
                "token",
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", clientID),
                    ("device_code", code.deviceCode),
                ])
        } catch let error as LockError where error.code == .unreachable {
            return .slower
        }
        if response.status == 200 { return .done(try read(response)) }
        if response.status >= 500 || response.status == 429 { return .slower }
        let (word, error) = try problem(response, isProgram: false)
        switch word {
        case "authorization_pending": return .pending
        case "slow_down": return .slower
        default: throw error
        }
    }

    func refresh(_ token: String, clientID: String) async throws -> GraphTokens {
        try await tokens(
            [
                ("grant_type", "refresh_token"), ("client_id", clientID), ("refresh_token", token),
                ("scope", delegatedScope),
            ], isProgram: false)
    }

    func programToken(clientID: String, secret: String) async throws -> GraphTokens {
        try await tokens(
            [
                ("grant_type", "client_credentials"), ("client_id", clientID), ("client_secret", secret),
                ("scope", profile.address.origin + "/.default"),
            ], isProgram: true)
    }

    private func tokens(_ fields: [(String, String)], isProgram: Bool) async throws -> GraphTokens {
        let response = try await post("token", fields)
        guard response.status == 200 else { throw try problem(response, isProgram: isProgram).error }
        return try read(response)
    }

    private func problem(_ response: Response, isProgram: Bool) throws -> (word: String?, error: LockError) {
        if response.status == 429 || response.status == 503 {
            return (nil, errors.voice.slowDown(errors.wait(response.headers), status: response.status))
        }
        let problem = try? JSONBody.decode(GraphOAuthProblem.self, from: response)
        if problem?.error == nil, response.status < 500 { throw errors.wrongAuthority(response, try base.host) }
        return (problem?.error, errors.signIn(problem, status: response.status, isProgram: isProgram))
    }

    private func read<Answer: Decodable>(_ response: Response) throws -> Answer {
        do {
            return try JSONBody.decode(Answer.self, from: response)
        } catch {
            throw errors.wrongAuthority(response, try base.host)
        }
    }

    private func post(_ call: String, _ fields: [(String, String)]) async throws -> Response {
        let tenant = profile.options.tenant ?? "organizations"
        let request = Request(
            "POST", try base.appending([tenant, "oauth2", "v2.0", call]),
            headers: ["Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"],
            body: WebAddress.form(fields), for: .signIn)
        // Its clock is another host's.
        return try await Sender(profile: profile, clock: ServerClock(), voice: errors.voice).send(request)
    }
}
