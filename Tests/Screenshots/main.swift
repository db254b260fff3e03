// SPDX-License-Identifier: MIT
import Canvas
import TestSupport

// Reads what `tmux capture-pane -e` prints, and writes the same screen as an SVG picture.
let words = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let size = Size(columns: words.first ?? 80, rows: words.dropFirst().first ?? 24)
var screen = VirtualScreen(size: size)
var row = 0
while let line = readLine(), row < size.rows {
    // tmux names a style where it changes, and carries it over the ends of lines.
    screen.feed("\u{1b}[\(row + 1);1H\(line)".utf8)
    row += 1
}
print(Picture(screen).svg)
