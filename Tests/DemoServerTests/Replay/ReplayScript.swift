// SPDX-License-Identifier: MIT

/// The order in which recordings were made, as far as their clocks and tokens tell, with what was done between them
/// without being recorded. Words are names of recordings; a line with `+` is one such step.
struct ReplayScript: Sendable {
    /// The folder of the recordings.
    let place: String
    let text: String
    /// The recordings that are not played, each with its reason.
    let excluded: [String: String]

    /// A step, or recordings to play one after the other.
    enum Line {
        case step([String])
        case recordings([String])
    }

    var lines: [Line] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let first = words.first else { return nil }
            return first == "+" ? .step(Array(words.dropFirst())) : .recordings(words)
        }
    }

    /// The recordings that are played.
    var played: [String] {
        lines.flatMap { line -> [String] in
            guard case .recordings(let names) = line else { return [] }
            return names
        }
    }

    /// What is wrong with the script: recordings that it leaves out in silence, plays twice, or does not have.
    func mistakes() throws -> [String] {
        let all = Set(try Recording.all(in: place))
        let counts = Dictionary(played.map { ($0, 1) }, uniquingKeysWith: +)
        return all.filter { counts[$0] == nil && excluded[$0] == nil }.map { "\($0) is neither played nor excluded" }
            + counts.filter { $0.value > 1 }.map { "\($0.key) is played \($0.value) times" }
            + counts.keys.filter { !all.contains($0) }.map { "\($0) is played and is no recording" }
            + excluded.keys.filter { !all.contains($0) }.map { "\($0) is excluded and is no recording" }
            + excluded.keys.filter { counts[$0] != nil }.map { "\($0) is excluded and played" }
            + excluded.filter { $0.value.isEmpty }.map { "\($0.key) is excluded without a reason" }
    }
}
