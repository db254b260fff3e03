// SPDX-License-Identifier: MIT
internal import Locks

/// Applies the `LOCKTOP_…` variables, by the same rules as the file. An empty variable counts as unset.
struct EnvironmentReading {
    let environment: [String: String]
    let findings: Findings

    func apply(to configuration: inout Configuration) {
        set("LOCKTOP_POLL", &configuration.poll) { text throws(Complaint) in
            try ValueRule.duration(text, in: ConfigurationReader.pollRange)
        }
        set("LOCKTOP_REQUEST_BUDGET", &configuration.requestBudget) { text throws(Complaint) in
            try ValueRule.rate(text)
        }
        set("LOCKTOP_STALE_AFTER", &configuration.staleAfter) { text throws(Complaint) in
            try ValueRule.duration(text, in: ConfigurationReader.staleRange)
        }
        set("LOCKTOP_READ_ONLY", &configuration.readOnly) { text throws(Complaint) in try ValueRule.flag(text) }
        set("LOCKTOP_KEEP_ALIVE", &configuration.keepAlive) { text throws(Complaint) in try ValueRule.flag(text) }
        set("LOCKTOP_THEME", &configuration.theme) { text throws(Complaint) in
            try ValueRule.choice(text, noun: "theme", among: Configuration.themes)
        }
        set("LOCKTOP_COLUMNS", &configuration.columns) { text throws(Complaint) in
            var columns: [String] = []
            for name in try Self.names(text) { columns.append(try ValueRule.column(name, after: columns)) }
            return columns
        }
        set("LOCKTOP_DEPARTED", &configuration.departed) { text throws(Complaint) in try Self.names(text) }
    }

    private func set<Value>(
        _ variable: String, _ target: inout Value, _ rule: (String) throws(Complaint) -> Value
    ) {
        guard let text = environment[variable], !text.isEmpty else { return }
        do {
            target = try rule(text)
        } catch {
            findings.add(error.message, variable: variable)
        }
    }

    private static func names(_ text: String) throws(Complaint) -> [String] {
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
        guard names.allSatisfy({ !$0.isEmpty }),
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw Complaint("expected names with commas between, as `bob,ann`, found \(Quote.value(text))") }
        return names
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
