// SPDX-License-Identifier: MIT
import Canvas
import TestSupport

// Reads what `tmux capture-pane -e` prints, and writes the same screen as an SVG picture.
//
//   ScreenPicture COLUMNS ROWS                  one screen
//   ScreenPicture COLUMNS ROWS --animate STILL  several, each after a line `--- SECONDS`; STILL is the one, from 1,
//                                               that is seen where nothing moves
let words = Array(CommandLine.arguments.dropFirst())
let numbers = words.compactMap { Int($0) }
let size = Size(columns: numbers.first ?? 80, rows: numbers.dropFirst().first ?? 24)
var frames: [Animation.Frame] = []
var row = 0
if !words.contains("--animate") { frames.append((VirtualScreen(size: size), 1)) }
while let line = readLine() {
    if line.hasPrefix("--- "), let seconds = Double(line.dropFirst(4)) {
        frames.append((VirtualScreen(size: size), seconds))
        row = 0
    } else if !frames.isEmpty, row < size.rows {
        // tmux names a style where it changes, and carries it over the ends of lines.
        frames[frames.count - 1].screen.feed("\u{1b}[\(row + 1);1H\(line)".utf8)
        row += 1
    }
}
if words.contains("--animate") {
    print(Animation(frames, still: max(0, min(frames.count, numbers.last ?? 1) - 1)).svg)
} else {
    print(Picture(frames[0].screen).svg)
}
