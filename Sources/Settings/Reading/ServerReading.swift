// SPDX-License-Identifier: MIT

/// Reads one member of `servers`.
struct ServerReading {
    let section: Section
    let rules: KeyRules
    let source: SourceFile
    private let name: String?

    /// Finds name and kind first: everything else depends on the kind.
    init(_ section: Section, kinds: [String], source: SourceFile) {
        self.section = section
        self.source = source
        rules = KeyRules(kind: section.choice("kind", among: kinds))
        name = section.value("name") { text throws(Complaint) in try ValueRule.serverName(text) }
    }

    func read() -> ServerProfile {
        section.refuseUnknown(rules.server, elsewhere: rules.misplacedInServer)
        section.require("name")
        section.require("kind")
        var server = ServerProfile(name: name ?? "", kind: rules.kind ?? "", line: section.place.line)
        readCommon(&server)
        readConnection(&server)
        readOfKind(&server)
        requireAddress()
        if let entry = section.entry("auth"),
            let auth = Section(entry.value, name: "auth", findings: section.findings)
        {
            server.auth = AuthReading(section: auth, rules: rules, source: source).read()
            if server.auth.flow == "client_credentials" {
                section.require("tenant", ": flow `client_credentials` needs it")
            }
        }
        if let entry = section.entry("items"),
            let items = Section(entry.value, name: "items", findings: section.findings)
        {
            server.items = readItems(items)
        }
        return server
    }

    private func readCommon(_ server: inout ServerProfile) {
        server.poll = section.duration("poll", in: ConfigurationReader.pollRange)
        server.requestBudget = section.rate("request_budget")
        server.connections =
            section.whole("connections", in: 1...ServerProfile.mostConnections(kind: server.kind)) ?? server.connections
        server.limit = section.whole("limit", in: 1...10_000_000) ?? server.limit
        server.readOnly = section.flag("read_only") ?? false
        server.protected = section.flag("protected") ?? false
        server.color = section.choice("color", among: ServerProfile.colors)
        server.language = section.value("language") { text throws(Complaint) in try ValueRule.language(text) }
    }

    private func readConnection(_ server: inout ServerProfile) {
        server.insecureHTTP = section.flag("insecure_http") ?? false
        server.insecureTLS = section.flag("insecure_tls") ?? false
        server.url = section.address("url", plainAllowed: server.insecureHTTP)
        server.proxy = section.value("proxy") { text throws(Complaint) in try AddressRule.checkProxy(text) }
        server.caFile = section.text("ca_file").map(source.resolve)
        server.clientCert = section.text("client_cert").map(source.resolve)
        server.clientKey = section.text("client_key").map(source.resolve)
        for (one, other) in [("client_cert", "client_key"), ("client_key", "client_cert")] {
            if let entry = section.entry(one), section.entry(other) == nil {
                section.findings.add("`\(one)` needs `\(other)`", at: entry.place)
            }
        }
    }

    private func readOfKind(_ server: inout ServerProfile) {
        server.forceBySave = section.flag("force_by_save") ?? false
        server.tenant = section.value("tenant") { text throws(Complaint) in
            try ValueRule.tenant(text)
        }
        server.environment = section.choice("environment", among: ["sod", "stage", "online"])
        server.stateURL = section.address("state_url", plainAllowed: server.insecureHTTP)
        server.loginURL = section.address("login_url", plainAllowed: server.insecureHTTP)
        server.api = section.choice("api", among: ["v1.0", "beta"])
        server.drives = section.list("drives") { text throws(Complaint) in try ValueRule.drive(text) } ?? []
    }

    private func requireAddress() {
        guard let kind = rules.kind else { return }
        switch kind {
        case "msgraph": break
        case "superoffice":
            if section.entry("url") == nil, section.entry("tenant") == nil {
                section.require("url", " (or `tenant`, for superoffice online)")
            }
            if let tenant = section.entry("tenant"), section.entry("url") != nil {
                section.findings.add("`url` and `tenant` exclude each other; keep one", at: tenant.place)
            }
            for key in ["environment", "state_url"] {
                if let entry = section.entry(key), section.entry("tenant") == nil {
                    section.findings.add("`\(key)` needs `tenant`", at: entry.place)
                }
            }
        default: section.require("url")
        }
    }

    private func readItems(_ section: Section) -> ItemSelection {
        section.refuseUnknown(rules.items, elsewhere: rules.misplacedInItems)
        var items = ItemSelection()
        items.path = section.value("path") { text throws(Complaint) in
            guard text.hasPrefix("/") || rules.kind == "gitlfs" else {
                throw Complaint("\(Quote.value(text)) is no path from the root; write \(Quote.value("/" + text))")
            }
            return text
        }
        items.types = section.list("types") ?? []
        items.depth = section.whole("depth", in: 1...1_000)
        items.text = section.text("text")
        items.filter = section.text("filter")
        return items
    }
}
