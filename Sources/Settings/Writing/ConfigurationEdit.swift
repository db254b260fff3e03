// SPDX-License-Identifier: MIT
public import Locks

/// Adds a server to the text of a configuration, or takes one out. Everything else of the text stays as it is: comments,
/// order, line ends. What comes out was read again and says what it should, else it is not given back.
public struct ConfigurationEdit: Sendable {
    private let text: String
    private let file: String
    private let kinds: [OptionList]
    private let environment: [String: String]
    /// What the text says; it may have no server yet.
    public let configuration: Configuration

    /// Reads the text.
    /// - Throws: `ConfigurationErrors` with everything that is wrong in it, as for any other reader.
    public init(
        _ text: String, file: String, isPrivateFile: Bool, kinds: [OptionList], environment: [String: String]
    ) throws(ConfigurationErrors) {
        self.text = text
        self.file = file
        self.kinds = kinds
        // What the environment says for this run is not the file's.
        self.environment = environment.filter { !$0.key.hasPrefix("LOCKTOP_") }
        configuration = try ConfigurationReader.read(
            text: text, file: file, isPrivateFile: isPrivateFile, kinds: kinds, environment: self.environment,
            needsServers: false)
    }

    /// A server as it would be written, and as it is read again.
    /// - Throws: `ConfigurationErrors` that say what is wrong with it.
    public static func checked(
        _ profile: ServerProfile, file: String, kinds: [OptionList], environment: [String: String]
    ) throws(ConfigurationErrors) -> ServerProfile {
        do throws(ConfigurationErrors) {
            let read = try ConfigurationReader.read(
                text: ConfigurationText.render([profile]), file: file, isPrivateFile: true, kinds: kinds,
                environment: environment.filter { !$0.key.hasPrefix("LOCKTOP_") })
            guard let server = read.servers.first else { throw ConfigurationErrors([]) }
            return server
        } catch {
            // Its lines are nobody's: it stands in no file yet.
            throw ConfigurationErrors(
                error.errors.map { ConfigurationError(file: profile.name, message: $0.message) })
        }
    }

    /// Checks the address that a server is to have, before anything else of it is known.
    /// - Throws: `ConfigurationErrors` that say under the server's name what is wrong with it.
    public static func check(_ address: String, of name: String) throws(ConfigurationErrors) {
        do { _ = try AddressRule.check(address, plainAllowed: false) } catch {
            throw ConfigurationErrors([ConfigurationError(file: name, message: error.message)])
        }
    }

    /// The lines that a server is written with.
    public static func lines(_ profile: ServerProfile) -> [String] { ConfigurationText.member(profile, indent: 2) }

    /// The text with one server more, behind the others.
    public func adding(_ profile: ServerProfile) throws(ConfigurationErrors) -> String {
        var lines = ConfigurationLines(text)
        let place = try self.place(in: lines)
        let end = Self.endOfDocument(lines)
        switch place {
        case .none:
            lines.lines.insert(contentsOf: ["servers:"] + ConfigurationText.member(profile, indent: 2), at: end)
        case .empty(let line):
            lines.lines[line] = Self.withoutValue(lines.lines[line])
            lines.lines.insert(contentsOf: ConfigurationText.member(profile, indent: 2), at: line + 1)
        case .members(_, let starts, let end, let indent):
            guard !starts.isEmpty else { throw cant }
            lines.lines.insert(contentsOf: ConfigurationText.member(profile, indent: indent), at: end)
        }
        var expected = configuration
        expected.servers.append(profile)
        return try verified(lines.text(appending: true), expected)
    }

    /// The text without a server, and the lines that are taken out.
    public func removing(_ name: String) throws(ConfigurationErrors) -> (text: String, lines: [String]) {
        var lines = ConfigurationLines(text)
        guard let index = configuration.servers.firstIndex(where: { $0.name == name }),
            case .members(let key, let starts, let end, let indent) = try place(in: lines),
            starts.indices.contains(index)
        else { throw cant }
        let start = Self.withComments(lines, starts[index], after: index == 0 ? key : starts[index - 1], indent)
        var stop =
            index + 1 < starts.count
            ? Self.withComments(lines, starts[index + 1], after: starts[index], indent) : end
        let taken = Array(lines.lines[start..<stop])
        // No two empty lines where there was one before and one behind.
        if start > 0, lines.isBlank(start - 1), stop < lines.lines.count, lines.isBlank(stop) { stop += 1 }
        lines.lines.removeSubrange(start..<stop)
        if starts.count == 1 { lines.lines[key] = Self.withEmptyList(lines.lines[key]) }
        var expected = configuration
        expected.servers.remove(at: index)
        return (try verified(lines.text(appending: false), expected), taken)
    }

