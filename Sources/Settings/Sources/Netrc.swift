// SPDX-License-Identifier: MIT

/// User and password of one machine in a netrc file.
public struct NetrcLogin: Sendable, Equatable {
    /// The account's name; `nil` if the entry has none.
    public var user: String?
    /// The password.
    public var password: Secret
}

/// Reads netrc text: `machine HOST login USER password SECRET`, `default`, comments; macros are passed over.
struct Netrc {
    private struct Entry {
        /// `nil` for `default`.
        var machine: String?
        var user: String?
        var password: String?
    }

    private var entries: [Entry] = []

    init(_ text: String) {
        var isInMacro = false
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            // A macro ends with an empty line.
            if isInMacro {
                isInMacro = !line.allSatisfy(\.isWhitespace)
                continue
            }
            isInMacro = read(Self.words(line))
        }
    }

    /// The login for a host, else that of `default`; with a user only entries of that user.
    func login(host: String, user: String?) -> NetrcLogin? {
        func matches(_ entry: Entry) -> Bool {
            entry.password != nil && (user == nil || entry.user == nil || entry.user == user)
        }
        let host = host.lowercased()
        let found =
            entries.first { $0.machine == host && matches($0) }
            ?? entries.first { $0.machine == nil && matches($0) }
        guard let found, let password = found.password else { return nil }
        return NetrcLogin(user: found.user ?? user, password: Secret(password))
    }

    /// Takes the words of one line; true if a macro begins with it.
    private mutating func read(_ words: [String]) -> Bool {
        var index = 0
        func following() -> String? { index + 1 < words.count ? words[index + 1] : nil }
        while index < words.count {
            switch words[index] {
            case "default":
                entries.append(Entry())
                index += 1
                continue
            case "macdef": return true
            case "machine": entries.append(Entry(machine: following()?.lowercased() ?? ""))
            case "login": update(\.user, following())
            case "password": update(\.password, following())
            case "account": break
            default:
                index += 1
                continue
            }
            index += 2
        }
        return false
    }

    private mutating func update(_ field: WritableKeyPath<Entry, String?>, _ value: String?) {
        guard let last = entries.indices.last else { return }
        entries[last][keyPath: field] = value
    }

    /// The words of a line up to a comment; a word in double quotes may hold spaces, `\` takes the next as it is.
    private static func words(_ line: Substring) -> [String] {
        var words: [String] = []
        var rest = line[...]
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard let first = rest.first, first != "#" else { return words }
            var word = ""
            let isQuoted = first == "\""
            if isQuoted { rest = rest.dropFirst() }
            while let next = rest.first, isQuoted ? next != "\"" : !next.isWhitespace {
                rest = rest.dropFirst()
                if isQuoted, next == "\\", let escaped = rest.popFirst() {
                    word.append(escaped)
                } else {
                    word.append(next)
                }
            }
            if isQuoted { rest = rest.dropFirst() }
            words.append(word)
        }
    }
}

extension SecretReader {
    /// What `$NETRC`, else `~/.netrc`, says about a host (without port); `nil` if it says nothing.
    ///
    /// With `user` only that user's entries count. The file has to be private, as every file with secrets.
    /// Trap: a word such as `password` and its value have to share a line.
    public func netrc(host: String, user: String?) throws(SecretError) -> NetrcLogin? {
        let path = environment["NETRC"] ?? environment["HOME"].map { $0 + "/.netrc" }
        guard let path else { throw .variableUnset("HOME") }
        let bytes = try SecretFile.read(path: path)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .fileWithoutSecret(path: path) }
        return Netrc(text).login(host: host, user: user)
    }
}
