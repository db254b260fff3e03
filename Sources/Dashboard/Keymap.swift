// SPDX-License-Identifier: MIT
public import Canvas
import Locks

/// What a key can ask for, but for the keys of a page's own.
enum Action: Hashable, Sendable {
    case move(Move)
    case view(Int), savedView(Int), nextView, previousView
    case filter, clear, nextMatch, previousMatch
    case sortField, sortDirection
    case group, fold, unfold
    case mark, markAll, unmarkAll
    case perform(Operation), lockWithOptions
    case wait, keep, undo
    case details, scrollDetails(Move), events
    case command
    case open(Layer)
    case readNow, readAll, pause, slower, faster
    case copyPath, copyAddress, export
    case suspend, redraw, quit

    /// Whether it is for servers, and not for the screen alone.
    var isForServers: Bool {
        switch self {
        case .perform, .lockWithOptions, .wait, .keep, .undo, .readNow, .readAll, .pause, .slower, .faster: true
        default: false
        }
    }
}

/// Where the cursor, or what is read, goes.
enum Move: Hashable, Sendable {
    case up, down, pageUp, pageDown, halfUp, halfDown, top, bottom
    /// So many lines further, as a wheel goes.
    case lines(Int)

    /// The place that it leads to, in a list of so many of which so many are on screen.
    func place(from place: Int, of count: Int, room: Int) -> Int {
        let page = max(1, room - 1)
        let target =
            switch self {
            case .up: place - 1
            case .down: place + 1
            case .pageUp: place - page
            case .pageDown: place + page
            case .halfUp: place - max(1, page / 2)
            case .halfDown: place + max(1, page / 2)
            case .top: 0
            case .bottom: count - 1
            case .lines(let lines): place + lines
            }
        return max(0, min(target, count - 1))
    }
}

/// A key and what it does, in words: what footer, help and README show.
public struct KeyLine: Hashable, Sendable {
    /// The keys; the first is the one that is shown.
    public internal(set) var keys: [Key]
    /// Two or three words for the footer and the help.
    public let label: String
    /// A sentence for the help and the README.
    public let tooltip: String
    /// The operation that a server must offer for it.
    let needs: Operation?
    /// How early it comes in the footer; `nil`: not there.
    let footer: Int?
    /// The heading that it stands under.
    public let group: String
}

/// A key with what it asks for.
struct Binding<Act: Hashable & Sendable>: Hashable, Sendable {
    /// The key in words.
    private(set) var line: KeyLine
    /// What it asks for.
    let action: Act
    /// What has to be on top for it.
    let scope: Keymap.Scope
    /// What the configuration calls it.
    let name: String

    init(
        _ keys: Key..., does action: Act, _ label: String, _ tooltip: String, named name: String? = nil,
        needs: Operation? = nil, footer: Int? = nil, in group: String = "", on scope: Keymap.Scope = .table
    ) {
        line = KeyLine(keys: keys, label: label, tooltip: tooltip, needs: needs, footer: footer, group: group)
        self.scope = scope
        self.action = action
        self.name = name ?? label.lowercased().replacing(" ", with: "-")
    }

    /// The same under another key: those with a letter go, and where there is none, the first. Esc stays what it is.
    func bound(to key: Key) -> Binding {
        var other = self
        other.line.keys = [key] + keys.filter { $0 != key && !goingKeys.contains($0) }
        return other
    }

    /// The keys that are free once it has another.
    var goingKeys: [Key] {
        let letters = keys.filter { if case .character = $0 { true } else { false } }
        return letters.isEmpty ? keys.prefix(1).filter { $0 != .escape } : letters
    }

    var keys: [Key] { line.keys }
    var label: String { line.label }
    var needs: Operation? { line.needs }
    var footer: Int? { line.footer }
    var group: String { line.group }
}

/// The keys of the table and of everywhere. A new key is one row here; a page has its own beside its state.
public struct Keymap: Sendable {
    /// The rows as they are by themselves, in the order of the help.
    static let bindings: [Binding<Action>] = first + operating + moving + looking + program

    /// The rows as the configuration wants them.
    let bindings: [Binding<Action>]
    private let byKey: [Key: Binding<Action>]

