// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// All that is known of one server.
struct ServerPage: TextPage {
    enum Act: Hashable, Sendable {
        case read
    }

    static let title = "SERVER"
    static let hanging = 13
    static let bindings: [Binding<Act>] = [
        Binding(
            .character("R"), does: .read, "read it now",
            "Read the server now, also after a failure, unless it said how long to wait.",
            footer: 1, in: "One server")
    ]

    let name: String
    var top = 0

    var layer: Layer { .server(self) }

    mutating func take(_ act: Act, _ model: inout Model) -> Reply { .done(model.read(name)) }
}
