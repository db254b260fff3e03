// SPDX-License-Identifier: MIT
import Locks

extension Store {
    private var screen: ScreenFile { ScreenFile(path: "\(tokens.directory)/screen.json") }

    /// The names of the columns that were chosen on the screen; `nil`: none were, or the configuration names others by
    /// now than those that they were chosen over.
    public func keptColumns(over configured: [String]?) -> [String]? {
        screen.columns.flatMap { $0.over == configured ? $0.chosen : nil }
    }

    /// Keeps columns for the next start, in the order of the calls; `nil`: those of the configuration again. What goes
    /// wrong is told as a notice.
    public func keepColumns(_ chosen: [String]?, over configured: [String]?) {
        disk.later { [self] in
            let columns = chosen.map { ScreenFile.Columns(chosen: $0, over: configured) }
            if let notice = screen.keep(columns) { note(notice) }
        }
    }
}