    /// The keys with others for some actions, by name.
    init(_ changes: [String: Key] = [:]) {
        bindings = Self.bindings.map { binding in changes[binding.name].map { binding.bound(to: $0) } ?? binding }
        byKey = bindings.reduce(into: [:]) { byKey, binding in
            for key in binding.keys { byKey[key] = binding }
        }
    }

    /// What can be on top of the screen: keys act on what is seen, and on nothing beneath it.
    struct Scope: OptionSet, Hashable, Sendable {
        /// The bits.
        let rawValue: Int
        /// A set of its bits.
        init(rawValue: Int) { self.rawValue = rawValue }
        /// The table.
        static let table = Scope(rawValue: 1)
        /// The details, where they lie over the table.
        static let details = Scope(rawValue: 2)
        /// A page.
        static let page = Scope(rawValue: 4)
        /// Where one item can be seen.
        static let item: Scope = [.table, .details]
        /// All of them.
        static let everywhere: Scope = [.table, .details, .page]
    }

    /// The keys of the table and of everywhere, in words.
    public static var everywhereLines: [KeyLine] { bindings.map(\.line) }

    /// The keys of each page's own, in words, under what they stand under.
    public static var pageLines: [(title: String, lines: [KeyLine])] {
        pages.compactMap { page in page.lines.first.map { ($0.group, page.lines) } }
            + [("Recording", replay.map(\.line))]
    }

    /// All keys in words.
    var lines: [KeyLine] { bindings.map(\.line) + Self.pageLines.flatMap(\.lines) }

    /// The kinds of pages that have keys of their own, found by the keys that open them.
    static var pages: [any Page.Type] {
        bindings.flatMap { binding -> [any Page.Type] in
            guard case .open(let layer) = binding.action else { return [] }
            let kind = type(of: layer.page)
            return [kind] + kind.leadsTo
        }
    }

    /// Waiting, of which the footer knows more than that a server offers it.
    var waiting: KeyLine? { line(of: .wait) }

    /// What a key is bound to.
    func binding(for key: Key) -> Binding<Action>? { byKey[key] }

    private func line(of action: Action) -> KeyLine? { bindings.first { $0.action == action }?.line }

    /// What a key opens, if that is a layer.
    func layer(openedBy line: KeyLine) -> Layer? {
        guard case .open(let layer) = bindings.first(where: { $0.line == line })?.action else { return nil }
        return layer
    }

    /// The key of the action of that name, for a sentence.
    func key(named name: String) -> String { bindings.first { $0.name == name }.map { "\($0.keys[0])" } ?? "" }

    /// The key of an action, for a sentence.
    func key(of action: Action) -> String { line(of: action).map { "\($0.keys[0])" } ?? "" }

    private static let first: [Binding<Action>] = [
        Binding(
            .character("?"), .function(1), does: .open(.help(Help())), "help", "This help.", footer: 10, in: "First",
            on: .everywhere
        ),
        Binding(.character("q"), .control("c"), does: .quit, "quit", "Leave.", in: "First", on: .everywhere),
        Binding(
            .escape, does: .clear, "clear", "Close what is open, else clear the filter, else take all marks away.",
            in: "First", on: .everywhere
        ),
    ]

