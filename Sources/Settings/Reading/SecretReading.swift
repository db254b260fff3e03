// SPDX-License-Identifier: MIT
internal import Locks

/// Reads where the secrets under `auth` come from.
struct SecretReading {
    let section: Section
    let source: SourceFile

    func read(_ keys: [OptionKey]) -> [String: SecretSource] {
        var secrets: [String: SecretSource] = [:]
        for key in keys { secrets[key.name] = secret(key) }
        return secrets
    }

    private func secret(_ key: OptionKey) -> SecretSource? {
        let forms = key.forms
        let present = section.entries.filter { forms.contains($0.key) }
        if present.count > 1, let second = present.dropFirst().first {
            section.findings.add(
                "`\(second.key)` and `\(present[0].key)` are two sources of one secret; keep one", at: second.place)
            return nil
        }
        switch present.first?.key {
        case forms[0]: return literal(key.name)
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
}
