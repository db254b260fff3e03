// SPDX-License-Identifier: MIT
import Canvas

/// A line that is being typed, and what it is for. It lies over the table or a page, under every box.
struct Prompt: Hashable, Sendable {
    /// What the line is for.
    enum Use: Hashable, Sendable {
        /// The table's filter.
        case filter
        /// The filter of the page on top.
        case page
        /// A command.
        case command
    }

    var line: InputLine
    let use: Use
    /// Which of the earlier commands it shows, counted from the newest.
    var recalled = 0
}

extension Model {
    /// The line that is being typed, if any.
    var line: InputLine? { prompt?.line }

    mutating func pressInLine(_ key: Key) -> [Effect] {
        guard var current = line, let use = prompt?.use else { return [] }
        switch key {
        case .enter where use == .command:
            prompt = nil
            return obey(current.text)
        case .up where use == .command: recall(1)
        case .down where use == .command: recall(-1)
        case .tab where use == .command:
            current.replace(with: completed(current.text))
            prompt?.line = current
        case .enter:
            // What is not understood does not filter, so it can't be kept.
            if let typingError {
                message = Message(text: typingError, isError: true)
            } else {
                prompt = nil
            }
        case .escape, .control("c"):
            take(typed: current.before)
            prompt = nil
        case .up, .down, .pageUp, .pageDown:
            if case .move(let move) = keymap.binding(for: key)?.action { self.move(move) }
        default:
            guard current.edit(key) else { return [] }
            let isOther = current.text != prompt?.line.text
            prompt?.line = current
            if isOther { take(typed: current.text) }
        }
        return []
    }

    /// Takes what is typed where it belongs.
    private mutating func take(typed text: String) {
        switch prompt?.use {
        case .filter: setQuery(text)
        case .page:
            message = nil
            typingError = nil
            _ = onTop { page, model in
                model.typingError = page.take(typed: text, model)
                return .done([])
            }
            if let typingError { message = Message(text: typingError, isError: true, isPassing: true) }
        case .command, nil: break
        }
    }

    private mutating func recall(_ step: Int) {
        guard var prompt else { return }
        let place = max(0, min(pastCommands.count, prompt.recalled + step))
        prompt.recalled = place
        prompt.line.replace(with: place == 0 ? "" : pastCommands[pastCommands.count - place])
        self.prompt = prompt
    }
}
