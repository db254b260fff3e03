// SPDX-License-Identifier: MIT
import Canvas

/// Makes clicks and turns of the wheel of a terminal's mouse reports.
struct ClickReader {
    private static let doubleClickTime: Duration = .milliseconds(500)
    private var lastPress: (place: Position, time: ContinuousClock.Instant)?

    /// The key for a report's parameters and its last byte; `nil` for releases, movement and nonsense.
    mutating func key(_ parameters: ArraySlice<UInt8>, _ last: UInt8, at now: ContinuousClock.Instant) -> Key? {
        guard last == 0x4d, let fields = SequenceFields(parameters), fields.count == 3 else { return nil }
        let (button, column, row) = (fields[0] ?? 0, fields[1] ?? 0, fields[2] ?? 0)
        guard column > 0, row > 0 else { return nil }
        let place = Position(column: column - 1, row: row - 1)
        var held: Modifiers = []
        if button & 4 != 0 { held.insert(.shift) }
        if button & 8 != 0 { held.insert(.alt) }
        if button & 16 != 0 { held.insert(.control) }
        let kind: Mouse.Kind
        switch button & ~0x1c {
        case 0: kind = held.isEmpty ? press(place, now) : .press
        case 64: kind = .wheelUp
        case 65: kind = .wheelDown
        default: return nil
        }
        return ControlSequence.modified(.mouse(Mouse(position: place, kind: kind)), held)
    }

    private mutating func press(_ place: Position, _ now: ContinuousClock.Instant) -> Mouse.Kind {
        if let last = lastPress, last.place == place, last.time.duration(to: now) <= Self.doubleClickTime {
            lastPress = nil
            return .doubleClick
        }
        lastPress = (place, now)
        return .press
    }
}