    private static let operating: [Binding<Action>] = [
        Binding(
            .character("l"), does: .perform(.lock), "lock", "Lock the item.", needs: .lock, footer: 1, in: "Locks",
            on: .item),
        Binding(
            .character("L"), does: .lockWithOptions, "lock with options",
            "Lock with a time-out, not stealable, or with a remark.", needs: .lock, in: "Locks", on: .item),
        Binding(
            .character("r"), does: .perform(.refresh), "refresh", "Begin my lock's time-out anew.", needs: .refresh,
            footer: 2, in: "Locks", on: .item),
        Binding(
            .character("u"), does: .perform(.unlock), "unlock", "Give my lock back.", needs: .unlock, footer: 3,
            in: "Locks", on: .item),
        Binding(
            .character("F"), does: .perform(.forceUnlock), "force", "End another's lock, after a question.",
            named: Operation.forceUnlock.word,
            needs: .forceUnlock, footer: 4, in: "Locks", on: .item),
        Binding(
            .character("c"), does: .perform(.checkOut), "out", "Check the item out.", named: Operation.checkOut.word,
            needs: .checkOut, footer: 5,
            in: "Locks", on: .item),
        Binding(
            .character("i"), does: .perform(.checkIn), "in", "Check the item in.", named: Operation.checkIn.word,
            needs: .checkIn, footer: 6,
            in: "Locks", on: .item),
        Binding(
            .character("D"), does: .perform(.discard), "discard", "Undo a check-out; its changes are lost.",
            needs: .discard, footer: 7, in: "Locks", on: .item),
        Binding(
            .character("w"), does: .wait, "wait", "Take the item as soon as it is free; again: wait no longer.",
            needs: .lock, footer: 8, in: "Locks", on: .item),
        Binding(
            .character("W"), does: .open(.waits(Waits())), "waits", "What is waited for; w there waits no longer.",
            in: "Locks", on: .everywhere),
        Binding(
            .character("K"), does: .keep, "keep alive", "Keep my lock alive, or let it run out.", named: "keep",
            needs: .refresh,
            in: "Locks", on: .item),
        Binding(
            .character("Z"), does: .undo, "undo", "Lock again what was just released or force-unlocked, if it is free.",
            needs: .lock, in: "Locks", on: .everywhere),
    ]

    private static let moving: [Binding<Action>] = [
        Binding(.down, .character("j"), does: .move(.down), "down", "Next row.", in: "Moving", on: .everywhere),
        Binding(.up, .character("k"), does: .move(.up), "up", "Row before.", in: "Moving", on: .everywhere),
        Binding(.pageDown, does: .move(.pageDown), "page down", "A page down.", in: "Moving", on: .everywhere),
        Binding(.pageUp, does: .move(.pageUp), "page up", "A page up.", in: "Moving", on: .everywhere),
        Binding(.control("d"), does: .move(.halfDown), "half down", "Half a page down.", in: "Moving", on: .everywhere),
        Binding(.control("u"), does: .move(.halfUp), "half up", "Half a page up.", in: "Moving", on: .everywhere),
        Binding(.character("g"), .home, does: .move(.top), "top", "First row.", in: "Moving", on: .everywhere),
        Binding(.character("G"), .end, does: .move(.bottom), "bottom", "Last row.", in: "Moving", on: .everywhere),
        Binding(.character(" "), does: .mark, "mark", "Mark the row, or take the mark away.", in: "Moving"),
        Binding(.character("a"), does: .markAll, "mark all", "Mark all rows shown.", in: "Moving"),
        Binding(.character("A"), does: .unmarkAll, "unmark all", "Take all marks away.", in: "Moving"),
    ]

