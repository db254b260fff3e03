// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

/// The token of a sign-in by password, as it is kept between runs and shared with other programs of the same user.
///
/// It belongs to the account and to the secret that it was made with: with another password in the configuration it is
/// not used. Nothing here takes away what another program has put there meanwhile.
struct KeptSignIn {
    private struct Entry: Codable {
        var token: String
        var mark: String
    }

    private let tokens: any TokenStore
    private let key: String
    /// The mark of the secret at hand; `nil` where none is configured: then it was typed, and whatever is kept is meant.
    private var mark: String?
    /// The mark that a kept sign-in had where no secret is at hand: a renewal hands it on.
    private var inherited = ""
    /// What this program found or put there last.
    private var text: String?

    init(_ profile: SystemProfile) {
        tokens = profile.tokens
        key = profile.tokenKey
    }

    /// A secret, or why there is none. It is asked for even where a token is kept: only so it shows whether the token
    /// belongs to it.
    static func attempt(_ secret: SystemProfile.Secret) async throws -> Result<String, any Error> {
        do {
            return .success(try await secret())
        } catch {
            try Task.checkCancellation()
            return .failure(error)
        }
    }

    /// From now on only what was made with this secret counts.
    mutating func belongs(to secret: String?) { mark = secret.map { Self.mark(of: $0, for: key) } }

    /// The token that is kept, if it was made with the secret at hand.
    mutating func token() -> String? {
        text = tokens.token(for: key)
        guard let text else { return nil }
        return read(text)
    }

    /// The token that another program has kept since this one looked.
    mutating func othersToken() -> String? {
        guard let now = tokens.token(for: key), now != text, let token = read(now) else { return nil }
        text = now
        return token
    }

    /// Keeps the token of a new sign-in, whatever was there.
    mutating func keep(_ token: String) {
        text = written(token)
        tokens.keep(text, for: key)
    }

    /// Keeps a renewed token in the place of the one that it was made from; another program's stays.
    mutating func renew(_ token: String) {
        let fresh = written(token)
        if tokens.replace(key, if: text, with: fresh) { text = fresh }
    }

    /// Takes away what this program found or put there, because the server refuses it.
    mutating func forget() {
        guard let text else { return }
        tokens.replace(key, if: text, with: nil)
        self.text = nil
    }

    private func written(_ token: String) -> String? {
        (try? JSONBody.encode(Entry(token: token, mark: mark ?? inherited))).map { String(decoding: $0, as: UTF8.self) }
    }

    private mutating func read(_ text: String) -> String? {
        guard let entry = try? JSONBody.decode(Entry.self, from: Array(text.utf8)) else {
            // Earlier versions kept the token alone: nobody knows which secret it was made with.
            return mark == nil && !text.hasPrefix("{") ? text : nil
        }
        inherited = entry.mark
        return mark == nil || entry.mark == mark ? entry.token : nil
    }

    /// Twenty-four bits, salted with server and account: enough to notice another secret, and far too few to tell what
    /// the secret is. One in sixteen million has the same mark, so that a stolen file confirms nobody's guess.
    private static func mark(of secret: String, for key: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in Array(key.utf8) + [0] + Array(secret.utf8) {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return String(0x100_0000 | (hash >> 40), radix: 16)
    }
}
