// SPDX-License-Identifier: MIT
import Canvas

/// Makes keys of the bytes that a terminal sends, and nothing of what it says of itself.
///
/// Pure: bytes and times go in. Whoever feeds it reads everything that is there before it asks what is over, so that
/// a program that was busy takes what piled up for one piece and not for keys.
struct KeyReader {
    typealias Instant = ContinuousClock.Instant

    /// How long something unfinished is waited for after its last byte.
    enum Patience {
        /// An introducer with nothing behind it is Alt with a key.
        static let introducer: Duration = .milliseconds(300)
        /// A sequence that has begun to have parameters.
        static let sequence: Duration = .seconds(1)
        /// A string that has begun to have text, and a character.
        static let string: Duration = .seconds(2)
        /// A paste. What comes after is swallowed: it never becomes keys.
        static let paste: Duration = .seconds(10)
        /// The silence before and after a key that ends a paste which never ended.
        static let rescue: Duration = .seconds(1)
    }

    private enum State {
        case ground, character, escape, control, single, string, stringEscape, mouse, described, paste, wasted
    }

    static let escapeCode: UInt8 = 0x1b
    /// Sequences are kept to be recognized; a longer one is only followed to its end.
    private static let longestSequence = 64

    private let described: DescribedKeys
    private let escapeDelay: Duration
    private var state = State.ground
    private var output = KeyQueue()
    private var clicks = ClickReader()
    private var pasted = PasteReader()
    /// The sequence so far, or the parts of a character.
    private var raw: [UInt8] = []
    private var isTooLong = false
    /// Esc came before what is being read.
    private var isAlt = false
    /// Esc came in the middle of a burst.
    private var isInBurst = false
    /// The string was begun by one byte and may end so.
    private var isEightBit = false
    private var hasText = false
    /// The byte before, in a string.
    private var previous: UInt8 = 0
    /// How many bytes of an old mouse report are still to come.
    private var missing = 0
    private var isRescue = false
    private var lastByte: Instant?
    /// The silence before the byte that is being read.
    private var silence: Duration = .zero

    init(described: DescribedKeys = DescribedKeys(), escapeDelay: Duration = .milliseconds(100)) {
        self.described = described
        self.escapeDelay = escapeDelay
    }

    /// Whether `next` has a key without any more bytes.
    var hasKey: Bool { output.hasKey }

    /// When something unfinished is over, as far as time decides that.
    var deadline: Instant? {
        [patience.flatMap { lastByte?.advanced(by: $0) }, output.deadline].compactMap(\.self).min()
    }

    /// The next key.
    mutating func next() -> Key? { output.next() }

    /// The next key, when everything that is there has been read: also one that may be the beginning of a burst, where
    /// it may act at once.
    mutating func next(where mayActAtOnce: (Key) -> Bool) -> Key? {
        output.next() ?? output.next(where: mayActAtOnce)
    }

    /// Reads bytes that were there together.
    mutating func feed(_ bytes: some Sequence<UInt8>, at now: Instant) {
        silence = lastByte.map { $0.duration(to: now) } ?? .seconds(1_000)
        lastByte = now
        output.now = now
        for byte in bytes {
            accept(byte)
            silence = .zero
        }
    }

    /// Ends what is over by now. Call it when there is nothing more to read.
    mutating func expire(at now: Instant) {
        output.now = now
        if let patience, let lastByte, lastByte.advanced(by: patience) <= now { giveUp() }
        output.expire()
    }

    private var patience: Duration? {
        switch state {
        case .ground: nil
        case .escape, .described: escapeDelay
        case .control: raw.count == 2 || raw.last == 0x24 ? introducer : Patience.sequence
        case .string: hasText ? Patience.string : introducer
        case .single, .mouse: introducer
        case .character, .stringEscape: Patience.string
        case .paste: Patience.paste
        case .wasted: isRescue ? Patience.rescue : nil
        }
    }

    private var introducer: Duration { max(Patience.introducer, escapeDelay) }

    private mutating func giveUp() {
        let was = state
        state = .ground
        switch was {
        case .escape where isInBurst: break
        case .escape: send(.escape)
        case .control where raw.count == 2: send(.character("["), with: .alt)
        case .single where raw.count == 2: send(.character("O"), with: .alt)
        case .string where !hasText && raw.count == 2: send(Self.ascii(raw[1]), with: .alt)
        case .described: replay()
        case .paste:
            output.sendPaste(pasted.text)
            state = .wasted
            isRescue = false
        default: break
        }
        isAlt = false
    }

