// SPDX-License-Identifier: MIT
import CTerminal
import Canvas
import Glibc

/// The keys that the terminal's description names. They go before everything that is built in.
struct DescribedKeys {
    /// Sequences of the usual grammar, `ESC [` and `ESC O`, which has to be followed to its end anyway.
    private(set) var regular: [[UInt8]: Key] = [:]
    /// Those of terminals that have a grammar of their own.
    private(set) var odd: [[UInt8]: Key] = [:]
    /// The beginnings of these, which have to be waited with.
    private(set) var prefixes: Set<[UInt8]> = []

    /// Takes the first meaning of each sequence.
    init(_ keys: [(sequence: [UInt8], key: Key)] = []) {
        for (sequence, key) in keys where !sequence.isEmpty && sequence != [KeyReader.escapeCode] {
            if sequence.count > 2, sequence[0] == KeyReader.escapeCode, sequence[1] == 0x5b || sequence[1] == 0x4f {
                if regular[sequence] == nil { regular[sequence] = key }
            } else if odd[sequence] == nil {
                odd[sequence] = key
                for length in 1..<sequence.count { prefixes.insert(Array(sequence[..<length])) }
            }
        }
        prefixes.remove([KeyReader.escapeCode])
    }

    /// Those of the terminal that is open.
    static func ofTerminal() -> DescribedKeys {
        var keys: [(sequence: [UInt8], key: Key)] = []
        for index in 0..<ct_key_count() {
            var code: Int32 = 0
            guard let text = unsafe ct_key(index, &code) else { continue }
            let sequence = unsafe Array(UnsafeBufferPointer(start: text, count: strlen(text))).map(
                UInt8.init(bitPattern:))
            if let key = named[code] ?? (code > Int32(CT_FUNCTION) ? .function(Int(code) - Int(CT_FUNCTION)) : nil) {
                keys.append((sequence, key))
            }
        }
        return DescribedKeys(keys)
    }

    private static let named: [Int32: Key] = [
        Int32(CT_UP): .up, Int32(CT_DOWN): .down, Int32(CT_LEFT): .left, Int32(CT_RIGHT): .right,
        Int32(CT_PAGE_UP): .pageUp, Int32(CT_PAGE_DOWN): .pageDown, Int32(CT_HOME): .home, Int32(CT_END): .end,
        Int32(CT_INSERT): .insert, Int32(CT_DELETE): .delete, Int32(CT_BACKSPACE): .backspace,
        Int32(CT_BACK_TAB): .backTab, Int32(CT_ENTER): .enter,
    ]
}
