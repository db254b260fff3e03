// SPDX-License-Identifier: MIT

/// Finds the word somebody most likely meant.
public enum NearestWord {
    /// The nearest of `words` if it is near enough to be worth telling: at most a third of the longer word's length
    /// differs (a wrong, missing, additional or swapped letter counts one; case and `-` for `_` count nothing).
    /// Of two equally near words the first. Words of more than 64 letters have no neighbour.
    public static func suggestion(for word: String, among words: [String]) -> String? {
        let typed = letters(word)
        guard !typed.isEmpty, typed.count <= 64 else { return nil }
        var best: (word: String, distance: Int)?
        for candidate in words {
            let right = letters(candidate)
            let allowed = max(typed.count, right.count) / 3
            guard abs(typed.count - right.count) <= allowed else { continue }
            let distance = distance(typed, right)
            if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// ` Did you mean held?`, to follow a sentence; empty if no word is near.
    public static func hint(for word: String, among words: [String]) -> String {
        suggestion(for: word, among: words).map { " Did you mean \($0)?" } ?? ""
    }

    private static func letters(_ word: String) -> [Character] {
        word.lowercased().map { $0 == "-" ? "_" : $0 }
    }

    /// The number of single edits between two words, a swap of neighbours being one edit.
    private static func distance(_ from: [Character], _ to: [Character]) -> Int {
        if from == to { return 0 }
        var beforePrevious: [Int] = []
        var previous = Array(0...to.count)
        for row in 1...max(1, from.count) where row <= from.count {
            var current = [row]
            for column in 1...max(1, to.count) where column <= to.count {
                let same = from[row - 1] == to[column - 1]
                var cost = min(
                    previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1))
                if row > 1, column > 1, from[row - 1] == to[column - 2], from[row - 2] == to[column - 1] {
                    cost = min(cost, beforePrevious[column - 2] + 1)
                }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[to.count]
    }
}
