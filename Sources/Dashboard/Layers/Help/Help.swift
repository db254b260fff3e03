// SPDX-License-Identifier: MIT
import Canvas

/// The keys, and what the signs mean.
struct Help: TextPage {
    typealias Act = Never

    static let title = "HELP"
    static let hanging = 13

    var top = 0

    var layer: Layer { .help(self) }
}
