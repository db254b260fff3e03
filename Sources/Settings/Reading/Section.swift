// SPDX-License-Identifier: MIT
internal import Locks

/// Keys and values of one level while they are read: hands out checked values and notes what is wrong.
struct Section {
    let entries: [DocumentNode.Entry]
    let place: Place
    let findings: Findings

    /// `nil` (and a finding) if the value is no section. `name` is the key it stands under.
    init?(_ node: DocumentNode, name: String, findings: Findings) {
        guard case .section(let entries) = node.content else {
            findings.add("expected keys and values under `\(name)`, found \(node.noun)", at: node.place)
            return nil
        }
        self.entries = entries
        place = node.place
        self.findings = findings
    }

    /// The whole document as a section.
    init?(document node: DocumentNode, findings: Findings) {
        guard case .section(let entries) = node.content else {
            findings.add("expected keys and values, as `servers:`, found \(node.noun)", at: node.place)
            return nil
        }
        self.entries = entries
        place = node.place
        self.findings = findings
    }

    func entry(_ key: String) -> DocumentNode.Entry? {
        entries.first { $0.key == key }
    }

    /// The value by a rule; `nil` if it is not there or wrong.
    func value<Value>(_ key: String, _ rule: (String) throws(Complaint) -> Value) -> Value? {
        guard let entry = entry(key) else { return nil }
        return value(of: entry.value, key: key, rule)
    }

    func value<Value>(
        of node: DocumentNode, key: String, lines: Bool = false, _ rule: (String) throws(Complaint) -> Value
    ) -> Value? {
        guard case .text(let text, _) = node.content, !node.isNothing, !text.isEmpty else {
            findings.add(
                "expected a value for `\(key)`, found \(node.isNothing ? "nothing" : found(node))", at: node.place)
            return nil
        }
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control || (lines && (scalar == "\n" || scalar == "\t"))
        }
        guard isClean else {
            findings.add("expected one line of text without control characters for `\(key)`", at: node.place)
            return nil
        }
        do {
            return try rule(text)
        } catch {
            findings.add(error.message, at: node.place)
            return nil
        }
    }

    private func found(_ node: DocumentNode) -> String {
        if case .text = node.content { return "empty text" }
        return node.noun
    }

    func text(_ key: String, lines: Bool = false) -> String? {
        guard let entry = entry(key) else { return nil }
        return value(of: entry.value, key: key, lines: lines) { $0 }
    }

    /// `true` or `false`; a text in quotes is neither.
    func flag(_ key: String) -> Bool? {
        guard let entry = entry(key) else { return nil }
        if case .text(let text, plain: false) = entry.value.content, text == "true" || text == "false" {
            findings.add("expected `\(text)` without quotes", at: entry.value.place)
            return nil
        }
        return value(key) { text throws(Complaint) in try ValueRule.flag(text) }
    }

    func duration(_ key: String, in range: ClosedRange<Double>) -> Double? {
        value(key) { text throws(Complaint) in try ValueRule.duration(text, in: range) }
    }

    func rate(_ key: String) -> Double? {
        value(key) { text throws(Complaint) in try ValueRule.rate(text) }
    }

    func whole(_ key: String, in range: ClosedRange<Int>) -> Int? {
        value(key) { text throws(Complaint) in try ValueRule.whole(text, in: range) }
    }

    func choice(_ key: String, among words: [String]) -> String? {
        value(key) { text throws(Complaint) in try ValueRule.choice(text, noun: key, among: words) }
    }

    func address(_ key: String, plainAllowed: Bool) -> String? {
        value(key) { text throws(Complaint) in try AddressRule.check(text, plainAllowed: plainAllowed) }
    }

    /// A list of texts by a rule; wrong members are noted and left out.
    func list(_ key: String, _ rule: (String) throws(Complaint) -> String = { $0 }) -> [String]? {
        guard let entry = entry(key) else { return nil }
        guard case .list(let members) = entry.value.content else {
            findings.add(
                "expected a list for `\(key)`, as `[one, two]`, found \(entry.value.noun)", at: entry.value.place)
            return nil
        }
        return members.compactMap { value(of: $0, key: key, rule) }
    }

    /// Notes every key that is not among `keys`. `elsewhere` says where a known key of another level belongs.
    func refuseUnknown(_ keys: [String], elsewhere: (String) -> String? = { _ in nil }) {
        for entry in entries where !keys.contains(entry.key) {
            if let sentence = elsewhere(entry.key) {
                findings.add(sentence, at: entry.place)
            } else if let quoted = Quote.key(entry.key) {
                findings.add("unknown key \(quoted); \(Quote.hint(entry.key, among: keys))", at: entry.place)
            } else if entry.key.contains(":") {
                findings.add("expected a space after the `:` of a key", at: entry.place)
            } else {
                findings.add("expected `key: value`", at: entry.place)
            }
        }
    }

    /// Notes that `key` is missing, at the start of the section, unless a misspelt key stands for it.
    func require(_ key: String, _ why: String = "") {
        let isMisspelt = entries.contains { NearestWord.suggestion(for: $0.key, among: [key]) != nil }
        if !isMisspelt { findings.add("`\(key)` is missing\(why)", at: place) }
    }
}
