// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// The servers, one a row; the chosen one's trouble whole.
struct Servers: ListPage {
    enum Act: Hashable, Sendable {
        case open, read
    }

    static let title = "SERVERS"
    static let tellsWhole = true
    static let leadsTo: [any Page.Type] = [ServerPage.self]
    static let bindings: [Binding<Act>] = [
        Binding(.enter, does: .open, "one whole", "All that is known of the server.", footer: 1, in: "Servers"),
        Binding(
            .character("R"), does: .read, "read it now",
            "Read the server now, also after a failure, unless it said how long to wait.",
            footer: 2, in: "Servers"),
    ]

    /// By name.
    var cursor = ListCursor<String>()

    var layer: Layer { .servers(self) }

    func rows(_ model: Model) -> [String] { model.servers.map(\.facts.name) }

    mutating func take(_ act: Act, _ model: inout Model) -> Reply {
        guard let name = cursor.chosen else { return .done([]) }
        switch act {
        case .open: return .open(.server(ServerPage(name: name)))
        case .read: return .done(model.read(name))
        }
    }
}

extension Model {
    /// Reads a server now.
    mutating func read(_ name: String) -> [Effect] {
        guard !isPaused else {
            message = Message(text: "Reading is paused: \(keymap.key(of: .pause)) goes on.", isError: true)
            return []
        }
        message = Message(text: "Reading \(name).")
        return [.readServer(name)]
    }
}
