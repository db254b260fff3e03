// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// How the playing of a recording stands, as its player reports it.
public struct Replay: Hashable, Sendable {
    /// What it is doing.
    public enum Phase: Hashable, Sendable {
        case playing, paused, over
    }

    /// What it is doing.
    public var phase: Phase
    /// How many times as fast as it was.
    public var speed: Double
    /// How many of its lines are played, and how many there are.
    public var played: Int
    /// How many lines there are.
    public var count: Int
    /// Why there is no more although it was not ended, as a sentence; `nil` where it is whole.
    public var lack: String?

    /// A state.
    public init(phase: Phase, speed: Double, played: Int, count: Int, lack: String? = nil) {
        self.phase = phase
        self.speed = speed
        self.played = played
        self.count = count
        self.lack = lack
    }
}

/// What can be asked of the player.
public enum ReplayOrder: Hashable, Sendable {
    case pause, step, faster, slower, nextConflict, start, end
}

extension Keymap {
    /// The keys that a recording has besides: they go before the table's own.
    static let replay: [Binding<ReplayOrder>] = [
        Binding(.character(" "), does: .pause, "pause", "Stop playing; again: go on.", footer: 1, in: "Recording"),
        Binding(
            .right, .character(">"), does: .step, "step",
            "One line of the recording further; where rows stand under headings, > alone does so.", footer: 2,
            in: "Recording"),
        Binding(.character("+"), does: .faster, "faster", "Play twice as fast.", footer: 3, in: "Recording"),
        Binding(.character("-"), does: .slower, "slower", "Play half as fast.", footer: 4, in: "Recording"),
        Binding(
            .character("n"), does: .nextConflict, "next conflict", "Go to the next conflict, and stop there.",
            footer: 5, in: "Recording"),
        Binding(.home, does: .start, "start", "Back to the first line.", footer: 6, in: "Recording"),
        Binding(.end, does: .end, "last screen", "The last screen of the recording.", footer: 7, in: "Recording"),
    ]
}

extension Model {
    /// What every operation meets while a recording is shown.
    static let isRecording = "This is a recording: nothing is sent."

    /// What a key does to the player; `nil`: it is not for the player.
    func replayEffects(_ key: Key) -> [Effect]? {
        guard replay != nil, let binding = Keymap.replay.first(where: { $0.keys.contains(key) }) else { return nil }
        // What is on top goes first: a page with its own keys, and groups that are folded and unfolded.
        if let overlay, type(of: overlay.page).has(key) { return nil }
        if overlay == nil, grouping != nil, keymap.binding(for: key)?.action == .unfold { return nil }
        return [.replay(binding.action)]
    }

    /// Of what the screen wants done, what a recording leaves: nothing reaches a server.
    mutating func onlyLooking(_ effects: [Effect]) -> [Effect] {
        guard replay != nil else { return effects }
        return effects.filter { effect in
            switch effect {
            case .perform, .readNow, .readServer, .readAll, .setPoll, .setPaused, .wait, .cancelWait, .setKept:
                message = Message(text: Self.isRecording, isError: true)
                return false
            case .show, .arrange, .story, .copy, .copyAddress, .export, .stopExport, .keepColumns, .ring, .suspend,
                .redraw, .replay, .quit:
                return true
            }
        }
    }

    mutating func take(_ replay: Replay) {
        let wasOver = self.replay?.phase == .over
        self.replay = replay
        if replay.phase == .over, !wasOver {
            message = Message(text: replay.lack ?? "The recording ends here.", isError: replay.lack != nil)
        }
    }

    /// Forgets all that servers told, as before the first line; how it is looked at stays.
    mutating func rewind() {
        for index in servers.indices {
            servers[index] = Server(
                facts: servers[index].facts, status: ServerStatus(operations: .none("Not signed in yet.")))
        }
        events = []
        forgottenEvents = 0
        story = nil
        conflicted = []
        moments = Moments()
        marks = []
        selected = nil
        hasTouchedCursor = false
        message = nil
        leavePages()
        keeping.underWay = nil
        keeping.wanted = nil
        keeping.behind = []
        list = RowList(Collation(servers, by: sort.field, wording))
        list.isBackwards = sort.isBackwards
    }

    /// The footer of a recording: how the playing stands, then what was said, or the keys.
    func drawReplay(_ replay: Replay, _ frame: inout Frame, row: Int) {
        let word =
            switch replay.phase {
            case .playing: "PLAYING"
            case .paused: "PAUSED"
            case .over: "THE END"
            }
        let speed = replay.speed == 1 ? "" : " \(speedText(replay.speed))"
        let state = " \(word)\(speed) \(replay.played.grouped)/\(replay.count.grouped) "
        let used = frame.put(state, column: 0, row: row, columns: size.columns, style: style(.chosen))
        let room = size.columns - used - 2
        guard room > 0 else { return }
        if let message {
            let text = Text.fit(message.text, columns: room, ellipsis: glyphs.ellipsis)
            frame.put(text, column: used + 1, row: row, style: style(message.isError ? .alarm : .message))
            return
        }
        var column = used + 1
        for binding in Keymap.replay {
            let text = "\(binding.keys[0]) \(binding.label)"
            guard column + Text.width(text) < size.columns else { break }
            frame.put(text, column: column, row: row)
            column += Text.width(text) + 2
        }
    }

    private func speedText(_ speed: Double) -> String {
        speed >= 1 ? "\(Int(speed))x" : "1/\(Int((1 / speed).rounded()))x"
    }
}
