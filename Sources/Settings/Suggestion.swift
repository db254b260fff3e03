// SPDX-License-Identifier: MIT
internal import Locks

/// The nearest of `words`, or `nil` if none is near: see `NearestWord.suggestion(for:among:)`.
public func suggestion(for word: String, among words: [String]) -> String? {
    NearestWord.suggestion(for: word, among: words)
}
