// SPDX-License-Identifier: MIT
public import Locks

extension GraphSystem {
    /// What the configuration of a Microsoft Graph knows.
    public static let options = OptionList(
        "msgraph",
        server: [
            .tenant, OptionKey("login_url", .address, "where to sign in, if elsewhere"),
            OptionKey("api", .choice(["v1.0", "beta"]), "`v1.0` (the default) or `beta`"),
            OptionKey("drives", .listOf(drive), "`me`, `site:HOST:/PATH`, `group:ID`, `user:NAME`, `drive:ID`"),
        ],
        auth: [
            OptionKey("flow", .choice(["device_code", "client_credentials"]), "`device_code` or `client_credentials`"),
            OptionKey("client_id", .text, "the id of the registered application"), .token,
            OptionKey("client_secret", .secret, "its secret"),
        ],
        items: [.path, .depth],
        needsAddress: false,
        examples: [
            """
              - name: files
                kind: msgraph
                tenant: contoso.onmicrosoft.com
                auth: {flow: device_code, client_id: 00000000-0000-0000-0000-000000000000}
                drives: [me, "site:contoso.sharepoint.com:/sites/legal"]
                items: {path: /Contracts, depth: 2}

            """
        ],
        check: check)

    private static let drive: @Sendable (String) throws(Complaint) -> String = { text throws(Complaint) in
        let forms = ["me", "site:", "group:", "user:", "drive:"]
        if text == "me" { return text }
        for form in forms where form != "me" && text.hasPrefix(form) && text.utf8.count > form.utf8.count {
            return text
        }
        let head = text.firstIndex(of: ":").map { String(text[...$0]) } ?? text
        if let near = NearestWord.suggestion(for: head, among: forms), near != head {
            throw Complaint("unknown drive \(Quote.value(text)); did you mean `\(near)`?")
        }
        throw Complaint(
            "unknown drive \(Quote.value(text)); expected `me`, `site:HOST:/PATH`, `group:ID`, `user:NAME` or `drive:ID`"
        )
    }

    private static let check: @Sendable (WrittenOptions) -> [OptionFault] = { options in
        guard let flow = options.values.text("flow") else {
            guard options.word(for: "flow") == nil, let word = options.word(for: "client_secret") else { return [] }
            return [.refused("client_secret", "`\(word)` needs `flow: client_credentials`")]
        }
        let why = ": flow `\(flow)` needs it"
        var faults: [OptionFault] = [.missing("client_id", why: why)]
        if flow == "client_credentials" {
            if options.word(for: "client_secret") == nil { faults.append(.missingSecret("client_secret", why: why)) }
            faults.append(.missing("tenant", why: why))
        }
        return faults
    }
}

extension OptionValues {
    /// Where to sign in.
    var loginURL: String? { text("login_url") }

    /// Which version of the interface.
    var api: String? { text("api") }

    /// Which drives to list.
    var drives: [String] { list("drives") }
}
