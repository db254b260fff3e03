// SPDX-License-Identifier: MIT
public import Canvas

extension Model {
    /// Whether a key does no harm even if nobody typed it, as in a paste: it moves the cursor, or is typed into the
    /// filter's open line. All others have to prove that they are no part of a burst.
    public func mayActAtOnce(_ key: Key) -> Bool {
        guard dialog == nil else { return false }
        guard line == nil else {
            if case .character = key { return true }
            return key == .backspace
        }
        if replay != nil, Keymap.replay.contains(where: { $0.keys.contains(key) }) { return false }
        if let overlay, type(of: overlay.page).has(key) { return false }
        if case .move = keymap.binding(for: key)?.action { return true }
        return false
    }

    /// Whether letters are part of a text now, or may be: a line is open, or a box.
    public var isTyping: Bool { line != nil || dialog != nil }

    /// Whether a key asks for something where nothing is being typed: on the page that is open, or on the table.
    public func hasUse(for key: Key) -> Bool {
        if replay != nil, Keymap.replay.contains(where: { $0.keys.contains(key) }) { return true }
        if let overlay, type(of: overlay.page).has(key) { return true }
        return keymap.binding(for: key)?.scope.contains(scope) ?? false
    }
}
