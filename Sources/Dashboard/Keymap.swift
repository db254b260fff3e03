// SPDX-License-Identifier: MIT
public import Canvas
public import Locks

/// What a key can ask for.
public enum Action: Hashable, Sendable {
    case up, down, pageUp, pageDown, halfUp, halfDown, top, bottom
    case view(Int), nextView, previousView
    case filter, clear, nextMatch, previousMatch
    case sortField, sortDirection
    case mark, markAll, unmarkAll
    case perform(Operation), lockWithOptions
    case wait, waits, keep, undo
    case details, events, allEvents, servers, help
    case readNow, readAll, pause, slower, faster
    case copyPath, copyAddress, export
    case suspend, redraw, quit
}

/// A key and what it does: the one table that keys, footer, help and README are made from.
public struct Binding: Hashable, Sendable {
    /// The keys; the first is the one that is shown.
    public let keys: [Key]
    /// What they ask for.
    public let action: Action
    /// Two or three words for the footer and the help.
    public let label: String
    /// A sentence for the help and the README.
    public let tooltip: String
    /// The operation that a server must offer for it.
    public let needs: Operation?
    /// How early it comes in the footer; `nil`: not there.
    public let footer: Int?
    /// The heading that it stands under.
    public let group: String
    /// What has to be on top for it.
    public let scope: Keymap.Scope

    init(
        _ keys: Key..., does action: Action, _ label: String, _ tooltip: String, needs: Operation? = nil,
        footer: Int? = nil, in group: String, on scope: Keymap.Scope = .table
    ) {
        self.scope = scope
        self.keys = keys
        self.action = action
        self.label = label
        self.tooltip = tooltip
        self.needs = needs
        self.footer = footer
        self.group = group
    }
}

/// All bindings of the table. A new key is one row here.
public enum Keymap {
    /// The rows, in the order of the help.
    public static let bindings: [Binding] = operating + moving + looking + program

    /// What can be on top of the screen: keys act on what is seen, and on nothing beneath it.
    public struct Scope: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: Int
        /// A set of its bits.
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// The table.
        public static let table = Scope(rawValue: 1)
        /// The details, where they lie over the table.
        public static let details = Scope(rawValue: 2)
        /// A page: help, servers, all events.
        public static let page = Scope(rawValue: 4)
        /// Where one item can be seen.
        public static let item: Scope = [.table, .details]
        /// All of them.
        public static let everywhere: Scope = [.table, .details, .page]
    }

    /// What a key is bound to.
    public static func binding(for key: Key) -> Binding? { byKey[key] }

    private static let byKey: [Key: Binding] = bindings.reduce(into: [:]) { byKey, binding in
        for key in binding.keys { byKey[key] = binding }
    }

    private static let operating: [Binding] = [
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
            needs: .forceUnlock, footer: 4, in: "Locks", on: .item),
        Binding(
            .character("c"), does: .perform(.checkOut), "out", "Check the item out.", needs: .checkOut, footer: 5,
            in: "Locks", on: .item),
        Binding(
            .character("i"), does: .perform(.checkIn), "in", "Check the item in.", needs: .checkIn, footer: 6,
            in: "Locks", on: .item),
        Binding(
            .character("D"), does: .perform(.discard), "discard", "Undo a check-out; its changes are lost.",
            needs: .discard, footer: 7, in: "Locks", on: .item),
        Binding(
            .character("w"), does: .wait, "wait", "Take the item as soon as it is free; again: wait no longer.",
            needs: .lock, footer: 8, in: "Locks", on: .item),
        Binding(.character("W"), does: .waits, "waits", "List what is waited for.", in: "Locks", on: .everywhere),
        Binding(
            .character("K"), does: .keep, "keep alive", "Keep my lock alive, or let it run out.", needs: .refresh,
            in: "Locks", on: .item),
        Binding(
            .character("Z"), does: .undo, "undo", "Lock again what was just released or force-unlocked, if it is free.",
            needs: .lock, in: "Locks", on: .everywhere),
    ]

    private static let moving: [Binding] = [
        Binding(.down, .character("j"), does: .down, "down", "Next row.", in: "Moving", on: .everywhere),
        Binding(.up, .character("k"), does: .up, "up", "Row before.", in: "Moving", on: .everywhere),
        Binding(.pageDown, does: .pageDown, "page down", "A page down.", in: "Moving", on: .everywhere),
        Binding(.pageUp, does: .pageUp, "page up", "A page up.", in: "Moving", on: .everywhere),
        Binding(.control("d"), does: .halfDown, "half down", "Half a page down.", in: "Moving", on: .everywhere),
        Binding(.control("u"), does: .halfUp, "half up", "Half a page up.", in: "Moving", on: .everywhere),
        Binding(.character("g"), .home, does: .top, "top", "First row.", in: "Moving", on: .everywhere),
        Binding(.character("G"), .end, does: .bottom, "bottom", "Last row.", in: "Moving", on: .everywhere),
        Binding(.character(" "), does: .mark, "mark", "Mark the row, or take the mark away.", in: "Moving"),
        Binding(.character("a"), does: .markAll, "mark all", "Mark all rows shown.", in: "Moving"),
        Binding(.character("A"), does: .unmarkAll, "unmark all", "Take all marks away.", in: "Moving"),
    ]

    private static let looking: [Binding] = [
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
        Binding(.tab, does: .nextView, "next view", "The next of the six views.", in: "Looking", on: .everywhere),
        Binding(.backTab, does: .previousView, "view before", "The view before.", in: "Looking", on: .everywhere),
        Binding(
            .character("/"), does: .filter, "filter",
            "Filter as you type: words, holder:bob state:held older:2h server:files kind:checkout path:/news -draft.",
            footer: 9, in: "Looking"),
        Binding(
            .escape, does: .clear, "clear", "Close what is open, else clear the filter.", in: "Looking", on: .everywhere
        ),
        Binding(.character("n"), does: .nextMatch, "next held", "Next row that is held.", in: "Looking"),
        Binding(.character("N"), does: .previousMatch, "held before", "Row before that is held.", in: "Looking"),
        Binding(.character("o"), does: .sortField, "sort by", "Sort by the next column.", in: "Looking"),
        Binding(.character("O"), does: .sortDirection, "reverse", "Turn the order round.", in: "Looking"),
        Binding(.enter, does: .details, "details", "Show or hide the details of the row.", in: "Looking", on: .item),
        Binding(
            .character("e"), does: .events, "events", "Show or hide the strip of events.", in: "Looking",
            on: .everywhere),
        Binding(
            .character("E"), does: .allEvents, "all events", "All events since the start.", in: "Looking",
            on: .everywhere),
        Binding(
            .character("s"), does: .servers, "servers", "Each server: reachable, who we are, what it can do.",
            in: "Looking", on: .everywhere),
    ]

    private static let program: [Binding] = [
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
            .character("x"), does: .export, "write file", "Write what is shown to a CSV or JSON file.", in: "Program"),
        Binding(
            .character("?"), .function(1), does: .help, "help", "This help.", footer: 10, in: "Program", on: .everywhere
        ),
        Binding(
            .control("z"), does: .suspend, "suspend", "Back to the shell; `fg` returns.", in: "Program", on: .everywhere
        ),
        Binding(.control("l"), does: .redraw, "redraw", "Draw the screen anew.", in: "Program", on: .everywhere),
        Binding(.character("q"), .control("c"), does: .quit, "quit", "Leave.", in: "Program", on: .everywhere),
    ]
}
