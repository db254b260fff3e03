// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// What a line behind `:` can go on with.
extension Model {
    /// The lines that begin as a line does, one word further.
    func completions(of text: String) -> [String] {
        let place = text.lastIndex(of: " ").map(text.index(after:)) ?? text.startIndex
        let (done, begun) = (String(text[..<place]), String(text[place...]))
        return words(after: done.split(separator: " ").map(String.init), begun).filter { $0.hasPrefix(begun) }.map {
            done + $0
        }
    }

    private func words(after done: [String], _ begun: String) -> [String] {
        guard let first = done.first else {
            return Command.Word.allCases.map(\.rawValue) + Command.pages.map(\.name)
        }
        guard let word = Command.Word(rawValue: first) else { return [] }
        if let operation = word.operation {
            return Command.options(of: operation).filter { !done.contains($0) }
        }
        if word == .filter { return terms(begun) }
        guard done.count == 1 else { return [] }
        switch word {
        case .view: return Model.viewNames + savedViews.map(\.name)
        case .page: return Command.pages.map(\.name)
        case .sort: return Field.names.flatMap { [$0, $0 + ":desc"] }
        case .group: return Grouping.words
        case .theme: return Theme.names
        case .columns:
            let whole = begun.lastIndex(of: ",").map { String(begun[...$0]) } ?? ""
            let chosen = Set(whole.split(separator: ",").map(String.init))
            return Field.ofScreen.map(\.name).filter { !chosen.contains($0) }.map { whole + $0 }
        default: return []
        }
    }

    private func terms(_ begun: String) -> [String] {
        if begun.hasPrefix("holder:") {
            return (["me"] + people.filter { !$0.holder.isMe }.map(\.name)).sorted().map { "holder:" + Self.quoted($0) }
        }
        if begun.hasPrefix("server:") { return servers.map { "server:" + Self.quoted($0.facts.name) } }
        if begun.hasPrefix("state:") { return Query.Condition.allCases.map { "state:\($0.rawValue)" } }
        return ["holder:", "kind:", "newer:", "older:", "path:", "server:", "state:", "title:", "type:"]
    }

    private static func quoted(_ name: String) -> String { name.contains(" ") ? "\"\(name)\"" : name }

    /// A line with what all its completions have in common; with a blank behind it when there is but one.
    func completed(_ text: String) -> String {
        let all = completions(of: text)
        guard let first = all.first else { return text }
        let common = all.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        guard all.count == 1, !common.hasSuffix(":") else { return common }
        return common + " "
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