    private mutating func accept(_ byte: UInt8) {
        switch state {
        case .ground: start(byte)
        case .character: character(byte)
        case .escape: afterEscape(byte)
        case .control: control(byte)
        case .single: single(byte)
        case .string: string(byte)
        case .stringEscape:
            if byte == 0x5c {
                state = .ground
            } else if byte != Self.escapeCode {
                beginEscape()
                afterEscape(byte)
            }
        case .mouse: mouse(byte)
        case .described: describedKey(byte)
        case .paste:
            guard pasted.accept(byte) else { return }
            output.sendPaste(pasted.text)
            state = .ground
        case .wasted: waste(byte)
        }
    }

    // MARK: Ground

    private mutating func start(_ byte: UInt8) {
        isAlt = false
        switch byte {
        case Self.escapeCode: beginEscape()
        case 0xc2...0xf4: beginCharacter(byte)
        case 0x80...0x9f: eightBit(byte)
        case 0xa0...0xff: break
        default:
            begin(byte)
            if let key = described.odd[raw] {
                output.type(key)
            } else if described.prefixes.contains(raw) {
                state = .described
            } else {
                output.type(Self.ascii(byte))
            }
        }
    }

    private mutating func begin(_ byte: UInt8) {
        raw.removeAll(keepingCapacity: true)
        raw.append(byte)
        isTooLong = false
        state = .ground
    }

    private mutating func beginEscape() {
        begin(Self.escapeCode)
        isAlt = false
        isInBurst = output.isBurst
        state = .escape
    }

    /// The introducers that are one byte where most terminals send Esc and another.
    private mutating func eightBit(_ byte: UInt8) {
        let wasAlt = isAlt
        beginEscape()
        isAlt = wasAlt
        switch byte {
        case 0x8f, 0x9b: afterEscape(byte - 0x40)
        case 0x90, 0x98, 0x9d...0x9f:
            afterEscape(byte - 0x40)
            isEightBit = true
        default: state = .ground
        }
    }

    private mutating func beginCharacter(_ byte: UInt8) {
        begin(byte)
        state = .character
    }

    private mutating func character(_ byte: UInt8) {
        guard 0x80...0xbf ~= byte else {
            start(byte)
            return
        }
        raw.append(byte)
        guard raw.count == (raw[0] < 0xe0 ? 2 : raw[0] < 0xf0 ? 3 : 4) else { return }
        state = .ground
        guard let text = String(validating: raw, as: UTF8.self), let scalar = text.unicodeScalars.first else { return }
        if scalar.value < 0xa0 { return eightBit(UInt8(scalar.value)) }
        if isAlt { send(.character(Character(scalar)), with: .alt) } else { output.type(.character(Character(scalar))) }
    }

    // MARK: Esc

    private mutating func afterEscape(_ byte: UInt8) {
        if raw.count < Self.longestSequence { raw.append(byte) }
        if let key = described.odd[raw] {
            state = .ground
            return send(key)
        }
        if described.prefixes.contains(raw) {
            state = .described
            return
        }
        raw.removeAll(keepingCapacity: true)
        raw.append(Self.escapeCode)
        raw.append(byte)
        switch byte {
        case 0x5b: state = .control
        case 0x4f: state = .single
        case 0x50, 0x58, 0x5d...0x5f:
            state = .string
            hasText = false
            isEightBit = false
            previous = 0
        case Self.escapeCode: escapeTwice()
        case 0xc2...0xf4:
            isAlt = true
            beginCharacter(byte)
        case 0x80...0xff: state = .ground
        default:
            state = .ground
            isAlt = false
            send(Self.ascii(byte), with: .alt)
        }
    }

    /// Alt with Esc, or the beginning of Alt with an arrow, comes in one piece; Esc pressed twice does not.
    private mutating func escapeTwice() {
        raw.removeLast()
        if isAlt {
            isAlt = false
            send(.escape, with: .alt)
        } else if silence < KeyQueue.gap {
            isAlt = true
        } else if !isInBurst {
            send(.escape)
        }
    }

