// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

/// A box with a question: lines that scroll, fields to fill, buttons. Where somebody's hold or work is lost, Cancel is
/// chosen at first, and another button takes Tab or Left/Right, and then Enter: nothing that was pasted or held down
/// does that, and no key does anything in a box that has only just opened.
struct Dialog: Hashable, Sendable {
    /// A field to fill.
    struct Field: Hashable, Sendable {
        var label: String
        var line = InputLine()
        /// What may stand there, as long as nothing does.
        var hint = ""
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
        /// What the question shows, and no other lock.
        case confirm(Question, Model.Deed)
        case ask(Operation, [ItemRef])
        case wait(ItemRef, Operation)
        /// What did not come about, asked for once more.
        case again(Wish, [ItemRef])
        case details(ItemRef)
        case lock([ItemRef])
        case checkIn([ItemRef])
        case export(asJSON: Bool)
        case copy(String)
        case quit
    }

    var title: String
    let lines: [String]
    /// The lines as they were folded last: a box over many marked items has thousands, which no key may fold anew.
    private(set) var folding: Folding?
    var fields: [Field] = []
    var buttons: [Button]
    /// Fields first, then buttons.
    var focus: Int
    var isDanger = false
    /// The button that Enter presses from a field: none where Cancel is the default.
    private(set) var standard: Int?
    /// The first line that is shown.
    var top = 0
    /// When it opened.
    var opened = Date.distantPast
    /// Whether it opened by itself, so that the keys under way are for something else.
    var isUnasked = false
    /// The button that `r` presses.
    var repeats: Int?
    /// Whether it tells of a conflict.
    var isConflict = false
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

    /// The lines on a screen of so many columns.
    struct Folding: Hashable, Sendable {
        let screenColumns: Int
        /// The columns of the box, its frame included.
        let columns: Int
        let lines: [String]
        /// Those that say something: the blank ones are the first to go where there is little room.
        let dense: [String]
    }

    func folded(on screenColumns: Int) -> Folding {
        if let folding, folding.screenColumns == screenColumns { return folding }
        let fieldColumns = min(76, fields.map { Text.width($0.label) + 26 }.max() ?? 0)
        let buttonColumns = buttons.reduce(0) { $0 + Text.width($1.label) + 4 }
        let lines = lines.map { Text.fit($0, columns: TextLine.most) }
        let wanted = max(
            min(76, lines.map { Text.width($0, atMost: 76) }.max() ?? 0), fieldColumns, buttonColumns,
            Text.width(title) + 4)
        // What would be seen beside it is too little to make sense.
        let columns = wanted + 8 > screenColumns ? screenColumns : wanted + 4
        let folded = lines.flatMap { Text.fold($0, columns: columns - 4) }
        return Folding(
            screenColumns: screenColumns, columns: columns, lines: folded, dense: folded.filter { !$0.isEmpty })
    }

    /// Folds its lines, unless they are folded for such a screen already.
    mutating func fold(on screenColumns: Int) { folding = folded(on: screenColumns) }

    /// A box that only tells.
    static func note(_ title: String, _ lines: [String]) -> Dialog {
        Dialog(title, lines, buttons: [Button(label: "Close", choice: .cancel)])
    }

    /// Makes a button the one that is chosen at first, and that Enter presses from a field: for what is the operator's
    /// own and harmless.
    mutating func acceptsEnter(at button: Int) {
        standard = button
        focus = fields.firstIndex { !$0.isFilled } ?? fields.count + button
    }

    /// From when on it takes keys: it has been there for a moment, and where it opened by itself the keyboard has been
    /// still since. `nil` when it does already.
    func armsAt(_ now: Date, lastKey: Date?) -> Date? {
        var times = [opened.addingTimeInterval(0.3)]
        if isUnasked, let lastKey { times.append(lastKey.addingTimeInterval(1)) }
        // A clock that was set back must not lock anybody out.
        return times.filter { $0 > now && $0 <= now.addingTimeInterval(1) }.max()
    }

    /// Applies a key.
    /// - Parameters:
    ///   - key: the key.
    ///   - lastTop: how far its lines can be scrolled.
    /// - Returns: the choice that was made, once one was.
    mutating func press(_ key: Key, scrollingTo lastTop: Int) -> Choice? {
        complaint = nil
        let count = fields.count + buttons.count
        switch key {
        case .escape, .control("c"): return .cancel
        case .tab: focus = (focus + 1) % count
        case .backTab: focus = (focus + count - 1) % count
        case .down where focus + 1 < fields.count: focus += 1
        case .up where focus > 0 && focus < fields.count: focus -= 1
        case .up where focus >= fields.count && !fields.isEmpty && top == 0: focus = fields.count - 1
        case .up: scroll(by: -1, lastTop)
        case .down: scroll(by: 1, lastTop)
        case .pageUp: scroll(by: -5, lastTop)
        case .pageDown: scroll(by: 5, lastTop)
        case .mouse(let mouse) where mouse.kind == .wheelUp: scroll(by: -3, lastTop)
        case .mouse(let mouse) where mouse.kind == .wheelDown: scroll(by: 3, lastTop)
        case .right where focus >= fields.count: focus = min(count - 1, focus + 1)
        case .left where focus >= fields.count: focus = max(fields.count, focus - 1)
        case .enter: return enter()
        case .character("r") where focus >= fields.count && repeats != nil: return repeats.flatMap { press(button: $0) }
        default:
            guard focus < fields.count else { return nil }
            // What must be typed must be typed: pasting it proves nothing.
            if case .paste = key, fields[focus].mustBe != nil { return nil }
            _ = fields[focus].line.edit(key)
        }
        return nil
    }

    private mutating func scroll(by lines: Int, _ lastTop: Int) { top = max(0, min(lastTop, top + lines)) }

    private mutating func enter() -> Choice? {
        guard focus >= fields.count else {
            if let standard { return press(button: standard) }
            focus = focus + 1 < fields.count ? focus + 1 : fields.count
            return nil
        }
        return press(button: focus - fields.count)
    }

    mutating func press(button: Int) -> Choice? {
        focus = fields.count + button
        let choice = buttons[button].choice
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
