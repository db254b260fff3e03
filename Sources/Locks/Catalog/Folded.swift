// SPDX-License-Identifier: MIT
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Text as it is searched: in lower case, and with one spelling for letters that can be written as one sign or as
/// several, in UTF-8. Two folded texts are compared byte by byte.
enum Folded {
    static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return bytes
    }

    static func append(_ text: String, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.reserveCapacity(start + text.utf8.count)
        for byte in text.utf8 {
            guard byte < 0x80 else {
                bytes.removeSubrange(start...)
                bytes.append(contentsOf: composed(text.lowercased()).utf8)
                return
            }
            bytes.append(byte &- 65 < 26 ? byte | 0x20 : byte)
        }
    }

    /// Whether a text contains a word, without regard to case.
    static func contains(_ text: String, _ word: String) -> Bool {
        let text = bytes(text)
        return find(Needle(word), in: text, 0..<text.count) != nil
    }

    /// A folded word that is looked for in many texts.
    struct Needle: Hashable, Sendable {
        let bytes: [UInt8]
        /// The place of its rarest byte: the C library's search for one byte is many times quicker than any loop here.
        fileprivate let key: Int

        init(_ word: String) {
            bytes = Folded.bytes(word)
            let bytes = bytes
            key = bytes.indices.max { rarity(bytes[$0]) < rarity(bytes[$1]) } ?? 0
        }
    }

    /// Where a word begins within a part of folded bytes, first.
    static func find(_ word: Needle, in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        let (needle, key) = (word.bytes, word.key)
        guard !needle.isEmpty else { return range.lowerBound }
        guard needle.count <= range.count else { return nil }
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return nil }
            var place = range.lowerBound + key
            let end = range.upperBound - needle.count + key + 1
            while place < end {
                guard let hit = unsafe memchr(start + place, Int32(needle[key]), end - place) else { return nil }
                let found = unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(start)
                var index = 0
                while index < needle.count, unsafe start[found - key + index] == needle[index] { index += 1 }
                if index == needle.count { return found - key }
                place = found + 1
            }
            return nil
        }
    }

    // Letters by how often they stand in European names of documents, the commonest first; then digits, then the rest.
    private static let frequency: [UInt8: Int] = {
        var frequency: [UInt8: Int] = [:]
        for (place, byte) in "/ -eanirtosldcumpghvbfkwyzxjq0123456789_.".utf8.enumerated() { frequency[byte] = place }
        return frequency
    }()

    private static func rarity(_ byte: UInt8) -> Int {
        // The first bytes of letters beyond ASCII are alike within a language, the later ones tell them apart.
        frequency[byte] ?? (byte >= 0xC0 ? 5 : byte >= 0x80 ? 20 : 99)
    }

    // MARK: One spelling

    private static func composed(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: mayJoin) else { return text }
        var result = ""
        for character in text {
            if character.unicodeScalars.count > 1, let scalar = single[character] {
                result.unicodeScalars.append(scalar)
            } else {
                result.append(character)
            }
        }
        return result
    }

    // Marks that join with a letter before them: accents, Hangul vowels and finals, marks of Japanese syllables.
    private static func mayJoin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300, 0x370..<0x483, 0x3400..<0xA000, 0xAC00..<0xD7A4, 0x309B..<0x3100: false
        case 0x1161..<0x1200: true
        default: scalar.properties.canonicalCombiningClass != .notReordered
        }
    }

    // The letters of several scalars that also exist as one: equal characters have equal keys, however they are spelt.
    private static let single: [Character: Unicode.Scalar] = {
        let ranges: [ClosedRange<UInt32>] = [
            0xC0...0x24F, 0x370...0x3FF, 0x400...0x4FF, 0x1E00...0x1FFF, 0x3040...0x30FF, 0xAC00...0xD7A3,
        ]
        var single: [Character: Unicode.Scalar] = [:]
        for scalar in ranges.joined().compactMap(Unicode.Scalar.init) { single[Character(scalar)] = scalar }
        return single
    }()
}
