// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// A box with a question: lines, fields to fill, buttons. Cancel is chosen at first, and nothing that was pasted or
/// held down can press another button: that takes Tab or an arrow, and then Enter.
struct Dialog: Hashable, Sendable {
    /// A field to fill.
    struct Field: Hashable, Sendable {
        var label: String
        var line = InputLine()
        /// What must be typed before the box does anything.
        var mustBe: String?
        /// Whether it may not stay empty.
        var isRequired = false

        var isFilled: Bool {
            if let mustBe { return line.text == mustBe }
            return !isRequired || !line.text.trimmed.isEmpty
        }
    }

    /// A button and what it leads to.
    struct Button: Hashable, Sendable {
        var label: String
        var choice: Choice
    }

    /// What a button leads to.
    enum Choice: Hashable, Sendable {
        case cancel
        case perform([ItemRef: Wish])
        case wait(ItemRef)
        case force(ItemRef)
        case details(ItemRef)
        case lock([ItemRef])
        case checkIn([ItemRef])
        case export(asJSON: Bool)
        case copy(String)
        case quit
    }

    var title: String
    var lines: [String]
    var fields: [Field] = []
    var buttons: [Button]
    /// Fields first, then buttons.
    var focus: Int
    var isDanger = false
    /// A sentence about what is still missing.
    var complaint: String?

    init(_ title: String, _ lines: [String], fields: [Field] = [], buttons: [Button], isDanger: Bool = false) {
        self.title = title
        self.lines = lines
        self.fields = fields
        self.buttons = buttons
        self.isDanger = isDanger
        focus = fields.count
    }

    /// A box that only tells.
    static func note(_ title: String, _ lines: [String]) -> Dialog {
        Dialog(title, lines, buttons: [Button(label: "Close", choice: .cancel)])
    }

    /// Applies a key.
    /// - Returns: the choice that was made, once one was.
    mutating func press(_ key: Key) -> Choice? {
        complaint = nil
        let count = fields.count + buttons.count
        switch key {
        case .escape, .control("c"): return .cancel
        case .tab, .down: focus = (focus + 1) % count
        case .backTab, .up: focus = (focus + count - 1) % count
        case .right where focus >= fields.count: focus = min(count - 1, focus + 1)
        case .left where focus >= fields.count: focus = max(fields.count, focus - 1)
        case .enter: return enter()
        default:
            guard focus < fields.count else { return nil }
            // What must be typed must be typed: pasting it proves nothing.
            if case .paste = key, fields[focus].mustBe != nil { return nil }
            _ = fields[focus].line.edit(key)
        }
        return nil
    }

    private mutating func enter() -> Choice? {
        guard focus >= fields.count else {
            focus = focus + 1 < fields.count ? focus + 1 : fields.count
            return nil
        }
        let choice = buttons[focus - fields.count].choice
        guard choice != .cancel, let missing = fields.firstIndex(where: { !$0.isFilled }) else { return choice }
        focus = missing
        complaint =
            fields[missing].mustBe.map { "Type \($0) exactly." } ?? "\(fields[missing].label) may not stay empty here."
        return nil
    }

    /// What was typed into the field of that label.
    func text(_ label: String) -> String? {
        fields.first { $0.label == label }?.line.text.trimmed.nonEmpty
    }
}

extension String {
    var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    var nonEmpty: String? { isEmpty ? nil : self }
}
