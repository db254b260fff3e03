// SPDX-License-Identifier: MIT
import CTerminal
import Canvas

/// Makes keys of the bytes and codes that curses reads; keeps what is incomplete until more comes.
struct KeyDecoder {
    private static let longestPaste = 65_536
    private static let pasteSilence: Duration = .milliseconds(500)
    private static let doubleClickTime: Duration = .milliseconds(500)

    private enum Code {
        static let pasteStart = Int32(CT_PASTE_START)
        static let pasteEnd = Int32(CT_PASTE_END)
        static let mouse = Int32(CT_MOUSE)
        static let function = Int32(CT_FUNCTION)
        static let escape: Int32 = 27
    }

    private enum State {
        case keys
        case character([UInt8])
        case mouse([UInt8])
        case sequence(Int)
        case paste([UInt8])
    }

    private var state = State.keys
    private var lastByte: ContinuousClock.Instant?
    private var lastPress: (place: Position, time: ContinuousClock.Instant)?
    private var held: Int32?

    /// When something incomplete is given up: a paste then counts as ended, anything else is dropped.
    var deadline: ContinuousClock.Instant? {
        guard let lastByte else { return nil }
        return lastByte.advanced(by: Self.pasteSilence)
    }

    /// The next key from what `read` gives; `nil` when `read` has no more.
    mutating func next(now: ContinuousClock.Instant, read: () -> Int32?) -> Key? {
        while let code = take(read) {
            lastByte = now
            let key = accept(code, now: now, read: read)
            if case .keys = state { lastByte = nil }
            if let key { return key }
        }
        guard let deadline, deadline <= now else { return nil }
        lastByte = nil
        defer { state = .keys }
        if case .paste(let bytes) = state { return .paste(Self.text(bytes)) }
        return nil
    }

    private mutating func take(_ read: () -> Int32?) -> Int32? {
        defer { held = nil }
        return held ?? read()
    }

    private mutating func accept(_ code: Int32, now: ContinuousClock.Instant, read: () -> Int32?) -> Key? {
        switch state {
        case .keys: return start(code, read: read)
        case .character(let bytes): return character(bytes, code, read: read)
        case .mouse(let bytes): return mouse(bytes, code, now: now)
        case .sequence(let length):
            let isOver = code >= 0x40 || length > 32
            state = isOver ? .keys : .sequence(length + 1)
            return nil
        case .paste(let bytes): return paste(bytes, code)
        }
    }

    private mutating func start(_ code: Int32, read: () -> Int32?) -> Key? {
        switch code {
        case Code.pasteStart: state = .paste([])
        case Code.mouse: state = .mouse([])
        case Code.pasteEnd: break
        case Code.escape: return escape(read)
        case 0xc2...0xf4: state = .character([UInt8(code)])
        case 0x80...0xff: break
        case 0..<0x80: return Self.ascii(UInt8(code))
        default: return Self.special(code)
        }
        return nil
    }

    /// Esc by itself, or a sequence that curses does not know, which is swallowed as a whole.
    private mutating func escape(_ read: () -> Int32?) -> Key? {
        guard let next = read() else { return .escape }
        switch next {
        case 0x5b: state = .sequence(0)
        case 0x4f:
            held = nil
            guard let letter = read() else {
                held = next
                return .escape
            }
            if !(0x40...0x7e).contains(letter) { held = letter }
        default:
            held = next
            return .escape
        }
        return nil
    }

    private mutating func character(_ bytes: [UInt8], _ code: Int32, read: () -> Int32?) -> Key? {
        guard (0x80...0xbf).contains(code) else {
            state = .keys
            return start(code, read: read)
        }
        let all = bytes + [UInt8(code)]
        let needed = all[0] < 0xe0 ? 2 : all[0] < 0xf0 ? 3 : 4
        guard all.count == needed else {
            state = .character(all)
            return nil
        }
        state = .keys
        guard let text = String(validating: all, as: UTF8.self), let character = text.first else { return nil }
        return text.unicodeScalars.allSatisfy { $0.value >= 0xa0 } ? .character(character) : nil
    }

    private mutating func mouse(_ bytes: [UInt8], _ code: Int32, now: ContinuousClock.Instant) -> Key? {
        if (0x30...0x3b).contains(code), bytes.count < 32 {
            state = .mouse(bytes + [UInt8(code)])
            return nil
        }
        state = .keys
        let numbers = String(decoding: bytes, as: UTF8.self).split(separator: ";").compactMap { Int($0) }
        guard code == 0x4d, numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return nil }
        let place = Position(column: numbers[1] - 1, row: numbers[2] - 1)
        switch numbers[0] & ~0x1c {
        case 0: return press(place, now)
        case 64: return .mouse(Mouse(position: place, kind: .wheelUp))
        case 65: return .mouse(Mouse(position: place, kind: .wheelDown))
        default: return nil
        }
    }

    private mutating func press(_ place: Position, _ now: ContinuousClock.Instant) -> Key {
        if let last = lastPress, last.place == place, last.time.duration(to: now) <= Self.doubleClickTime {
            lastPress = nil
            return .mouse(Mouse(position: place, kind: .doubleClick))
        }
        lastPress = (place, now)
        return .mouse(Mouse(position: place, kind: .press))
    }

    private mutating func paste(_ bytes: [UInt8], _ code: Int32) -> Key? {
        if code == Code.pasteEnd {
            state = .keys
            return .paste(Self.text(bytes))
        }
        guard code < 0x100, bytes.count < Self.longestPaste else { return nil }
        state = .keys  // so that the array is not copied for each byte
        var bytes = bytes
        bytes.append(UInt8(code))
        state = .paste(bytes)
        return nil
    }

    /// Terminals send line ends in a paste as carriage returns.
    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.map { $0 == 13 ? 10 : $0 }, as: UTF8.self)
    }

    private static func ascii(_ byte: UInt8) -> Key {
        switch byte {
        case 0: .control(" ")
        case 8, 127: .backspace
        case 9: .tab
        case 10, 13: .enter
        case 1...26: .control(Character(Unicode.Scalar(byte + 0x60)))
        case 28...31: .control(Character(Unicode.Scalar(byte + 0x40)))
        default: .character(Character(Unicode.Scalar(byte)))
        }
    }

    private static func special(_ code: Int32) -> Key? {
        if code > Code.function { return .function(Int(code - Code.function)) }
        return specials[code]
    }

    private static let specials: [Int32: Key] = [
        Int32(CT_UP): .up, Int32(CT_DOWN): .down, Int32(CT_LEFT): .left,
        Int32(CT_RIGHT): .right, Int32(CT_PAGE_UP): .pageUp,
        Int32(CT_PAGE_DOWN): .pageDown, Int32(CT_HOME): .home, Int32(CT_END): .end,
        Int32(CT_INSERT): .insert, Int32(CT_DELETE): .delete,
        Int32(CT_BACKSPACE): .backspace, Int32(CT_BACK_TAB): .backTab,
        Int32(CT_ENTER): .enter,
    ]
}
