// SPDX-License-Identifier: MIT

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
            let fields = server(profile)
            lines += fields.prefix(1).map { "  - " + $0 } + fields.dropFirst().map { "    " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
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
        add("tenant", profile.tenant)
        add("environment", profile.environment)
        add("state_url", profile.stateURL)
        add("login_url", profile.loginURL)
        add("api", profile.api)
        let (pairs, notes) = auth(profile.auth)
        fields += notes.map(comment)
        if !pairs.isEmpty { fields.append("auth: {\(pairs.joined(separator: ", "))}") }
        if !profile.drives.isEmpty { fields.append("drives: \(list(profile.drives))") }
        let selection = items(profile.items)
        if !selection.isEmpty { fields.append("items: {\(selection.joined(separator: ", "))}") }
        add("poll", profile.poll.map { exact($0) + "s" })
        add("request_budget", profile.requestBudget.map { exact($0) + "/s" })
        if profile.connections != ServerProfile.defaultConnections(kind: profile.kind) {
            fields.append("connections: \(profile.connections)")
        }
        if profile.limit != ServerProfile.defaultLimit(kind: profile.kind) {
            fields.append("limit: \(profile.limit)")
        }
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
        add("force_by_save", profile.forceBySave)
        return fields
    }

    private static func auth(_ auth: AuthProfile) -> (pairs: [String], notes: [String]) {
        var pairs: [String] = []
        var notes: [String] = []
        for (key, value) in [
            ("user", auth.user), ("scheme", auth.scheme), ("flow", auth.flow), ("client_id", auth.clientID),
        ] {
            if let value { pairs.append("\(key): \(scalar(value))") }
        }
        for (key, source) in [
            ("password", auth.password), ("token", auth.token), ("app_token", auth.appToken),
            ("client_secret", auth.clientSecret),
        ] {
            switch source {
            case .literal: notes.append("\(key): not written here")
            case .environment(let name): pairs.append("\(key)_env: \(scalar(name))")
            case .file(let path): pairs.append("\(key)_file: \(scalar(path))")
            case .command(let command): pairs.append("\(key)_command: \(scalar(command))")
            case nil: break
            }
        }
        if auth.netrc { pairs.append("netrc: true") }
        return (pairs, notes)
    }

    private static func items(_ items: ItemSelection) -> [String] {
        var pairs: [String] = []
        if let path = items.path { pairs.append("path: \(scalar(path))") }
        if !items.types.isEmpty { pairs.append("types: \(list(items.types))") }
        if let depth = items.depth { pairs.append("depth: \(depth)") }
        if let text = items.text { pairs.append("text: \(scalar(text))") }
        if let filter = items.filter { pairs.append("filter: \(scalar(filter))") }
        return pairs
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
