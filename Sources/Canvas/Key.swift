// SPDX-License-Identifier: MIT

/// What a person did with the keyboard or the mouse.
public enum Key: Hashable, Sendable {
    /// A character, blank included.
    case character(Character)
    /// Ctrl with a lower-case letter, or with one of `[ \ ] ^ _` or blank.
    case control(Character)
    /// Arrow up.
    case up
    /// Arrow down.
    case down
    /// Arrow left.
    case left
    /// Arrow right.
    case right
    /// Page up.
    case pageUp
    /// Page down.
    case pageDown
    /// Home.
    case home
    /// End.
    case end
    /// Insert.
    case insert
    /// Delete the character under the cursor.
    case delete
    /// Delete the character before the cursor.
    case backspace
    /// Tab.
    case tab
    /// Shift and Tab.
    case backTab
    /// Enter or Return.
    case enter
    /// Esc by itself.
    case escape
    /// F1 is 1.
    case function(Int)
    /// Text that came as one, pasted or faster than anybody types: never keys, never a confirmation. Raw, so it may hold
    /// any character.
    case paste(String)
    /// The mouse.
    case mouse(Mouse)
    /// Another key while something was held down: never that key itself.
    indirect case modified(Key, Modifiers)
}

/// What the mouse did, and where.
public struct Mouse: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// The first button went down.
        case press
        /// The first button went down for the second time within half a second at the same place.
        case doubleClick
        /// The wheel turned away from the person.
        case wheelUp
        /// The wheel turned towards the person.
        case wheelDown
    }

    /// The cell under the pointer.
    public var position: Position
    /// What happened.
    public var kind: Kind

    /// Makes a mouse event.
    public init(position: Position, kind: Kind) {
        self.position = position
        self.kind = kind
    }
}

extension Key: CustomStringConvertible {
    /// The key as on its cap: `a`, `^r`, `PgUp`, `Space`, `F5`.
    public var description: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): Text.clean(String(character))
        case .control(" "): "^Space"
        case .control(let character): "^" + Text.clean(String(character))
        case .function(let number): "F\(number)"
        case .paste: "Paste"
        case .mouse(let mouse): mouse.kind.name
        case .modified(let key, let modifiers): "\(modifiers)\(key)"
        default: capName
        }
    }

    private var capName: String {
        switch self {
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .home: "Home"
        case .end: "End"
        case .insert: "Ins"
        case .delete: "Del"
        case .backspace: "Backspace"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .enter: "Enter"
        case .escape: "Esc"
        default: ""
        }
    }
}

extension Mouse.Kind {
    fileprivate var name: String {
        switch self {
        case .press: "Click"
        case .doubleClick: "Double-click"
        case .wheelUp: "Wheel up"
        case .wheelDown: "Wheel down"
        }
    }
}
