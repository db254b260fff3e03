// SPDX-License-Identifier: MIT

/// User and password of one machine in a netrc file.
public struct NetrcLogin: Sendable, Equatable {
    /// The account's name; `nil` if the entry has none.
    public var user: String?
    /// The password.
    public var password: Secret
}

/// The logins of a netrc text: `machine HOST login USER password SECRET`, in one line or many; `default`; comments;
/// macros are passed over.
struct Netrc {
    private struct Entry {
        /// `nil` for `default`.
        var machine: String?
        var user: String?
        var password: String?
    }

    private var entries: [Entry] = []
    /// The first thing that could not be read, with its line. No word of the text is in it: it could be a password.
    private(set) var fault: String?

    /// What can't be read costs itself: other programs' words, and the slips of other entries, are not ours to refuse.
    init(_ text: String) {
        var words = NetrcWords(text)
        while let word = words.next() {
            switch word.text {
            case "default": entries.append(Entry())
            case "machine": entries.append(Entry(machine: value(&words, of: word)?.lowercased() ?? ""))
            case "login": update(\.user, value(&words, of: word))
            case "password": update(\.password, value(&words, of: word))
            case "account": _ = value(&words, of: word)
            case "macdef": words.skipMacro()
            default:
                note("line \(word.line) has a word that is none of machine, default, login, password, account, macdef")
            }
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

    private mutating func value(_ words: inout NetrcWords, of keyword: NetrcWords.Word) -> String? {
        guard let word = words.value() else {
            note("`\(keyword.text)` in line \(keyword.line) has no value")
            return nil
        }
        guard word.isWhole else {
            note("a quotation mark in line \(word.line) has no partner")
            return nil
        }
        return word.text
    }

    private mutating func update(_ field: WritableKeyPath<Entry, String?>, _ value: String?) {
        guard let last = entries.indices.last else { return }
        entries[last][keyPath: field] = value
    }

    private mutating func note(_ sentence: String) { fault = fault ?? sentence }
}

/// The words of a netrc text, each with its line.
private struct NetrcWords {
    struct Word {
        var text: String
        var line: Int
        /// False for a word in quotes whose second quotation mark is missing.
        var isWhole = true
    }

    private var rest: Substring
    private var line = 1

    init(_ text: String) { rest = text.replacing("\r\n", with: "\n")[...] }

    /// The next word where a keyword may stand; there a `#` begins a comment.
    mutating func next() -> Word? {
        skipBlanks()
        while rest.first == "#" {
            rest = rest.drop { $0 != "\n" }
            skipBlanks()
        }
        return word()
    }

    /// The next word where a value stands, in this line or a later one. A password may begin with `#`.
    mutating func value() -> Word? {
        skipBlanks()
        return word()
    }

    /// A macro ends with an empty line.
    mutating func skipMacro() {
        while let end = rest.firstIndex(of: "\n") {
            rest = rest[rest.index(after: end)...]
            line += 1
            if rest.prefix(while: { $0 != "\n" }).allSatisfy(\.isWhitespace) { return }
        }
        rest = ""
    }

    private mutating func skipBlanks() {
        while let first = rest.first, first.isWhitespace {
            if first == "\n" { line += 1 }
            rest.removeFirst()
        }
    }

    private mutating func word() -> Word? {
        guard let first = rest.first else { return nil }
        guard first == "\"" else {
            let word = rest.prefix { !$0.isWhitespace }
            rest = rest[word.endIndex...]
            return Word(text: String(word), line: line)
        }
        rest.removeFirst()
        var text = ""
        // A word in quotes may hold blanks; `\` takes the next letter as it is.
        while let letter = rest.first, letter != "\n" {
            rest.removeFirst()
            if letter == "\"" { return Word(text: text, line: line) }
            text.append(letter == "\\" ? rest.popFirst() ?? letter : letter)
        }
        return Word(text: text, line: line, isWhole: false)
    }
}

extension SecretReader {
    /// What `$NETRC`, else `~/.netrc`, says about a host (without port).
    ///
    /// With `user` only that user's entries count. The file has to be private, as every file with secrets.
    /// - Throws: also when there is no such file, or no login for the host in it.
    public func netrc(host: String, user: String?) throws(SecretError) -> NetrcLogin {
        let path = environment["NETRC"] ?? environment["HOME"].map { $0 + "/.netrc" }
        guard let path else { throw .variableUnset("HOME") }
        guard let text = ByteText.decode(try SecretFile.read(path: path)) else {
            throw .fileWithoutSecret(path: path)
        }
        let netrc = Netrc(text)
        guard let login = netrc.login(host: host, user: user) else {
            throw .netrcWithoutLogin(path: path, host: host, fault: netrc.fault)
        }
        return login
    }
}
