// SPDX-License-Identifier: MIT

/// The logins of a `.netrc` file. Whoever reads the file checks first that it is private.
public struct Netrc: Sendable, CustomReflectable {
    /// One login. It never describes its password.
    public struct Login: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
        /// The user.
        public var user: String?
        /// The password.
        public var password: String?

        /// A login.
        public init(user: String? = nil, password: String? = nil) {
            self.user = user
            self.password = password
        }

        /// Without the password.
        public var description: String { "\(user ?? "nobody") •••" }
        /// Without the password: `dump` prints what is here.
        public var customMirror: Mirror { Mirror(self, children: ["user": user ?? ""]) }
    }

    /// What is wrong with the text. No word of the text is in it: it could be a password.
    public struct Malformed: Error, Hashable, Sendable {
        /// The line, from 1.
        public let line: Int
        /// One sentence.
        public let message: String
    }

    private var machines: [(host: String, login: Login)] = []
    private var fallback: Login?

    /// Never the passwords: `dump` prints what is here.
    public var customMirror: Mirror { Mirror(self, children: ["machines": machines.map(\.host)]) }

    /// The logins in a text. Macros are left out; comments begin with `#` where a keyword could stand.
    public init(_ text: String) throws(Malformed) {
        var words = Words(text)
        var current: Login?
        var host: String?
        while let (word, at) = try words.next() {
            switch word {
            case "machine", "default":
                keep(current, host)
                (current, host) = (Login(), nil)
                if word == "machine" { host = try words.value(of: word, line: at).lowercased() }
            case "login", "password", "account":
                guard current != nil else {
                    throw Malformed(line: at, message: "“\(word)” stands before the first “machine”.")
                }
                let value = try words.value(of: word, line: at)
                if word == "login" { current?.user = value }
                if word == "password" { current?.password = value }
            case "macdef":
                words.skipMacro()
            default:
                throw Malformed(
                    line: at, message: "Expected machine, default, login, password, account or macdef.")
            }
        }
        keep(current, host)
    }

    /// The login for a host: its own, with that user where one is given, else the default one.
    public func login(for host: String, user: String? = nil) -> Login? {
        func fits(_ login: Login) -> Bool { user == nil || login.user == nil || login.user == user }
        let host = host.lowercased()
        return machines.first { $0.host == host && fits($0.login) }?.login ?? fallback.flatMap { fits($0) ? $0 : nil }
    }

    private mutating func keep(_ login: Login?, _ host: String?) {
        guard let login else { return }
        if let host { machines.append((host, login)) } else if fallback == nil { fallback = login }
    }
}

extension Netrc {
    /// The words of the text, each with its line.
    private struct Words {
        private var rest: Substring
        private var line = 1

        init(_ text: String) { rest = text.replacing("\r\n", with: "\n")[...] }

        mutating func next() throws(Malformed) -> (String, Int)? {
            while true {
                skipBlanks()
                guard rest.first == "#" else { break }
                rest = rest.drop { $0 != "\n" }
            }
            return try word()
        }

        mutating func value(of keyword: String, line: Int) throws(Malformed) -> String {
            skipBlanks()
            guard let (value, _) = try word() else {
                throw Malformed(line: line, message: "“\(keyword)” has no value.")
            }
            return value
        }

        /// A macro ends with an empty line.
        mutating func skipMacro() {
            while let end = rest.firstIndex(of: "\n") {
                rest = rest[rest.index(after: end)...]
                line += 1
                if rest.first == "\n" { return }
            }
            rest = ""
        }

        private mutating func skipBlanks() {
            while let first = rest.first, first.isWhitespace {
                if first == "\n" { line += 1 }
                rest.removeFirst()
            }
        }

        private mutating func word() throws(Malformed) -> (String, Int)? {
            guard let first = rest.first else { return nil }
            guard first == "\"" else {
                let word = rest.prefix { !$0.isWhitespace }
                rest = rest[word.endIndex...]
                return (String(word), line)
            }
            rest.removeFirst()
            var word = ""
            while let character = rest.popFirst(), character != "\n" {
                if character == "\"" { return (word, line) }
                word.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
            }
            throw Malformed(line: line, message: "The quotation mark at the end is missing.")
        }
    }
}
