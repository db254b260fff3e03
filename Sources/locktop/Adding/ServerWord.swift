// SPDX-License-Identifier: MIT
import HTTP

/// A server as a person names it on the command line: an address, and perhaps who signs in there.
struct ServerWord: Sendable {
    let address: WebAddress
    let user: String?
    /// What was taken for granted, as a sentence; `nil` where everything was said.
    let assumption: String?

    /// Whether a word of the command line is meant as an address.
    static func isAddress(_ word: String) -> Bool { word.contains("://") }

    /// What a word without a scheme would be with one, where it can hardly be anything else: `intranet.example.org/news`.
    static func completed(_ word: String) -> String? {
        guard !isAddress(word), !word.hasPrefix("/"), !word.contains(" "), let slash = word.firstIndex(of: "/") else {
            return nil
        }
        let host = word[..<slash].split(separator: "@").last ?? ""
        let name = host.prefix { $0 != ":" }
        guard name == "localhost" || name.contains("."), !name.hasPrefix("."), !name.hasSuffix(".") else { return nil }
        return (try? WebAddress(scheme(for: host) + "://" + host)).map { $0.scheme + "://" + word }
    }

    /// Refuses an address with another number of slashes than two behind its scheme.
    /// - Throws: `Problem`
    static func checkSlashes(_ word: String) throws {
        let scheme = ["http:", "https:"].first { word.lowercased().hasPrefix($0) } ?? ""
        let rest = word.dropFirst(scheme.count)
        let slashes = rest.prefix { $0 == "/" }.count
        guard scheme.isEmpty ? slashes == 2 : slashes != 2, !rest.dropFirst(slashes).isEmpty else { return }
        let meant = isQuotable(word) ? rest.dropFirst(slashes) : "HOST"
        throw Problem.usage(
            scheme.isEmpty
                ? "The scheme is missing: write https://\(meant)"
                : "Behind the scheme there have to be two slashes: write \(scheme)//\(meant)")
    }

    /// Whether a word may be repeated: before an `@` there may be a password, behind a `?` or a `#` a token.
    static func isQuotable(_ word: String) -> Bool { !word.contains { "@?#".contains($0) } }

    /// - Throws: `Problem` with a sentence that never quotes a password.
    init(_ word: String) throws {
        if let address = WebAddress.insteadOfSSH(word) {
            throw Problem.usage(
                "That is git's address by SSH, by which locks are not asked for: write \(address) instead.")
        }
        try Self.checkSlashes(word)
        var text = word
        let isComplete = Self.isAddress(word)
        if !isComplete {
            let authority = word.prefix { $0 != "/" }
            text = Self.scheme(for: authority.split(separator: "@").last ?? "") + "://" + word
        }
        guard let slashes = text.firstRange(of: "://") else { throw Problem.usage("That is no URL.") }
        let rest = text[slashes.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let parts = authority.split(separator: "@", maxSplits: .max, omittingEmptySubsequences: false)
        let who = parts.dropLast().joined(separator: "@")
        let host = parts.last ?? ""
        // A `/`, `?` or `#` in a password hides its `@` behind what looks like the host's end.
        let hides =
            rest.dropFirst(authority.count).contains("@") && host.contains(":") && !host.hasPrefix("[")
            && !(host.split(separator: ":").last ?? "").allSatisfy { $0.isASCII && $0.isNumber }
        guard !who.contains(":"), !hides else {
            throw Problem.usage(
                "The URL has a password in it, which now stands in your shell's history: take it out there, and change "
                    + "it if others can read that. Write the URL without it; the password is asked for.")
        }
        do {
            address = try WebAddress(
                String(text[..<slashes.upperBound]) + String(host) + rest.dropFirst(authority.count))
        } catch {
            throw Problem.usage(error.message)
        }
        user = who.isEmpty ? nil : WebAddress.decode(who) ?? who
        assumption = isComplete ? nil : "Without a scheme, it is taken for \(address)."
    }

    private static func scheme(for host: some StringProtocol) -> String {
        let isHere = (try? WebAddress("http://" + host))?.isLoopback ?? false
        return isHere ? "http" : "https"
    }
}
