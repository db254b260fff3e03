// SPDX-License-Identifier: MIT

/// The sums that the real servers put into tokens and marks. Enough for a server of made-up people: nothing here takes
/// care that a wrong signature is refused as slowly as a right one is taken.
enum Digest {
    /// HMAC-SHA256 (RFC 2104).
    static func signature(of message: some Sequence<UInt8>, key: [UInt8]) -> [UInt8] {
        var block = key.count > 64 ? sha256(key) : key
        block += Array(repeating: 0, count: 64 - block.count)
        return sha256(block.map { $0 ^ 0x5C } + sha256(block.map { $0 ^ 0x36 } + message))
    }

    /// SHA-256 (FIPS 180-4, section 6.2).
    static func sha256(_ message: some Sequence<UInt8>) -> [UInt8] {
        var state: [UInt32] = [
            0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
        ]
        eachBlock(of: message) { words in
            var w = words
            for index in 16..<64 {
                let (a, b) = (w[index - 15], w[index - 2])
                let small = right(a, 7) ^ right(a, 18) ^ a >> 3
                let large = right(b, 17) ^ right(b, 19) ^ b >> 10
                w.append(w[index - 16] &+ small &+ w[index - 7] &+ large)
            }
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            var (e, f, g, h) = (state[4], state[5], state[6], state[7])
            for index in 0..<64 {
                let choice = (e & f) ^ (~e & g)
                let first = h &+ (right(e, 6) ^ right(e, 11) ^ right(e, 25)) &+ choice &+ roots[index] &+ w[index]
                let majority = (a & b) ^ (a & c) ^ (b & c)
                let second = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) &+ majority
                (h, g, f, e) = (g, f, e, d &+ first)
                (d, c, b, a) = (c, b, a, first &+ second)
            }
            for (index, more) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= more }
        }
        return bytes(state)
    }

    /// SHA-1 (FIPS 180-4, section 6.1).
    static func sha1(_ message: some Sequence<UInt8>) -> [UInt8] {
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        eachBlock(of: message) { words in
            var w = words
            for index in 16..<80 { w.append(left(w[index - 3] ^ w[index - 8] ^ w[index - 14] ^ w[index - 16], 1)) }
            var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
            for index in 0..<80 {
                let (mix, constant): (UInt32, UInt32) =
                    switch index {
                    case ..<20: ((b & c) ^ (~b & d), 0x5A82_7999)
                    case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                    case ..<60: ((b & c) ^ (b & d) ^ (c & d), 0x8F1B_BCDC)
                    default: (b ^ c ^ d, 0xCA62_C1D6)
                    }
                let next = left(a, 5) &+ mix &+ e &+ constant &+ w[index]
                (e, d, c, b, a) = (d, c, left(b, 30), a, next)
            }
            for (index, more) in [a, b, c, d, e].enumerated() { state[index] &+= more }
        }
        return bytes(state)
    }

    /// Hands over sixteen words at a time of the padded message.
    private static func eachBlock(of message: some Sequence<UInt8>, _ take: ([UInt32]) -> Void) {
        var padded = Array(message)
        let bits = UInt64(padded.count) * 8
        padded.append(0x80)
        padded += Array(repeating: 0, count: (120 - padded.count % 64) % 64)
        padded += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }
        for start in stride(from: 0, to: padded.count, by: 64) {
            take(
                (0..<16).map { word in
                    padded[(start + 4 * word)..<(start + 4 * word + 4)].reduce(0) { $0 << 8 | UInt32($1) }
                })
        }
    }

    private static func bytes(_ words: [UInt32]) -> [UInt8] {
        words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32($0))) } }
    }

    private static func right(_ word: UInt32, _ places: UInt32) -> UInt32 { word >> places | word << (32 - places) }
    private static func left(_ word: UInt32, _ places: UInt32) -> UInt32 { word << places | word >> (32 - places) }

    /// The first 32 bits behind the point of the cube roots of the first 64 primes.
    private static let roots: [UInt32] = {
        let primes = (2..<312).filter { number in !(2..<number).contains { number % $0 == 0 } }
        return primes.prefix(64).map { prime in
            // The root of prime × 2^96 is the prime's root × 2^32, found bit by bit.
            var root: UInt64 = 0
            for bit in (0..<35).reversed() {
                let guess = root | 1 << UInt64(bit)
                let square = guess.multipliedFullWidth(by: guess)
                let low = square.low.multipliedFullWidth(by: guess)
                let high = square.high * guess + low.high
                if high < UInt64(prime) << 32 { root = guess }
            }
            return UInt32(truncatingIfNeeded: root)
        }
    }()
}
