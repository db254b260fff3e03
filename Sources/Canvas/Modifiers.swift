// SPDX-License-Identifier: MIT

/// What was held down with a key and made it another one. Shift is here only where it does not show in the character.
public struct Modifiers: OptionSet, Hashable, Sendable {
    /// The bits, in the order in which terminals number them.
    public let rawValue: UInt8
    /// Makes a set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Shift.
    public static let shift = Modifiers(rawValue: 1)
    /// Alt, or Option, or Esc in one piece with a key.
    public static let alt = Modifiers(rawValue: 2)
    /// Ctrl, with a key that has no control character.
    public static let control = Modifiers(rawValue: 4)
    /// Super: the key with the sign of the system.
    public static let `super` = Modifiers(rawValue: 8)
    /// Hyper.
    public static let hyper = Modifiers(rawValue: 16)
    /// Meta, where it is not Alt.
    public static let meta = Modifiers(rawValue: 32)
}

extension Modifiers: CustomStringConvertible {
    /// The names with a dash behind each: `Ctrl-Alt-`.
    public var description: String {
        let names: [(Modifiers, String)] = [
            (.meta, "Meta-"), (.hyper, "Hyper-"), (.super, "Super-"), (.control, "Ctrl-"), (.alt, "Alt-"),
            (.shift, "Shift-"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined()
    }
}
