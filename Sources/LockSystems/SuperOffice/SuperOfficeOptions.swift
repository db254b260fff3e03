// SPDX-License-Identifier: MIT
public import Locks

extension SuperOfficeSystem {
    /// What the configuration of a SuperOffice knows.
    public static let options = OptionList(
        "superoffice",
        server: [
            .tenant,
            OptionKey(
                "environment", .choice(["sod", "stage", "online"]), "online: `sod`, `stage` or `online` (the default)"),
            OptionKey("state_url", .address, "online: where the tenant's state is asked, if elsewhere"),
        ],
        auth: [
            .user, OptionKey("scheme", .form(scheme), "`basic`, `soticket` or `bearer`"), .netrc, .password, .token,
            OptionKey("app_token", .secret, "the application's token"),
        ],
        items: [OptionKey("filter", .text, "a condition in the server's own filter words")],
        needsAddress: false, connections: 4, limit: 1_000, examples: examples, check: check)

    private static let schemes = ["basic", "soticket", "bearer"]

    private static let scheme: @Sendable (String) throws(Complaint) -> String = { text throws(Complaint) in
        guard text != "negotiate" else {
            throw Complaint("scheme `negotiate` is not for superoffice, which has a sign-in of its own")
        }
        guard schemes.contains(text) else {
            throw Complaint("unknown scheme \(Quote.value(text)); \(Quote.hint(text, among: schemes))")
        }
        return text
    }

    private static let examples = [
        """
          - name: crm
            kind: superoffice
            url: https://crm.example.org/SuperOffice
            auth: {scheme: basic, user: system, password_env: CRM_PASSWORD}
            items: {filter: "name contains 'offer'"}
            limit: 1000          # documents listed at most, newest first
            connections: 4

        """,
        """
          - name: crm-online
            kind: superoffice
            tenant: Cust12345
            environment: online  # sod, stage or online
            auth: {scheme: soticket, token_file: ~/.secrets/ticket, app_token_file: ~/.secrets/app}

        """,
    ]

    private static let check: @Sendable (WrittenOptions) -> [OptionFault] = { options in
        address(options) + OptionFault.ofPassword(options) + secret(options)
    }

    private static func address(_ options: WrittenOptions) -> [OptionFault] {
        guard options.word(for: "tenant") == nil else {
            guard options.word(for: "url") != nil else { return [] }
            return [.refused("tenant", "`url` and `tenant` exclude each other; keep one")]
        }
        var faults: [OptionFault] = ["environment", "state_url"]
            .filter { options.word(for: $0) != nil }.map { .refused($0, "`\($0)` needs `tenant`") }
        if options.word(for: "url") == nil {
            faults.insert(.missing("url", why: " (or `tenant`, for superoffice online)"), at: 0)
        }
        return faults
    }

    private static func secret(_ options: WrittenOptions) -> [OptionFault] {
        guard let scheme = options.values.text("scheme") else { return [] }
        let (wanted, other) = scheme == "basic" ? ("password", "token") : ("token", "password")
        guard let word = options.word(for: other), options.word(for: wanted) == nil else { return [] }
        return [.refused(other, "`\(word)` is not used by scheme `\(scheme)`; expected a `\(wanted)`")]
    }
}

extension OptionValues {
    /// Which of the vendor's environments.
    var environment: String? { text("environment") }

    /// Where to ask for the tenant's address.
    var stateURL: String? { text("state_url") }
}
