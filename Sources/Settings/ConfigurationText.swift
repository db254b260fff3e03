// SPDX-License-Identifier: MIT
internal import Locks

/// Writes configurations.
public enum ConfigurationText {
    /// YAML for `profiles` with name, kind, address, user, where the secrets come from, the items and the flags that
    /// are not at their defaults; it reads back as the same profiles.
    ///
    /// - Parameters:
    ///   - comments: lines to put above the servers, by the server's name; under `""` those above everything.
    ///
    /// Trap: a literal secret is left out, with a comment in its place.
    public static func render(_ profiles: [ServerProfile], comments: [String: [String]] = [:]) -> String {
        var lines = (comments[""] ?? []).map(comment)
        lines.append("servers:")
        for profile in profiles {
            lines += (comments[profile.name] ?? []).map { "  " + comment($0) }
            lines += member(profile, indent: 2)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The lines of one member of the list, its dash in this column (from 0).
    static func member(_ profile: ServerProfile, indent: Int) -> [String] {
        let blanks = String(repeating: " ", count: indent)
        return server(profile).enumerated().map { blanks + ($0.offset == 0 ? "- " : "  ") + $0.element }
    }

    private static func server(_ profile: ServerProfile) -> [String] {
        var fields = ["name: \(scalar(profile.name))", "kind: \(scalar(profile.kind))"]
        func add(_ key: String, _ value: String?) {
            if let value { fields.append("\(key): \(scalar(value))") }
        }
        func add(_ key: String, _ flag: Bool) {
            if flag { fields.append("\(key): true") }
        }
        add("url", profile.url)
        fields += lines(profile.options, areLists: false)
        let (pairs, notes) = auth(profile.auth)
        fields += notes.map(comment)
        if !pairs.isEmpty { fields.append("auth: {\(pairs.joined(separator: ", "))}") }
        fields += lines(profile.options, areLists: true)
        let selection = lines(profile.items)
        if !selection.isEmpty { fields.append("items: {\(selection.joined(separator: ", "))}") }
        add("poll", profile.poll.map { exact($0) + "s" })
        add("request_budget", profile.requestBudget.map { exact($0) + "/s" })
        if let connections = profile.connections { fields.append("connections: \(connections)") }
        add("request_timeout", profile.requestTimeout.map { exact($0) + "s" })
        if let limit = profile.limit { fields.append("limit: \(limit)") }
        add("read_only", profile.readOnly)
        add("protected", profile.protected)
        add("color", profile.color)
        add("ca_file", profile.caFile)
        add("client_cert", profile.clientCert)
        add("client_key", profile.clientKey)
        add("proxy", profile.proxy)
        add("language", profile.language)
        add("insecure_http", profile.insecureHTTP)
        add("insecure_tls", profile.insecureTLS)
        return fields
    }

    private static func auth(_ auth: AuthProfile) -> (pairs: [String], notes: [String]) {
        var fields = lines(auth.values)
        var notes: [String] = []
        for (key, source) in auth.secrets.sorted(by: { $0.key < $1.key }) {
            switch source {
            case .literal: notes.append("\(key): not written here")
            case .environment(let name): fields.append("\(key)_env: \(scalar(name))")
            case .file(let path): fields.append("\(key)_file: \(scalar(path))")
            case .command(let command): fields.append("\(key)_command: \(scalar(command))")
            }
        }
        return (fields, notes)
    }

    /// A line for each value, or for those that are lists or that are none.
    private static func lines(_ values: OptionValues, areLists: Bool? = nil) -> [String] {
        values.keys.compactMap { key in
            switch values[key] {
            case .text(let text) where areLists != true: "\(key): \(scalar(text))"
            case .flag where areLists != true: "\(key): true"
            case .whole(let number) where areLists != true: "\(key): \(number)"
            case .list(let texts) where areLists != false && !texts.isEmpty: "\(key): \(list(texts))"
            default: nil
            }
        }
    }

    private static func list(_ values: [String]) -> String {
        "[" + values.map(scalar).joined(separator: ", ") + "]"
    }

    /// A number that reads back as it is, without a needless `.0` and without an exponent.
    private static func exact(_ number: Double) -> String {
        if let whole = Int(exactly: number) { return "\(whole)" }
        return "\(number)"
    }

    private static func comment(_ line: String) -> String {
        "# " + String(String.UnicodeScalarView(line.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
    }

    /// The text as a YAML scalar: bare where that is safe, else in double quotes.
    private static func scalar(_ text: String) -> String {
        if isBare(text) { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where isControl(scalar):
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func isBare(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, ValueRule.isLetterOrDigit(first) || first == "/" else {
            return false
        }
        return !["null", "Null", "NULL"].contains(text) && text.last != ":"
            && text.unicodeScalars.allSatisfy { ValueRule.isLetterOrDigit($0) || "/._-:@".unicodeScalars.contains($0) }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
