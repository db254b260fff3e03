// SPDX-License-Identifier: MIT

/// Numbers in the place of names: the same name has the same number as long as the program runs.
struct Pseudonyms {
    /// What has names.
    enum Kind: String {
        case server, item, person
    }

    // A program that runs for months must not remember everybody.
    private static let most = 10_000
    private var numbers: [Kind: [String: Int]] = [:]

    /// `person-1`.
    mutating func name(_ kind: Kind, _ name: String) -> String {
        if let number = numbers[kind]?[name] { return "\(kind.rawValue)-\(number)" }
        let next = (numbers[kind]?.count ?? 0) + 1
        guard next <= Self.most else { return "\(kind.rawValue)-?" }
        numbers[kind, default: [:]][name] = next
        return "\(kind.rawValue)-\(next)"
    }
}
