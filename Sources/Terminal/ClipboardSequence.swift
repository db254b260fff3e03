// SPDX-License-Identifier: MIT

/// What asks a terminal to take text into its clipboard, past the multiplexers that stand between.
struct ClipboardSequence {
    /// Screen drops longer strings.
    private static let longestPart = 240
    private static let escape: UInt8 = 0x1b
    private static let end: [UInt8] = [0x1b, 0x5c]

    let bytes: [UInt8]

    init(text: [UInt8], isInTmux: Bool, isInScreen: Bool) {
        let plain = Array("\u{1b}]52;c;".utf8) + base64(text) + [0x07]
        if isInTmux {
            // tmux takes the plain one or the wrapped one, as it is set; twice the same does no harm.
            let doubled = plain.flatMap { $0 == Self.escape ? [$0, $0] : [$0] }
            bytes = plain + Array("\u{1b}Ptmux;".utf8) + doubled + Self.end
        } else if isInScreen {
            bytes = stride(from: 0, to: plain.count, by: Self.longestPart).flatMap { start in
                [Self.escape, 0x50] + plain[start..<min(plain.count, start + Self.longestPart)] + Self.end
            }
        } else {
            bytes = plain
        }
    }
}
