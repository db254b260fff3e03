// SPDX-License-Identifier: MIT
public import Locks

/// Turns the configuration's text into a `Configuration`, or tells all that is wrong with it.
public enum ConfigurationReader {
    /// What `poll` may be, in seconds.
    static let pollRange: ClosedRange<Double> = 0.1...86_400
    /// What `stale_after` may be, in seconds.
    static let staleRange: ClosedRange<Double> = 1...31_536_000

    /// Reads YAML. Nothing is half-read: if anything is wrong, all of it is told and nothing returned.
    ///
    /// - Parameters:
    ///   - text: the file's content; a byte order mark and CRLF are fine.
    ///   - file: its name for messages; with a folder in it, relative paths inside start there.
    ///   - isPrivateFile: whether only its owner can read it; without that, secrets in it are refused.
    ///   - kinds: what the lock systems that are known take.
    ///   - keys: what the screen's keys do; `nil`: where there is no screen, what `keys` says is taken as it stands.
    ///   - environment: the process environment: `LOCKTOP_…` variables win over the file, `HOME` stands for `~`.
    ///   - needsServers: whether a text without a server is wrong; it is not where one is to be added.
    public static func read(
        text: String, file: String, isPrivateFile: Bool, kinds: [OptionList], keys: KeyVocabulary? = nil,
        environment: [String: String], needsServers: Bool = true
    ) throws(ConfigurationErrors) -> Configuration {
        let findings = Findings(file: file)
        let source = SourceFile(name: file, isPrivate: isPrivateFile, environment: environment)
        var configuration = Configuration()
        var parser = DocumentParser(findings: findings)
        let root = parser.parse(text)
        if let root, !root.isNothing {
            if let section = Section(document: root, findings: findings) {
                read(
                    section, into: &configuration, kinds: kinds, keys: keys, source: source, needsServers: needsServers)
            }
        } else if findings.isEmpty, needsServers {
            findings.add(noServers, at: Place(line: 1, column: 1))
        }
        EnvironmentReading(environment: environment, findings: findings).apply(to: &configuration)
        guard findings.isEmpty else { throw findings.sorted }
        return configuration
    }

    private static let noServers = "no servers configured; expected a list under `servers`"

    private static func read(
        _ section: Section, into configuration: inout Configuration, kinds: [OptionList], keys: KeyVocabulary?,
        source: SourceFile, needsServers: Bool
    ) {
        section.refuseUnknown(KeyRules.top) { KeyRules.misplacedAtTop($0, all: kinds) }
        configuration.poll = section.duration("poll", in: pollRange) ?? configuration.poll
        configuration.requestBudget = section.rate("request_budget") ?? configuration.requestBudget
        configuration.staleAfter = section.duration("stale_after", in: staleRange) ?? configuration.staleAfter
        configuration.departed = section.list("departed") ?? configuration.departed
        configuration.readOnly = section.flag("read_only") ?? configuration.readOnly
        configuration.keepAlive = section.flag("keep_alive") ?? configuration.keepAlive
        configuration.theme = section.choice("theme", among: Configuration.themes)
        let screen = ScreenReading(section: section)
        configuration.columns = screen.columns()
        configuration.views = screen.views()
        configuration.keys = screen.keys(keys)
        configuration.bell = section.flag("bell") ?? configuration.bell
        configuration.hooks = screen.hooks()
        configuration.auditSyslog = section.flag("audit_syslog") ?? false
        configuration.servers = servers(section, kinds: kinds, source: source, needsServers: needsServers)
    }

    private static func servers(
        _ section: Section, kinds: [OptionList], source: SourceFile, needsServers: Bool
    ) -> [ServerProfile] {
        guard let entry = section.entry("servers") else {
            if needsServers { section.findings.add(noServers, at: section.place) }
            return []
        }
        if entry.value.isNothing, !needsServers { return [] }
        guard case .list(let members) = entry.value.content else {
            section.findings.add(
                entry.value.isNothing
                    ? noServers
                    : "expected a list under `servers`, each beginning with `- `, found \(entry.value.noun)",
                at: entry.value.isNothing ? entry.place : entry.value.place)
            return []
        }
        if members.isEmpty, needsServers { section.findings.add(noServers, at: entry.value.place) }
        var lines: [String: Int] = [:]
        return members.compactMap { member in
            guard let server = Section(member, name: "servers", findings: section.findings) else { return nil }
            let profile = ServerReading(server, kinds: kinds, source: source).read()
            if let line = lines[profile.name], !profile.name.isEmpty, let name = server.entry("name") {
                section.findings.add(
                    "two servers are named `\(profile.name)`, the first in line \(line); rename one",
                    at: name.value.place)
            }
            lines[profile.name] = lines[profile.name] ?? server.entry("name")?.place.line
            return profile
        }
    }
}