    // MARK: Where the servers stand

    private enum Position {
        /// Nowhere.
        case none
        /// The key is in this line, and has nothing.
        case empty(line: Int)
        /// The key's line, the line of each dash, the line behind the list, and the dashes' column.
        case members(key: Int, starts: [Int], end: Int, indent: Int)
    }

    private func place(in lines: ConfigurationLines) throws(ConfigurationErrors) -> Position {
        var parser = DocumentParser(findings: Findings(file: file))
        guard let root = parser.parse(text), !root.isNothing else { return .none }
        guard case .section(let entries) = root.content else { throw cant }
        guard let entry = entries.first(where: { $0.key == "servers" }) else { return .none }
        let key = entry.place.line - 1
        guard lines.lines.indices.contains(key) else { throw cant }
        if entry.value.isNothing { return .empty(line: key) }
        guard case .list(let members) = entry.value.content else { throw cant }
        if members.isEmpty { return .empty(line: key) }
        var starts: [Int] = []
        var indent: Int?
        for member in members {
            guard let dash = Self.dash(of: member, in: lines), indent ?? dash.column == dash.column else { throw cant }
            indent = dash.column
            starts.append(dash.line)
        }
        let next = entries.map(\.place.line).filter { $0 > entry.place.line }.min().map { $0 - 1 }
        var end = next ?? Self.endOfDocument(lines)
        // What stands below the list, no deeper than it, belongs to what follows.
        while end > 0, lines.isBlank(end - 1) || lines.isComment(end - 1) && lines.indent(end - 1) <= (indent ?? 0) {
            end -= 1
        }
        return .members(key: key, starts: starts, end: end, indent: indent ?? 0)
    }

    private static func dash(of member: DocumentNode, in lines: ConfigurationLines) -> (line: Int, column: Int)? {
        var line = member.place.line - 1
        guard lines.lines.indices.contains(line) else { return nil }
        while line >= 0 {
            let content = lines.content(line)
            if content.hasPrefix("- ") || content == "-" { return (line, lines.indent(line)) }
            // A dash may stand alone above.
            guard line == member.place.line - 1 || lines.isBlank(line) || lines.isComment(line) else { return nil }
            line -= 1
        }
        return nil
    }

    // The comment right above a server is its own.
    private static func withComments(_ lines: ConfigurationLines, _ start: Int, after: Int, _ indent: Int) -> Int {
        var start = start
        while start - 1 > after, lines.isComment(start - 1), lines.indent(start - 1) == indent { start -= 1 }
        return start
    }

    private static func endOfDocument(_ lines: ConfigurationLines) -> Int {
        var end = lines.lines.count
        while end > 0, lines.isBlank(end - 1) { end -= 1 }
        return end > 0 && lines.lines[end - 1].hasPrefix("...") ? end - 1 : lines.lines.count
    }

    private static func withoutValue(_ line: String) -> String {
        guard let colon = line.firstIndex(of: ":") else { return line }
        let rest = line[line.index(after: colon)...]
        let comment = rest.firstRange(of: " #").map { rest[$0.lowerBound...] } ?? ""
        return line[...colon] + (comment.isEmpty ? "" : " " + comment.drop { $0 == " " })
    }

    private static func withEmptyList(_ line: String) -> String {
        guard let colon = line.firstIndex(of: ":") else { return line }
        return line[...colon] + " []" + line[line.index(after: colon)...]
    }

    // MARK: Making sure

    private func verified(_ text: String, _ expected: Configuration) throws(ConfigurationErrors) -> String {
        let read = try ConfigurationReader.read(
            text: text, file: file, isPrivateFile: true, kinds: kinds, environment: environment, needsServers: false)
        guard read.withoutLines == expected.withoutLines else { throw cant }
        return text
    }

    private var cant: ConfigurationErrors {
        ConfigurationErrors([
            ConfigurationError(
                file: file,
                message: "as its servers are written, no program can change them safely (each has to stand below the "
                    + "other, behind a dash); change the file by hand")
        ])
    }
}

extension Configuration {
    fileprivate var withoutLines: Configuration {
        var same = self
        for index in same.servers.indices { same.servers[index].line = 0 }
        return same
    }
}