    // MARK: Sequences

    private mutating func control(_ byte: UInt8) {
        switch byte {
        case Self.escapeCode: beginEscape()
        case 0x5b where raw.count == 2: raw.append(byte)  // Linux' own function keys have two brackets
        case 0x20...0x3f:
            if raw.count < Self.longestSequence { raw.append(byte) } else { isTooLong = true }
            // rxvt ends keys with a byte that ends nothing elsewhere.
            if byte == 0x24, let key = described.regular[raw] { finish(key) }
        case 0x40...0x7e:
            raw.append(byte)
            finishControl(byte)
        default: state = .ground
        }
    }

    private mutating func finishControl(_ last: UInt8) {
        if isTooLong {
            state = .ground
        } else if raw.count == 3, last == 0x4d {
            state = .mouse
            missing = 3
            previous = 0
        } else if let key = described.regular[raw] {
            finish(key)
        } else if raw == PasteReader.start {
            pasted = PasteReader()
            state = .paste
        } else if raw[2] == 0x3c {
            finish(clicks.key(raw[3..<(raw.count - 1)], last, at: output.now))
        } else {
            finish(ControlSequence.key(raw[2...]))
        }
    }

    private mutating func single(_ byte: UInt8) {
        switch byte {
        case Self.escapeCode: beginEscape()
        case 0x30...0x3b:
            if raw.count < Self.longestSequence { raw.append(byte) } else { isTooLong = true }
        case 0x20...0x7e:
            raw.append(byte)
            finish(isTooLong ? nil : described.regular[raw] ?? ControlSequence.single(raw[2...]))
        default: state = .ground
        }
    }

    private mutating func finish(_ key: Key?) {
        state = .ground
        if let key { send(key) }
        isAlt = false
    }

    /// A mouse report of the old form: three bytes, or characters, that are anything.
    private mutating func mouse(_ byte: UInt8) {
        if 0x80...0xbf ~= byte, previous >= 0xc2 {
            previous = 0
        } else {
            previous = byte
            missing -= 1
        }
        if missing == 0, previous < 0xc2 { state = .ground }
    }

    // MARK: What a terminal says

    private mutating func string(_ byte: UInt8) {
        defer { previous = byte }
        switch byte {
        case 0x07, 0x18, 0x1a: state = .ground
        case Self.escapeCode: state = .stringEscape
        case 0x9c where previous == 0xc2 || (isEightBit && previous < 0xc0): state = .ground
        default: hasText = true
        }
    }

    // MARK: Keys that only the terminal's description knows

    private mutating func describedKey(_ byte: UInt8) {
        raw.append(byte)
        if let key = described.odd[raw] {
            finish(key)
        } else if !described.prefixes.contains(raw) {
            replay()
        }
    }

    /// It was the beginning of a described key and went on as something else.
    private mutating func replay() {
        let bytes = raw
        state = .ground
        if bytes[0] == Self.escapeCode {
            // With only Esc before it, the grammar decides; otherwise it is unknown and dropped.
            if bytes.count == 2 { send(Self.ascii(bytes[1] & 0x7f), with: .alt) }
            return
        }
        output.type(Self.ascii(bytes[0]))
        for byte in bytes.dropFirst() { accept(byte) }
    }

    // MARK: A paste that never ended

    /// Only its end, or Esc or ^C by itself between two silences, leads back to keys.
    private mutating func waste(_ byte: UInt8) {
        let isOver = pasted.accept(byte)
        isRescue = silence >= Patience.rescue && (byte == Self.escapeCode || byte == 3)
        if isOver { state = .ground }
    }

    private mutating func send(_ key: Key, with modifiers: Modifiers = []) {
        let modifiers = isAlt ? modifiers.union(.alt) : modifiers
        output.send(modifiers.isEmpty ? key : ControlSequence.modified(key, modifiers))
    }

    static func ascii(_ byte: UInt8) -> Key {
        switch byte {
        case 0: .control(" ")
        case 8, 127: .backspace
        case 9: .tab
        case 10, 13: .enter
        case 1...26: .control(Character(Unicode.Scalar(byte + 0x60)))
        case 27: .escape
        case 28...31: .control(Character(Unicode.Scalar(byte + 0x40)))
        default: .character(Character(Unicode.Scalar(byte)))
        }
    }
}
