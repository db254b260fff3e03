// SPDX-License-Identifier: MIT

/// Sentences about what went wrong beside what was asked for. Each is shown until a key is pressed: what an operation
/// says goes before it, and does not push it out unseen.
struct Warnings: Hashable, Sendable {
    private var waiting: [String] = []
    private var shown: String?

    mutating func add(_ sentence: String) { waiting.append(sentence) }

    /// The warning to show now, given what the message line says after an event.
    mutating func next(afterKey: Bool, saying message: String?) -> String? {
        if let before = shown, message != before {
            shown = nil
            if !afterKey { waiting.insert(before, at: 0) }
        }
        guard message == nil, !waiting.isEmpty else { return nil }
        shown = waiting.removeFirst()
        return shown
    }
}

extension Model {
    mutating func showWarning(after event: Event) {
        let isKey = if case .key = event { true } else { false }
        if let warning = warnings.next(afterKey: isKey, saying: message?.text) {
            message = Message(text: warning, isError: true)
        }
    }
}
