// SPDX-License-Identifier: MIT

/// A monitoring plug-in's line, read as strictly as its convention is written: a word, a sentence, and after one bar
/// numbers, each `'label'=value[UOM];[warn];[crit];[min];[max]`.
struct PluginLine: Equatable {
    struct Number: Equatable {
        let value: String
        let unit: String
        /// Warning, critical, least and most, as far as they are told.
        let limits: [String]
    }

    let word: String
    let sentence: String
    let numbers: [String: Number]

    /// `nil`: a monitor would not understand it.
    init?(_ output: String) {
        guard output.hasSuffix("\n"), output.dropLast().allSatisfy({ !$0.isNewline }) else { return nil }
        let halves = output.dropLast().split(separator: "|", omittingEmptySubsequences: false)
        guard halves.count <= 2, let line = halves[0].wholeMatch(of: /(OK|WARNING|CRITICAL|UNKNOWN): (.+?) ?/) else {
            return nil
        }
        (word, sentence) = (String(line.output.1), String(line.output.2))
        var numbers: [String: Number] = [:]
        for part in halves.dropFirst().joined().split(separator: " ") {
            guard
                let match = part.wholeMatch(
                    of: /([^ ='"|]+)=(-?[0-9]+(?:\.[0-9]+)?)(s|us|ms|%|B|KB|MB|GB|TB|c)?((?:;[0-9.:~@-]*){0,4})/),
                numbers[String(match.output.1)] == nil
            else { return nil }
            numbers[String(match.output.1)] = Number(
                value: String(match.output.2), unit: String(match.output.3 ?? ""),
                limits: match.output.4.split(separator: ";", omittingEmptySubsequences: false).dropFirst().map(
                    String.init))
        }
        // A bar without numbers promises what is not there.
        guard halves.count == 1 || !numbers.isEmpty else { return nil }
        self.numbers = numbers
    }
}
