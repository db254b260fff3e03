// SPDX-License-Identifier: MIT
import Canvas

@testable import Terminal

/// A key reader with a clock that only moves when a test says so.
struct Keyboard {
    var reader: KeyReader
    private(set) var keys: [Key] = []
    private var now = ContinuousClock.now
    private let harmless: Set<Key>

    init(_ reader: KeyReader = KeyReader(), harmless: Set<Key> = []) {
        self.reader = reader
        self.harmless = harmless
    }

    /// Bytes that are there together.
    mutating func send(_ bytes: some Sequence<UInt8>) {
        reader.feed(bytes, at: now)
        take()
    }

    mutating func send(_ text: String) { send(Array(text.utf8)) }

    /// Lets time pass, as the loop does: woken at each deadline.
    mutating func pause(_ duration: Duration) {
        let end = now.advanced(by: duration)
        while let due = reader.deadline, due <= end {
            now = max(now, due)
            reader.expire(at: now)
            take()
        }
        now = end
    }

    /// One byte at a time with a pause between.
    mutating func trickle(_ bytes: [UInt8], _ gap: Duration = .milliseconds(80)) {
        for byte in bytes {
            pause(gap)
            send([byte])
        }
    }

    mutating func forget() { keys.removeAll(keepingCapacity: true) }

    private mutating func take() { while let key = reader.next(where: harmless.contains) { keys.append(key) } }

    /// The keys for bytes that come at once, after a second.
    static func keys(_ text: String, _ reader: KeyReader = KeyReader()) -> [Key] { keys(Array(text.utf8), reader) }

    static func keys(_ bytes: [UInt8], _ reader: KeyReader = KeyReader()) -> [Key] {
        var keyboard = Keyboard(reader)
        keyboard.send(bytes)
        keyboard.pause(.seconds(1))
        return keyboard.keys
    }
}
