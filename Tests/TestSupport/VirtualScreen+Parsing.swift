// SPDX-License-Identifier: MIT
import Canvas

extension VirtualScreen {
    /// Where the emulator is inside of a sequence.
    struct Parser: Sendable {
        enum State { case ground, escape, charset, control, command, deviceString, stringEnd }
        var state = State.ground
        var collected: [UInt8] = []
        var isCommand = false
        var character: [UInt8] = []
        var missing = 0
    }

    mutating func take(_ byte: UInt8) {
        if byte == 0x1b, parser.missing > 0 || [.escape, .charset, .control].contains(parser.state) {
            // As in terminals: what was cut off is dropped, and the next sequence counts.
            unknownSequences.append("cut off by ESC")
            parser.missing = 0
            parser.state = .escape
            return
        }
        switch parser.state {
        case .ground: ground(byte)
        case .escape: escape(byte)
        case .charset: parser.state = .ground
        case .control: control(byte)
        case .command, .deviceString: string(byte)
        case .stringEnd:
            parser.state = byte == 0x5c ? .ground : .escape
            if byte == 0x5c { endString() } else { escape(byte) }
        }
    }

    private mutating func ground(_ byte: UInt8) {
        if parser.missing > 0 {
            parser.character.append(byte)
            parser.missing -= 1
            if parser.missing == 0 { show(String(decoding: parser.character, as: UTF8.self)) }
            return
        }
        switch byte {
        case 0x1b: parser.state = .escape
        case 0x07: bellCount += 1
        case 0x08: move(-1, 0)
        case 0x09: cursor = clamped(Position(column: (cursor.column / 8 + 1) * 8, row: cursor.row))
        case 0x0a, 0x0b, 0x0c: lineFeed()
        case 0x0d: place(0, cursor.row)
        case 0x00, 0x0e, 0x0f: break
        case 0x20..<0x7f: show(String(Unicode.Scalar(byte)))
        case 0xc2..<0xe0: startCharacter(byte, 1)
        case 0xe0..<0xf0: startCharacter(byte, 2)
        case 0xf0..<0xf5: startCharacter(byte, 3)
        default: unknownSequences.append("byte \(byte)")
        }
    }

    private mutating func startCharacter(_ byte: UInt8, _ missing: Int) {
        parser.character = [byte]
        parser.missing = missing
    }

    private mutating func escape(_ byte: UInt8) {
        parser.state = .ground
        parser.collected = []
        switch byte {
        case UInt8(ascii: "["): parser.state = .control
        case UInt8(ascii: "]"):
            parser.isCommand = true
            parser.state = .command
        case UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
            parser.isCommand = false
            parser.state = .deviceString
        case UInt8(ascii: "("), UInt8(ascii: ")"): parser.state = .charset
        case UInt8(ascii: "7"): saved = cursor
        case UInt8(ascii: "8"): cursor = clamped(saved)
        case UInt8(ascii: "M"): reverseLineFeed()
        case UInt8(ascii: "="), UInt8(ascii: ">"): break
        default: unknownSequences.append("ESC " + String(Unicode.Scalar(byte)))
        }
    }

    private mutating func string(_ byte: UInt8) {
        switch byte {
        case 0x07 where parser.isCommand:
            parser.state = .ground
            endString()
        case 0x1b: parser.state = .stringEnd
        default: parser.collected.append(byte)
        }
    }

    private mutating func endString() {
        guard parser.isCommand else {
            dcsCount += 1
            return
        }
        oscCount += 1
        lastOSC = String(decoding: parser.collected, as: UTF8.self)
    }

    private mutating func control(_ byte: UInt8) {
        guard (0x40...0x7e).contains(byte) else {
            parser.collected.append(byte)
            return
        }
        parser.state = .ground
        let text = String(decoding: parser.collected, as: UTF8.self)
        let final = Character(Unicode.Scalar(byte))
        if text.hasPrefix("?") {
            for number in text.dropFirst().split(separator: ";") { mode(number, final) }
            return
        }
        let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        if !perform(final, numbers) { unknownSequences.append("CSI \(text)\(final)") }
    }

    private mutating func mode(_ number: Substring, _ final: Character) {
        if final == "c" { return }  // the shape of the Linux console's cursor
        guard final == "h" || final == "l" else {
            unknownSequences.append("CSI ?\(number)\(final)")
            return
        }
        let isOn = final == "h"
        switch number {
        case "1049":
            transitions.append(.alternate(isOn))
            setAlternate(isOn)
        case "25":
            transitions.append(.cursor(isOn))
            cursorVisible = isOn
        case "1000":
            transitions.append(.mouse(isOn))
            mouseOn = isOn
        case "2004":
            transitions.append(.paste(isOn))
            pasteOn = isOn
        case "1", "3", "4", "5", "6", "7", "12", "1006": break
        default: unknownSequences.append("CSI ?\(number)\(final)")
        }
    }

    private mutating func setAlternate(_ isOn: Bool) {
        guard isOn != isAlternate else { return }
        isAlternate = isOn
        if isOn {
            mainCells = cells
            saved = cursor
            cells = Self.blankCells(size)
        } else {
            cells = mainCells
            cursor = clamped(saved)
        }
    }
}
