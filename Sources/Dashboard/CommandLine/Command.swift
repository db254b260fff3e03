// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// What a line behind `:` asks for: what keys do, and the commands of the shell, in the same words.
enum Command: Hashable, Sendable {
    case perform(Operation, LockOptions, remark: String?)
    case wait, keep
    case view(View)
    /// A saved one, by its place.
    case saved(Int)
    case filter(String)
    case sort(Sort)
    /// `nil`: by nothing.
    case group(Grouping?)
    /// `nil`: those that were configured, else those that there is room for.
    case columns([Field]?)
    case theme(Theme)
    case poll(Double)
    case page(Layer)
    case export(String)
    case quit

    /// The pages by name: those that a key opens, as its label says, but for one that does what a word does.
    static var pages: [(name: String, layer: Layer)] {
        Keymap.bindings.compactMap { binding in
            guard case .open(let layer) = binding.action, Word(rawValue: binding.label) == nil else { return nil }
            return (binding.label, layer)
        }
    }

    /// The words that a line can begin with.
    enum Word: String, CaseIterable {
        case lock, refresh, unlock, force
        case checkOut = "check-out"
        case checkIn = "check-in"
        case discard, wait, keep, view, filter, sort, group, columns, theme, poll, page, export, quit

        var operation: Operation? {
            switch self {
            case .lock: .lock
            case .refresh: .refresh
            case .unlock: .unlock
            case .force: .forceUnlock
            case .checkOut: .checkOut
            case .checkIn: .checkIn
            case .discard: .discard
            default: nil
            }
        }
    }

    /// What is wrong with a line, in a sentence.
    struct Mistake: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// Whether it acts on the marked or the selected items.
    var isAboutItems: Bool {
        switch self {
        case .perform, .wait, .keep: true
        default: false
        }
    }

    /// - Parameter views: the names of the saved views.
    init(_ text: String, views: [String] = []) throws(Mistake) {
        let text = text.trimmed
        let first = String(text.prefix { $0 != " " })
        let rest = String(text.dropFirst(first.count)).trimmed
        if let page = Self.pages.first(where: { $0.name == first })?.layer {
            guard rest.isEmpty else { throw Mistake("\(first) takes nothing behind it.") }
            self = .page(page)
            return
        }
        guard let word = Word(rawValue: first == "force-unlock" ? "force" : first) else {
            let known = Word.allCases.map(\.rawValue) + Self.pages.map(\.name) + ["force-unlock"]
            throw Mistake("\(first) is no command." + Self.hint(first, known))
        }
        if let operation = word.operation {
            self = try Self.operation(operation, first, rest)
            return
        }
        switch word {
        case .filter: self = .filter(rest)
        case .wait, .keep, .quit:
            guard rest.isEmpty else { throw Mistake("\(first) takes nothing behind it.") }
            self = word == .wait ? .wait : word == .keep ? .keep : .quit
        case .view:
            let place = try Self.choice(rest, Model.viewNames + views, first)
            let own = View.allCases
            self = place < own.count ? .view(own[place]) : .saved(place - own.count)
        case .page:
            self = .page(Self.pages[try Self.choice(rest, Self.pages.map(\.name), first)].layer)
        case .sort:
            guard !rest.isEmpty else { throw Mistake("sort takes a column: sort held:desc.") }
            do {
                let (field, isDescending) = try Field.order(rest)
                self = .sort(Sort(by: field, isDescending: isDescending))
            } catch {
                throw Mistake(error.description)
            }
        case .group: self = .group(Grouping(rawValue: Grouping.words[try Self.choice(rest, Grouping.words, first)]))
        case .columns: self = .columns(try Self.columns(rest))
        case .theme: self = .theme(Theme.allCases[try Self.choice(rest, Theme.names, first)])
        case .poll:
            guard let seconds = DurationText.parse(rest), seconds >= 1, seconds <= 86_400 else {
                throw Mistake("poll takes a length of time from 1s to 1d: poll 10s.")
            }
            self = .poll(seconds)
        default:
            let isNamed = rest.hasSuffix(".csv") && rest.count > 4 || rest.hasSuffix(".json") && rest.count > 5
            guard isNamed, !rest.contains("/") else {
                throw Mistake("export takes the name of a file for the working directory: FILE.csv or FILE.json.")
            }
            self = .export(rest)
        }
    }

    private static func hint(_ word: String, _ known: [String]) -> String {
        NearestWord.hint(for: word, among: known)
    }

    private static func choice(_ text: String, _ names: [String], _ word: String) throws(Mistake) -> Int {
        if let place = names.firstIndex(of: text) { return place }
        let list = names.joined(separator: ", ")
        throw Mistake(
            text.isEmpty
                ? "\(word) takes one of \(list)."
                : "\(word) has no \(text)."
                    + (NearestWord.hint(for: text, among: names).nonEmpty ?? " It takes one of \(list)."))
    }

    private static func columns(_ text: String) throws(Mistake) -> [Field]? {
        guard !text.isEmpty else { return nil }
        let fields: [Field]
        do {
            fields = try Field.list(text)
        } catch {
            throw Mistake(error.description)
        }
        guard Set(fields).count == fields.count else { throw Mistake("Name each column once.") }
        guard !fields.contains(.url) else {
            throw Mistake("The web address is for files and the clipboard: export writes it, and a key copies it.")
        }
        return fields
    }

    private static func operation(
        _ operation: Operation, _ word: String, _ rest: String
    ) throws(Mistake) -> Command {
        var options = LockOptions()
        var remark: String?
        var parts = parts(rest)[...]
        while let option = parts.popFirst() {
            func value() throws(Mistake) -> String {
                guard let value = parts.popFirst() else { throw Mistake("\(option) wants something behind it.") }
                return value
            }
            switch (operation, option) {
            case (.lock, "--timeout"):
                let text = try value()
                guard let seconds = DurationText.parse(text), seconds >= 1, seconds < 1e10 else {
                    throw Mistake("\(text) is no length of time: write 30m or 2h.")
                }
                options.timeout = Int(seconds)
            case (.lock, "--no-steal"): options.stealable = false
            case (.lock, "--comment"): options.comment = try value()
            case (.checkIn, "-m"): remark = try value()
            default:
                let known = Self.options(of: operation)
                throw Mistake(
                    known.isEmpty
                        ? "\(word) takes nothing behind it: it acts on the marked or the selected items."
                        : "\(word) has no \(option)."
                            + (hint(option, known).nonEmpty ?? " It takes \(known.joined(separator: ", "))."))
            }
        }
        return .perform(operation, options, remark: remark)
    }

    /// The options of an operation's word.
    static func options(of operation: Operation) -> [String] {
        switch operation {
        case .lock: ["--timeout", "--no-steal", "--comment"]
        case .checkIn: ["-m"]
        default: []
        }
    }

    // What stands in quotes is one part.
    private static func parts(_ text: String) -> [String] {
        var parts: [String] = []
        var part: String?
        var isQuoted = false
        for character in text {
            switch character {
            case "\"":
                isQuoted.toggle()
                part = part ?? ""
            case " " where !isQuoted:
                if let done = part { parts.append(done) }
                part = nil
            default: part = (part ?? "") + String(character)
            }
        }
        if let part { parts.append(part) }
        return parts
    }
}
