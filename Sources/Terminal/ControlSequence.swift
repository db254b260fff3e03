// SPDX-License-Identifier: MIT
import Canvas

/// Which key a sequence is, in the forms of xterm, rxvt, Linux and kitty's keyboard protocol, which a program before
/// us may have left on. Everything else, answers above all, is no key.
enum ControlSequence {
    /// The key of what stands behind `ESC [`.
    static func key(_ bytes: ArraySlice<UInt8>) -> Key? {
        guard let last = bytes.last else { return nil }
        if bytes.count == 2, bytes.first == 0x5b, 0x41...0x45 ~= last { return .function(Int(last - 0x40)) }
        guard let fields = SequenceFields(bytes.dropLast()), fields[1, 1] != Kind.release else { return nil }
        let held = modifiers(fields[1])
        switch last {
        case 0x75: return unicode(fields[0], shifted: fields[0, 1], text: fields.all(2), held, locks: fields[1])
        case 0x7e where fields[0] == 27 && fields.count == 3:
            return unicode(fields[2], shifted: nil, text: [], held, locks: fields[1])
        case 0x7e: return numbered[fields[0] ?? 0].map { modified($0, held) }
        case 0x5a: return modified(.tab, held.union(.shift))
        default:
            guard let key = lettered[last] else { return nil }
            // Old forms have the modifier alone.
            if fields.count == 1, let only = fields[0], only != 1 { return modified(key, modifiers(only)) }
            return modified(key, held)
        }
    }

    /// The key of what stands behind `ESC O`.
    static func single(_ bytes: ArraySlice<UInt8>) -> Key? {
        guard let last = bytes.last, let fields = SequenceFields(bytes.dropLast()) else { return nil }
        let held = modifiers(fields[1] ?? fields[0])
        if let key = lettered[last] ?? (last == 0x52 ? .function(3) : nil) { return modified(key, held) }
        return last == 0x4d ? modified(.enter, held) : nil
    }

    /// The key with what was held, in the one form that the program knows it by.
    static func modified(_ key: Key, _ held: Modifiers) -> Key {
        switch (key, held) {
        case (_, []): key
        case (.tab, .shift): .backTab
        case (.modified(let inner, let already), _): .modified(inner, already.union(held))
        default: .modified(key, held)
        }
    }

    private enum Kind { static let release = 3 }

    /// What was held, without the two locks, which hold nothing.
    private static func modifiers(_ parameter: Int?) -> Modifiers {
        guard let parameter, parameter > 1 else { return [] }
        return Modifiers(rawValue: UInt8((parameter - 1) & 0x3f))
    }

    private static func unicode(
        _ code: Int?, shifted: Int?, text: [Int], _ held: Modifiers, locks: Int?
    ) -> Key? {
        guard let code else { return nil }
        if let key = named[code] { return modified(key, held) }
        guard code >= 0x20, !(0x7f..<0xa0 ~= code), !(57_344...63_743 ~= code), let plain = Unicode.Scalar(UInt32(code))
        else { return nil }
        if held.isSubset(of: .shift), let typed = typed(text) { return .character(typed) }
        let letter = Character(plain)
        if held == .control, letter.isASCII, letter.isLowercase || "[\\]^_ ".contains(letter) {
            return .control(letter)
        }
        let isUpper = held.contains(.shift) != (((locks ?? 1) - 1) & 64 != 0)
        if held.isSubset(of: .shift) {
            if held == .shift, let shifted, shifted >= 0x20, let scalar = Unicode.Scalar(UInt32(shifted)) {
                return .character(Character(scalar))
            }
            if letter.isLetter { return .character(isUpper ? letter.uppercased().first ?? letter : letter) }
        }
        return modified(.character(letter), held)
    }

    private static func typed(_ text: [Int]) -> Character? {
        var characters = String.UnicodeScalarView()
        for number in text {
            guard number >= 0x20, !(0x7f..<0xa0 ~= number), let scalar = Unicode.Scalar(UInt32(number)) else {
                return nil
            }
            characters.append(scalar)
        }
        return String(characters).first
    }

    private static let lettered: [UInt8: Key] = [
        0x41: .up, 0x42: .down, 0x43: .right, 0x44: .left, 0x46: .end, 0x48: .home, 0x50: .function(1),
        0x51: .function(2), 0x53: .function(4),
    ]

    private static let numbered: [Int: Key] = {
        var keys: [Int: Key] = [
            1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
        ]
        let codes = [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34]
        for (place, code) in codes.enumerated() { keys[code] = .function(place + 1) }
        return keys
    }()

    /// Keys that have a number of their own in kitty's protocol.
    private static let named: [Int: Key] = {
        var keys: [Int: Key] = [
            8: .backspace, 9: .tab, 10: .enter, 13: .enter, 27: .escape, 127: .backspace, 57_414: .enter,
            57_417: .left, 57_418: .right, 57_419: .up, 57_420: .down, 57_421: .pageUp, 57_422: .pageDown,
            57_423: .home, 57_424: .end, 57_425: .insert, 57_426: .delete,
        ]
        for digit in 0..<10 { keys[57_399 + digit] = .character(Character(String(digit))) }
        for (place, sign) in "./*-+".enumerated() { keys[57_409 + place] = .character(sign) }
        keys[57_415] = .character("=")
        for number in 13...35 { keys[57_376 + number - 13] = .function(number) }
        return keys
    }()
}
