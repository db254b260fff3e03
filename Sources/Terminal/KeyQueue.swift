// SPDX-License-Identifier: MIT
import Canvas

/// Keys on their way to the program, and the judgement whether somebody typed them.
///
/// Terminals without bracketed paste send pasted text as if it were typed. Nobody types four different keys with less
/// than `gap` between each, so such a row is a burst: it becomes a paste, which commands nothing. To know, each key
/// that is a byte waits for `gap`, unless it is one that harms nobody: that is given at once, and counts all the same.
/// Keys that are sequences don't wait.
struct KeyQueue {
    /// A serial line at 9,600 bits a second needs one millisecond a character.
    static let gap: Duration = .milliseconds(4)
    /// A burst ends with a silence that networks don't make within it.
    private static let end: Duration = .milliseconds(50)
    private static let mostHeld = 3
    private static let mostRepeated = 256

    /// The time of what is being read.
    var now = ContinuousClock.now
    private var ready: [Key] = []
    private var first = 0
    /// The keys of the row so far; the first ones may be given already.
    private var held: [Key] = []
    private var given = 0
    private var isRepetition = true
    private var burst = ""
    private var lastTyped = ContinuousClock.now
    /// Whether what comes is taken for a burst.
    private(set) var isBurst = false

    var hasKey: Bool { first < ready.count }

    var deadline: ContinuousClock.Instant? {
        if isBurst { return lastTyped.advanced(by: Self.end) }
        return given == held.count ? nil : lastTyped.advanced(by: Self.gap)
    }

    mutating func next() -> Key? {
        guard first < ready.count else { return nil }
        let key = ready[first]
        first += 1
        if first == ready.count {
            ready.removeAll(keepingCapacity: true)
            first = 0
        }
        return key
    }

    /// The next key of which it is not known yet whether somebody typed it, where it may act at once.
    mutating func next(where mayActAtOnce: (Key) -> Bool) -> Key? {
        guard !isBurst, !hasKey, given < held.count, mayActAtOnce(held[given]) else { return nil }
        given += 1
        return held[given - 1]
    }

    /// Takes a key that is one byte or one character.
    mutating func type(_ key: Key) {
        if given == held.count, lastTyped.advanced(by: Self.gap) <= now { release() }
        lastTyped = now
        if isBurst { return add(key) }
        if held.isEmpty { isRepetition = key != .enter }
        isRepetition = isRepetition && (held.isEmpty || held[0] == key)
        held.append(key)
        // A key that is held down repeats, on a slow line in one piece.
        if isRepetition, held.count <= Self.mostRepeated { return }
        guard held.count > Self.mostHeld else { return }
        if isRepetition { return release() }
        isBurst = true
        for key in held[given...] { add(key) }
        forget()
    }

    /// Takes a key that is a sequence. In a burst it is part of that.
    mutating func send(_ key: Key) {
        if isBurst {
            lastTyped = now
            return
        }
        release()
        ready.append(key)
    }

    /// Takes a paste that said so itself.
    mutating func sendPaste(_ text: String) {
        endBurst()
        release()
        ready.append(.paste(text))
    }

    /// Lets go what is over by now.
    mutating func expire() {
        guard let deadline, deadline <= now else { return }
        endBurst()
        release()
    }

    private mutating func release() {
        ready.append(contentsOf: held[given...])
        forget()
    }

    private mutating func forget() {
        held.removeAll(keepingCapacity: true)
        given = 0
    }

    private mutating func endBurst() {
        guard isBurst else { return }
        isBurst = false
        ready.append(.paste(burst))
        burst = ""
    }

    private mutating func add(_ key: Key) {
        guard burst.utf8.count < PasteReader.longest else { return }
        switch key {
        case .character(let character): burst.append(character)
        case .enter: burst.append("\n")
        case .tab: burst.append("\t")
        default: break
        }
    }
}
