// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// The line behind `:`.
extension Model {
    /// How many earlier commands are kept.
    private static var mostCommands: Int { 100 }

    /// Carries out a line.
    mutating func obey(_ text: String) -> [Effect] {
        guard let text = text.trimmed.nonEmpty else { return [] }
        pastCommands.removeAll { $0 == text }
        pastCommands.append(text)
        if pastCommands.count > Self.mostCommands { pastCommands.removeFirst() }
        do {
            return carryOut(try Command(text, views: savedViews.map(\.name)))
        } catch {
            message = Message(text: error.description, isError: true)
            return []
        }
    }

    private mutating func carryOut(_ command: Command) -> [Effect] {
        if command.isAboutItems, scope == .page {
            message = Message(text: "That is for the table's items: Esc leads back to it.", isError: true)
            return []
        }
        switch command {
        case .perform(let operation, let options, let remark):
            return perform(operation, options, remark)
        case .wait: return toggleWait()
        case .keep: return toggleKept()
        case .view(let view): return show(view)
        case .saved(let place): show(savedViews[place])
        case .filter(let text):
            do {
                _ = try Query(text)
            } catch {
                message = Message(text: error.description, isError: true)
                return []
            }
            leavePages()
            setQuery(text)
        case .sort(let sort):
            leavePages()
            self.sort = sort
            resort()
        case .group(let grouping):
            leavePages()
            group(by: grouping)
        case .columns(let columns):
            leavePages()
            return choose(columns)
        case .theme(let theme): look.palette.theme = theme
        case .poll(let seconds): return setPoll(seconds)
        case .page(let page):
            let isOnTop = layers.last?.isSamePage(as: page) ?? false
            if !isOnTop { open(page) }
        case .export(let name):
            guard export == nil else {
                message = Message(text: "Another file is still being written.", isError: true)
                return []
            }
            return startExport(asJSON: name.hasSuffix(".json"), named: name)
        case .quit: return quit()
        }
        return []
    }

    private mutating func perform(_ operation: Operation, _ options: LockOptions, _ remark: String?) -> [Effect] {
        guard options != .standard || remark != nil else { return ask(for: operation) }
        guard let refs = refsToActOn() else { return [] }
        hasTouchedCursor = true
        return request(
            Wish(operation, options: options, comment: remark, reason: options.comment ?? remark), on: refs)
    }

    /// Draws the line in the footer's place, with what it can go on with beside it.
    func drawCommand(_ frame: inout Frame, row: Int) {
        guard let line else { return }
        let shown = line.shown(columns: max(1, size.columns - 3), ellipsis: glyphs.ellipsis)
        let used = frame.put(" :" + shown.text, column: 0, row: row, columns: size.columns, style: style(.message))
        frame.cursor = Position(column: min(size.columns - 1, 2 + shown.cursor), row: row)
        let room = size.columns - used - 4
        guard room >= 8 else { return }
        let next = completions(of: line.text).map { $0.split(separator: " ").last.map(String.init) ?? "" }
        let hint = next.isEmpty ? "Enter does it" : next.joined(separator: " ")
        frame.put(
            Text.fit(hint, columns: room, ellipsis: glyphs.ellipsis), column: used + 3, row: row,
            style: style(.faint))
    }
}
