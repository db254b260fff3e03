// SPDX-License-Identifier: MIT

/// A column that there is not, or a direction that is none: the sentence.
public struct FieldError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String
}

extension Field {
    /// The names of all columns.
    public static var names: [String] { all.map(\.name) }

    /// The column that a word names.
    /// - Throws: `FieldError`, with the nearest word.
    public static func named(_ word: String) throws(FieldError) -> Field {
        if let field = all.first(where: { $0.name == word }) { return field }
        let hint = NearestWord.hint(for: word, among: names)
        throw FieldError(description: "No column is called \(word). There is: \(names.joined(separator: " ")).\(hint)")
    }

    /// The columns that the table of the screen can show: all but the web address, which is for files and the clipboard.
    public static var ofScreen: [Field] { all.filter { $0 != url } }

    /// The columns of a list like `state,item,holder`.
    /// - Throws: `FieldError`
    public static func list(_ text: String) throws(FieldError) -> [Field] {
        var fields: [Field] = []
        for word in text.split(separator: ",") {
            fields.append(try named(String(word.drop { $0 == " " })))
        }
        guard !fields.isEmpty else { throw FieldError(description: "Name at least one column.") }
        return fields
    }

    /// A column and a direction, as in `held`, `held:asc` or `held:desc`; without a direction the least first.
    /// - Throws: `FieldError`
    public static func order(_ text: String) throws(FieldError) -> (field: Field, isDescending: Bool) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let field = try named(parts[0])
        guard parts.count == 1 || parts.count == 2 && ["asc", "desc"].contains(parts[1]) else {
            throw FieldError(description: "\(text): write \(field.name):asc or \(field.name):desc.")
        }
        return (field, parts.count == 2 && parts[1] == "desc")
    }

    /// The columns of a printed table.
    public static func inPrint(servers: Int) -> [Field] {
        all.filter {
            switch $0.appears {
            case .always, .inPrint: true
            case .amongServers: servers > 1
            case .onWideScreens, .whenAsked: false
            }
        }
    }

    /// The columns of the screen, where nobody chose others.
    public static func onScreen(isWide: Bool, servers: Int) -> [Field] {
        all.filter {
            switch $0.appears {
            case .always: true
            case .onWideScreens: isWide
            case .amongServers: servers > 1
            case .inPrint, .whenAsked: false
            }
        }
    }
}
