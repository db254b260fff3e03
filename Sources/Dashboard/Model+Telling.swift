// SPDX-License-Identifier: MIT
import Locks

extension Model {
    /// For whoever hears the screen instead of seeing it: what has changed is said in the message line, unless something
    /// is being typed or answered, or a mistake stands there that was not read yet.
    mutating func say(_ changes: [LockEvent]) {
        guard look.isAccessible, line == nil, dialog == nil, !(message?.isError ?? false) else { return }
        // Refreshes are many and say little; how our own operations end is said anyway.
        let news = changes.filter { $0.kind != .refreshed && !$0.isOurs }
        guard let last = news.last else { return }
        let server = servers.count > 1 ? " on \(last.ref.server)" : ""
        var text = "\(last.item.isKnownByNumber ? last.title : last.path)\(server): \(last.text)"
        if news.count > 1 {
            text += "; \(news.count - 1) more: \(keymap.key(of: .open(.events(Events()))))"
        }
        message = Message(text: text, isPassing: true)
    }
}
