// SPDX-License-Identifier: MIT
import HTTP
import Locks

/// What signs requests in on a WebDAV server: Basic, Digest where the server asks for it, or a token.
///
/// A password is not shown before the server has said how it wants it: the first question goes without one.
actor DAVSession {
    /// What a request is signed in with.
    struct Pass: Hashable, Sendable {
        /// The value of the `Authorization` header; `nil` for none.
        var header: String?
        fileprivate var round: Int
    }

    private enum Way {
        case unknown, basic
        case digest(DAVChallenge)
    }

    private let profile: SystemProfile
    private let voice: ServerVoice
    private let salt = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    private var way = Way.unknown
    private var secret: String?
    /// Counts how often something became known by which requests are signed in otherwise.
    private var round = 0
    /// How often the challenge at hand was answered.
    private var count = 0
    private let fetching = SingleFlight<String>()

    init(_ profile: SystemProfile, _ voice: ServerVoice) {
        self.profile = profile
        self.voice = voice
    }

    /// What to sign a request in with.
    /// - Parameter target: the address without scheme and host, as it is sent.
    func pass(_ method: HTTP.Method, _ target: String) async throws -> Pass {
        switch profile.login {
        case .anonymous, .kerberos: return Pass(header: nil, round: round)
        case .token: return Pass(header: "Bearer " + (try await reveal()), round: round)
        case .program, .code: throw voice.wrongWay("password, token or Kerberos ticket")
        case .password(let user, _, _):
            switch way {
            case .unknown: return Pass(header: nil, round: round)
            case .basic:
                let header = Credentials.basic(user: user, password: try await reveal()).header
                return Pass(header: header, round: round)
            case .digest(let challenge):
                let password = try await reveal()
                count += 1
                let header = challenge.digest(
                    user: user, password: password, method: method.rawValue, target: target, count: count, salt: salt)
                return Pass(header: header, round: round)
            }
        }
    }

    /// After a refusal: whether the same request is worth sending once more, because it is signed in otherwise now. The
    /// server has refused the first one for the sign-in alone.
    func isOther(than pass: Pass, after response: Response) async throws -> Bool {
        guard pass.round == round else { return true }
        switch profile.login {
        case .anonymous, .kerberos, .program, .code: return false
        case .token:
            let old = secret
            secret = nil
            guard try await reveal() != old else { return false }
            round += 1
            return true
        case .password:
            let challenges = DAVChallenge.all(in: response)
            if let digest = challenges.first(where: \.isDigest) {
                if case .digest(let known) = way {
                    // A new mark for one that has run out is no refusal of the password.
                    let isStale = digest.values["stale"]?.lowercased() == "true"
                    guard isStale || known.values["realm"] != digest.values["realm"] else {
                        way = .digest(digest)
                        count = 0
                        return try await hasOtherSecret()
                    }
                }
                (way, count, round) = (.digest(digest), 0, round + 1)
                return true
            }
            if challenges.contains(where: { $0.scheme == "basic" }) {
                if case .basic = way { return try await hasOtherSecret() }
                (way, round) = (.basic, round + 1)
                return true
            }
            return false
        }
    }

    /// Nobody asked for a sign-in: from now on the password goes with every request, so that the server knows who it is.
    func settle() {
        guard case .unknown = way, profile.login.passwordUser != nil else { return }
        (way, round) = (.basic, round + 1)
    }

    // The same one is never tried twice.
    private func hasOtherSecret() async throws -> Bool {
        let old = secret
        secret = nil
        guard try await reveal() != old else { return false }
        round += 1
        return true
    }

    private func reveal() async throws -> String {
        if let secret { return secret }
        let fetch: SystemProfile.Secret
        switch profile.login {
        case .password(_, let secret, _): fetch = secret
        case .token(let secret, _): fetch = secret
        case .anonymous, .kerberos, .program, .code: return ""
        }
        let text = try await fetching.run { try await fetch() }
        // Commands print a line's end after it.
        secret = text.last?.isNewline ?? false ? String(text.dropLast()) : text
        return secret ?? ""
    }
}
