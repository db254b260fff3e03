// SPDX-License-Identifier: MIT
import Testing

/// What terminals say of themselves when somebody has asked, or unasked. None of it is a key.
struct TerminalAnswer: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    init(_ name: String, _ text: String) {
        self.name = name
        bytes = Array(text.utf8)
    }

    init(_ name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    var testDescription: String { name }

    private static let e = "\u{1b}"
    private static let st = "\u{1b}\\"
    private static let bel = "\u{7}"

    static let all: [TerminalAnswer] = [
        // Device attributes
        TerminalAnswer("DA1 of a VT100", "\(e)[?1;2c"),
        TerminalAnswer("DA1 of a VT102", "\(e)[?6c"),
        TerminalAnswer("DA1 of a VT220 with everything", "\(e)[?62;1;2;6;7;8;9;15;18;21;22c"),
        TerminalAnswer("DA1 of a VT420 with sixel", "\(e)[?64;1;2;4;6;9;15;16;17;18;21;22;28;29c"),
        TerminalAnswer("DA1 of a VT525", "\(e)[?65;1;9;22;52c"),
        TerminalAnswer("DA1 of a console", "\(e)[?6;4c"),
        TerminalAnswer("DA2 of a patched xterm", "\(e)[>41;390;0c"),
        TerminalAnswer("DA2 of a multiplexer", "\(e)[>84;0;0c"),
        TerminalAnswer("DA2 of another multiplexer", "\(e)[>83;40900;0c"),
        TerminalAnswer("DA2 of a library terminal", "\(e)[>65;7200;1c"),
        TerminalAnswer("DA3", "\(e)P!|7E565445\(st)"),
        TerminalAnswer("DA3, all zero", "\(e)P!|00000000\(st)"),
        // Names and versions
        TerminalAnswer("name: xterm", "\(e)P>|XTerm(390)\(st)"),
        TerminalAnswer("name: tmux", "\(e)P>|tmux 3.4\(st)"),
        TerminalAnswer("name: alacritty", "\(e)P>|alacritty 0.1\(st)"),
        TerminalAnswer("name: mlterm", "\(e)P>|mlterm(3.9.3)\(st)"),
        TerminalAnswer("name: with commands of ours in it", "\(e)P>|lucFDqZKa\r\rl y\(st)"),
        TerminalAnswer("name: ended by BEL", "\(e)P>|Bobcat 1.0\(bel)"),
        // Status reports
        TerminalAnswer("status: fine", "\(e)[0n"),
        TerminalAnswer("status: broken", "\(e)[3n"),
        TerminalAnswer("no printer", "\(e)[?13n"),
        TerminalAnswer("locked keys", "\(e)[?21n"),
        TerminalAnswer("keyboard: North America", "\(e)[?27;1;0;0n"),
        TerminalAnswer("colour scheme: dark", "\(e)[?997;1n"),
        TerminalAnswer("colour scheme: light", "\(e)[?997;2n"),
        TerminalAnswer("position of the cursor", "\(e)[24;80R"),
        TerminalAnswer("position with a page", "\(e)[?24;80;1R"),
        TerminalAnswer("parameters", "\(e)[2;1;1;128;128;1;0x"),
        TerminalAnswer("checksum", "\(e)P1!~A5F0\(st)"),
        // Modes
        TerminalAnswer("mode: set", "\(e)[?2026;1$y"),
        TerminalAnswer("mode: unknown", "\(e)[?2026;0$y"),
        TerminalAnswer("mode of ANSI", "\(e)[4;2$y"),
        TerminalAnswer("setting: attributes", "\(e)P1$r0;1;31m\(st)"),
        TerminalAnswer("setting: margins", "\(e)P1$r1;24r\(st)"),
        TerminalAnswer("setting: cursor", "\(e)P1$r2 q\(st)"),
        TerminalAnswer("setting: refused", "\(e)P0$r\(st)"),
        TerminalAnswer("presentation", "\(e)P1$u24;80;1;@;@;@;0;2;@;BBBB\(st)"),
        TerminalAnswer("capability: name", "\(e)P1+r544e=787465726d\(st)"),
        TerminalAnswer("capability: two", "\(e)P1+r436f=323536;524742=382f382f38\(st)"),
        TerminalAnswer("capability: unknown", "\(e)P0+r4d73\(st)"),
        // Sizes
        TerminalAnswer("size in characters", "\(e)[8;24;80t"),
        TerminalAnswer("size in pixels", "\(e)[4;600;800t"),
        TerminalAnswer("size of a cell", "\(e)[6;16;8t"),
        TerminalAnswer("size unasked", "\(e)[48;24;80;384;640t"),
        TerminalAnswer("place of the window", "\(e)[3;10;20t"),
        TerminalAnswer("window is an icon", "\(e)[2t"),
        TerminalAnswer("graphics: registers", "\(e)[?1;0;256S"),
        TerminalAnswer("graphics: geometry", "\(e)[?2;0;800;600S"),
        // Titles and colours
        TerminalAnswer("title of the window", "\(e)]lLaunch all, quit: F D u\(st)"),
        TerminalAnswer("title of the icon", "\(e)]Lall\(st)"),
        TerminalAnswer("title with characters of two bytes that hold C1", "\(e)]lÜbersicht œuvre\(st)"),
        TerminalAnswer("colour of the text", "\(e)]10;rgb:ffff/ffff/ffff\(st)"),
        TerminalAnswer("colour of the ground", "\(e)]11;rgb:0000/0000/0000\(bel)"),
        TerminalAnswer("colour of the ground with alpha", "\(e)]11;rgba:1e1e/1e1e/2e2e/ffff\(st)"),
        TerminalAnswer("colour of the cursor", "\(e)]12;rgb:ffff/0000/0000\(bel)"),
        TerminalAnswer("colour of the palette", "\(e)]4;1;rgb:cdcd/0000/0000\(st)"),
        TerminalAnswer("two colours at once", "\(e)]4;0;rgb:0/0/0\(bel)\(e)]4;1;rgb:f/0/0\(bel)"),
        TerminalAnswer("special colour", "\(e)]5;0;rgb:ffff/ffff/ffff\(st)"),
        TerminalAnswer("colour of the selection", "\(e)]17;rgb:aaaa/bbbb/cccc\(st)"),
        TerminalAnswer("colours by name", "\(e)]21;foreground=rgb:ff/ff/ff;background=?\(st)"),
        TerminalAnswer("font", "\(e)]50;fixed\(bel)"),
        TerminalAnswer("clipboard", "\(e)]52;c;bG9ja3RvcCBhbGwgbG9ja3M=\(st)"),
        TerminalAnswer("clipboard, large", "\(e)]52;c;\(String(repeating: "lLuFcD", count: 40))\(bel)"),
        TerminalAnswer("clipboard of another protocol", "\(e)]5522;type=read:status=DATA:mime=dGV4dA==;aGVsbG8=\(st)"),
        TerminalAnswer("notification", "\(e)]99;i=1:p=close;\(st)"),
        TerminalAnswer("size of a cell, another way", "\(e)]1337;ReportCellSize=17.50;8.00;2.0\(st)"),
        TerminalAnswer("file", "\(e)]1337;ReportVariable=dGVzdA==\(bel)"),
        TerminalAnswer("folder", "\(e)]7;file://host/home/user\(st)"),
        // Keyboard, graphics, focus, mouse
        TerminalAnswer("keyboard flags: none", "\(e)[?0u"),
        TerminalAnswer("keyboard flags: all", "\(e)[?31u"),
        TerminalAnswer("keyboard setting", "\(e)[>4;2m"),
        TerminalAnswer("graphics: fine", "\(e)_Gi=31;OK\(st)"),
        TerminalAnswer("graphics: an error", "\(e)_Gi=31;ENOENT:could not load all: quit\(st)"),
        TerminalAnswer("focus comes", "\(e)[I"),
        TerminalAnswer("focus goes", "\(e)[O"),
        TerminalAnswer("mouse of old form", bytes: [0x1b, 0x5b, 0x4d, 0x20, 0x6c, 0x71]),
        TerminalAnswer("mouse of old form, far right", bytes: [0x1b, 0x5b, 0x4d, 0x20, 0xe6, 0x6c]),
        TerminalAnswer("mouse of old form in UTF-8", "\(e)[M \u{101}l"),
        TerminalAnswer("mouse of rxvt", "\(e)[32;108;17M"),
        TerminalAnswer("mouse in pixels, released", "\(e)[<0;800;600m"),
        TerminalAnswer("mouse moves", "\(e)[<35;20;10M"),
        TerminalAnswer("locator", "\(e)[1;1;10;20;1&w"),
        // Other strings
        TerminalAnswer("privacy message", "\(e)^all quit\(st)"),
        TerminalAnswer("start of string", "\(e)Xl u F\(st)"),
        TerminalAnswer("string that another cuts off", "\(e)P>|half\(e)]11;rgb:0/0/0\(bel)"),
        TerminalAnswer("string that is cancelled", "\(e)P>|half\u{18}"),
        TerminalAnswer("passed through a multiplexer", "\(e)Ptmux;\(e)\(e)]11;rgb:0/0/0\(st)"),
        TerminalAnswer("an end too many", "\(e)]0;l\(bel)\(e)[0n"),
        TerminalAnswer("status with one byte for the introducer", bytes: [0x9b, 0x30, 0x6e]),
        TerminalAnswer("name with one byte for start and end", bytes: [0x90] + Array(">|all".utf8) + [0x9c]),
        TerminalAnswer("colour with C1 as characters", "\u{9d}11;rgb:0/0/0\u{9c}"),
        TerminalAnswer("graphics with C1 as characters", "\u{9f}Gi=1;OK\u{9c}"),
        TerminalAnswer("all at once", "\(e)[?62;22c\(e)P>|all 1.0\(st)\(e)]11;rgb:0/0/0\(bel)\(e)[?0u\(e)[1;1R"),
    ]
}