    private static let looking: [Binding<Action>] = [
        Binding(.character("1"), does: .view(1), "all", "All items.", in: "Looking", on: .everywhere),
        Binding(.character("2"), does: .view(2), "held", "Items that somebody has.", in: "Looking", on: .everywhere),
        Binding(.character("3"), does: .view(3), "mine", "Items that I have.", in: "Looking", on: .everywhere),
        Binding(.character("4"), does: .view(4), "others", "Items that others have.", in: "Looking", on: .everywhere),
        Binding(
            .character("5"), does: .view(5), "stale", "Locks that nobody is likely to be using.", in: "Looking",
            on: .everywhere),
        Binding(
            .character("6"), does: .view(6), "conflicts", "Items that several people wanted.", in: "Looking",
            on: .everywhere),
        Binding(
            .character("7"), does: .savedView(7), "first saved", "The first of the views that the configuration saves.",
            in: "Looking", on: .everywhere),
        Binding(
            .character("8"), does: .savedView(8), "second saved", "The second saved view.", in: "Looking",
            on: .everywhere),
        Binding(
            .character("9"), does: .savedView(9), "third saved",
            "The third saved view; `:view NAME` shows each of them.",
            in: "Looking", on: .everywhere),
        Binding(.tab, does: .nextView, "next view", "The next of the six views.", in: "Looking", on: .everywhere),
        Binding(.backTab, does: .previousView, "view before", "The view before.", in: "Looking", on: .everywhere),
        Binding(
            .character("/"), does: .filter, "filter",
            "Filter as you type: words, holder:bob state:held older:2h server:files kind:checkout path:/news -draft.",
            footer: 9, in: "Looking"),
        Binding(.character("n"), does: .nextMatch, "next held", "Next row that is held.", in: "Looking"),
        Binding(.character("N"), does: .previousMatch, "held before", "Row before that is held.", in: "Looking"),
        Binding(.character("o"), does: .sortField, "sort by", "Sort by the next column.", named: "sort", in: "Looking"),
        Binding(.character("O"), does: .sortDirection, "reverse", "Turn the order round.", in: "Looking"),
        Binding(
            .character("b"), does: .group, "group", "Put the rows under headings: by holder, server, folder, or none.",
            in: "Looking"),
        Binding(
            .left, does: .fold, "fold", "Fold the group away; Space on its heading marks its rows.", in: "Looking"),
        Binding(.right, does: .unfold, "unfold", "Show the rows of the group again.", in: "Looking"),
        Binding(
            .character("|"), does: .open(.columns(Columns())), "columns",
            "Choose the columns of the table, and their order; the choice is kept.", in: "Looking", on: .everywhere),
        Binding(
            .enter, does: .details, "details", "Show or hide the details of the row, or the rows below a heading.",
            in: "Looking", on: .item),
        Binding(
            .character("]"), does: .scrollDetails(.halfDown), "details down",
            "Scroll the details down, beside the table too.",
            in: "Looking", on: .item),
        Binding(
            .character("["), does: .scrollDetails(.halfUp), "details up", "Scroll the details up.", in: "Looking",
            on: .item),
        Binding(
            .character("e"), does: .events, "events", "Show or hide the strip of events.", named: "strip",
            in: "Looking",
            on: .everywhere),
        Binding(
            .character("E"), does: .open(.events(Events())), "events", "All events since the start.", in: "Looking",
            on: .everywhere),
        Binding(
            .character("p"), does: .open(.people(People())), "people", "Who holds how much, and since when.",
            in: "Looking", on: .everywhere),
        Binding(
            .character("s"), does: .open(.servers(Servers())), "servers",
            "Each server: reachable, who we are, what it can do.",
            in: "Looking", on: .everywhere),
        Binding(
            .character("M"), does: .open(.messages(Messages())), "messages", "What the message line said, whole.",
            in: "Looking", on: .everywhere),
    ]

    private static let program: [Binding<Action>] = [
        Binding(
            .character(":"), does: .command, "command",
            "Type a command: the words of the commands act on the marked or selected items; Tab completes.",
            in: "Program", on: .everywhere),
        Binding(
            .character("R"), does: .readNow, "read now", "Read what is on screen now.", in: "Program", on: .everywhere),
        Binding(.control("r"), does: .readAll, "read all", "Read everything now.", in: "Program", on: .everywhere),
        Binding(.character("."), does: .pause, "pause", "Stop reading; again: go on.", in: "Program", on: .everywhere),
        Binding(
            .character("+"), does: .slower, "poll less often", "A longer time between two polls.", in: "Program",
            on: .everywhere),
        Binding(
            .character("-"), does: .faster, "poll more often", "A shorter time between two polls.", in: "Program",
            on: .everywhere),
        Binding(
            .character("y"), does: .copyPath, "copy path", "Copy the path, also over SSH (OSC 52).", in: "Program",
            on: .item),
        Binding(.character("Y"), does: .copyAddress, "copy URL", "Copy the web address.", in: "Program", on: .item),
        Binding(
            .character("x"), does: .export, "write file", "Write what is shown to a CSV or JSON file.", named: "export",
            in: "Program"),
        Binding(
            .control("z"), does: .suspend, "suspend", "Back to the shell; `fg` returns.", in: "Program", on: .everywhere
        ),
        Binding(.control("l"), does: .redraw, "redraw", "Draw the screen anew.", in: "Program", on: .everywhere),
    ]
}
