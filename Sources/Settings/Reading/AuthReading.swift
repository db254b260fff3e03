// SPDX-License-Identifier: MIT

/// Reads what stands under `auth`.
struct AuthReading {
    let section: Section
    let rules: KeyRules
    let source: SourceFile

    func read() -> AuthProfile {
        section.refuseUnknown(rules.auth, elsewhere: rules.misplacedInAuth)
        var auth = AuthProfile()
        auth.user = section.text("user")
        auth.scheme = scheme()
        auth.flow = section.choice("flow", among: ["device_code", "client_credentials"])
        auth.clientID = section.text("client_id")
        auth.netrc = section.flag("netrc") ?? false
        auth.password = secret("password")
        auth.token = secret("token")
        auth.appToken = secret("app_token")
        auth.clientSecret = secret("client_secret")
        checkTogether(auth)
        return auth
    }

    private func scheme() -> String? {
        section.value("scheme") { text throws(Complaint) in
            if text == "negotiate", rules.kind == "superoffice" {
                throw Complaint("scheme `negotiate` is not for superoffice, which has a sign-in of its own")
            }
            let words =
                switch rules.kind {
                case "plone": ["negotiate"]
                case "superoffice": ["basic", "soticket", "bearer"]
                default: ["basic", "soticket", "bearer", "negotiate"]
                }
            return try ValueRule.choice(text, noun: "scheme", among: words)
        }
    }

    private func secret(_ name: String) -> SecretSource? {
        let forms = KeyRules.forms(of: name)
        guard rules.auth.contains(name) else { return nil }
        let present = section.entries.filter { forms.contains($0.key) }
        if present.count > 1, let second = present.dropFirst().first {
            section.findings.add(
                "`\(second.key)` and `\(present[0].key)` are two sources of one secret; keep one", at: second.place)
            return nil
        }
        switch present.first?.key {
        case forms[0]: return literal(name)
        case forms[1]:
            return section.value(forms[1]) { text throws(Complaint) in
                .environment(try ValueRule.variableName(text))
            }
        case forms[2]: return section.text(forms[2]).map { .file(source.resolve($0)) }
        case forms[3]: return section.text(forms[3], lines: true).map { .command($0) }
        default: return nil
        }
    }

    private func literal(_ name: String) -> SecretSource? {
        guard source.isPrivate else {
            guard let entry = section.entry(name) else { return nil }
            section.findings.add(
                "`\(name)` stands in a file that others can read; run `chmod 600 \(source.shellName)`, or use "
                    + "`\(name)_env`, `\(name)_file` or `\(name)_command`", at: entry.place)
            return nil
        }
        return section.text(name).map { .literal(Secret($0)) }
    }

    /// What no single key can tell.
    private func checkTogether(_ auth: AuthProfile) {
        func has(_ secret: String) -> DocumentNode.Entry? {
            section.entries.first { KeyRules.forms(of: secret).contains($0.key) }
        }
        if rules.auth.contains("user"), let password = has("password") {
            section.require("user", ": a password needs one")
            if auth.netrc {
                section.findings.add(
                    "`\(password.key)` and `netrc` are two sources of one secret; keep one", at: password.place)
            }
        }
        if auth.scheme == "negotiate" {
            section.require("user", ": scheme `negotiate` needs the name that the server knows the account by")
            for secret in ["password", "token"] {
                guard let entry = has(secret) else { continue }
                section.findings.add(
                    "`\(entry.key)` is not used by scheme `negotiate`, which shows the ticket that `kinit` got",
                    at: entry.place)
            }
            if auth.netrc, let entry = section.entry("netrc") {
                section.findings.add(
                    "`netrc` is not used by scheme `negotiate`, which shows the ticket that `kinit` got",
                    at: entry.place)
            }
        } else if let scheme = auth.scheme {
            let (wanted, other) = scheme == "basic" ? ("password", "token") : ("token", "password")
            if let entry = has(other), has(wanted) == nil {
                section.findings.add(
                    "`\(entry.key)` is not used by scheme `\(scheme)`; expected a `\(wanted)`", at: entry.place)
            }
        }
        if let flow = auth.flow {
            section.require("client_id", ": flow `\(flow)` needs it")
            if flow == "client_credentials", has("client_secret") == nil {
                section.findings.add(
                    "`client_secret_env`, `_file` or `_command` is missing: flow `\(flow)` needs it", at: section.place)
            }
        } else if rules.auth.contains("flow"), section.entry("flow") == nil, let entry = has("client_secret") {
            section.findings.add("`\(entry.key)` needs `flow: client_credentials`", at: entry.place)
        }
    }
}

/// The file that is being read, for what depends on its place.
struct SourceFile {
    let name: String
    let isPrivate: Bool
    let environment: [String: String]

    func resolve(_ path: String) -> String {
        ConfigurationPath.resolve(path, configFile: name, environment: environment)
    }

    /// The name as the shell wants it.
    var shellName: String { ShellWord.quote(name) }
}
