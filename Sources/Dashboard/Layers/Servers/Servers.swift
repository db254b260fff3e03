// SPDX-License-Identifier: MIT
import Canvas

/// The servers, each whole.
struct Servers: TextPage {
    typealias Act = Never

    static let title = "SERVERS"
    static let hanging = 13

    var top = 0

    var layer: Layer { .servers(self) }
}
