// SPDX-License-Identifier: MIT
internal import Locks

/// Reads one member of `servers`.
struct ServerReading {
    let section: Section
    let rules: KeyRules
    let source: SourceFile
    private let name: String?

    /// Finds name and kind first: everything else depends on the kind.
    init(_ section: Section, kinds: [OptionList], source: SourceFile) {
        self.section = section
        self.source = source
        rules = KeyRules(all: kinds, kind: section.choice("kind", among: kinds.map(\.kind)))
        name = section.value("name") { text throws(Complaint) in try ValueRule.serverName(text) }
    }

    func read() -> ServerProfile {
        section.refuseUnknown(rules.server, elsewhere: rules.misplacedInServer)
        section.require("name")
        section.require("kind")
        var server = ServerProfile(name: name ?? "", kind: rules.kind ?? "", line: section.place.line)
        readCommon(&server)
        readConnection(&server)
        let (auth, items) = (part("auth"), part("items"))
        auth?.refuseUnknown(rules.auth, elsewhere: rules.misplacedInAuth)
        items?.refuseUnknown(rules.items, elsewhere: rules.misplacedInItems)
        guard let list = rules.list else { return server }
        if list.needsAddress { section.require("url") }
        server.options = values(of: list.server, in: section, plainAllowed: server.insecureHTTP)
        if let auth {
            server.auth.values = values(of: list.auth, in: auth, plainAllowed: server.insecureHTTP)
            server.auth.secrets = SecretReading(section: auth, source: source).read(list.auth.filter(\.isSecret))
        }
        if let items { server.items = values(of: list.items, in: items, plainAllowed: server.insecureHTTP) }
        note(list.check(written(list, server, auth, items)), list, auth)
        return server
    }

    private func part(_ name: String) -> Section? {
        section.entry(name).flatMap { Section($0.value, name: name, findings: section.findings) }
    }

    private func readCommon(_ server: inout ServerProfile) {
        server.poll = section.duration("poll", in: ConfigurationReader.pollRange)
        server.requestBudget = section.rate("request_budget")
        server.connections = section.whole("connections", in: 1...(rules.list?.mostConnections ?? 256))
        server.requestTimeout = section.duration("request_timeout", in: 1...600)
        server.limit = section.whole("limit", in: 1...10_000_000)
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

    // MARK: What the kind knows

    private func values(of keys: [OptionKey], in section: Section, plainAllowed: Bool) -> OptionValues {
        var values = OptionValues()
        for key in keys where !key.isSecret {
            values[key.name] = value(of: key, in: section, plainAllowed: plainAllowed)
        }
        return values
    }

    private func value(of key: OptionKey, in section: Section, plainAllowed: Bool) -> OptionValue? {
        switch key.rule {
        case .text: section.text(key.name).map { .text($0) }
        case .form(let rule): section.value(key.name, rule).map { .text($0) }
        case .flag: section.flag(key.name) == true ? .flag : nil
        case .whole(let range): section.whole(key.name, in: range).map { .whole($0) }
        case .choice(let words): section.choice(key.name, among: words).map { .text($0) }
        case .address: section.address(key.name, plainAllowed: plainAllowed).map { .text($0) }
        case .list: section.list(key.name).map { .list($0) }
        case .listOf(let rule): section.list(key.name, rule).map { .list($0) }
        case .secret: nil
        }
    }

    private func written(
        _ list: OptionList, _ server: ServerProfile, _ auth: Section?, _ items: Section?
    ) -> WrittenOptions {
        var values = server.options
        values.merge(server.auth.values)
        values.merge(server.items)
        var written: [String: String] = section.entry("url") == nil ? [:] : ["url": "url"]
        for (keys, part) in [(list.server, section), (list.auth, auth), (list.items, items)] {
            for key in keys {
                written[key.name] = part?.entries.first { key.forms.contains($0.key) }?.key
            }
        }
        return WrittenOptions(values: values, written: written)
    }

    private func note(_ faults: [OptionFault], _ list: OptionList, _ auth: Section?) {
        func part(of key: String) -> Section {
            (list.auth.contains { $0.name == key } ? auth : nil) ?? section
        }
        for fault in faults {
            switch fault {
            case .missing(let key, let why): part(of: key).require(key, why)
            case .missingSecret(let key, let why):
                let part = part(of: key)
                part.findings.add("`\(key)_env`, `_file` or `_command` is missing\(why)", at: part.place)
            case .refused(let key, let sentence):
                let option = list.all.first { $0.name == key }
                let entry = [section, auth, self.part("items")].compactMap(\.self).flatMap(\.entries)
                    .first { option?.forms.contains($0.key) ?? ($0.key == key) }
                section.findings.add(sentence, at: entry?.place ?? section.place)
            }
        }
    }
}
