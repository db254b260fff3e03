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
        return Keymap.binding(for: key)?.action.isMove ?? false
    }
}

extension Action {
    /// Whether it moves the cursor, or scrolls, and nothing else.
    fileprivate var isMove: Bool {
        switch self {
        case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .top, .bottom: true
        default: false
        }
    }
}
