// SPDX-License-Identifier: MIT

/// The ASCII form of names beyond ASCII: RFC 3492, with the prefix of RFC 5890.
enum Punycode {
    /// `bücher.example` becomes `xn--bcher-kva.example`; `nil` for a name with signs that could be written in several ways
    /// or that are no letters or digits.
    static func ascii(_ host: Substring) -> String? {
        var labels: [String] = []
        for label in host.lowercased().split(separator: ".", omittingEmptySubsequences: false) {
            if label.utf8.allSatisfy({ $0 < 0x80 }) {
                labels.append(String(label))
            } else {
                guard label.unicodeScalars.allSatisfy(isPlain), let code = encode(Array(label.unicodeScalars)) else {
                    return nil
                }
                labels.append("xn--" + code)
            }
        }
        return labels.joined(separator: ".")
    }

    // A mark that stands on its own may be one half of a letter, and what is only like another sign may mean it.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar == "-" || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar)
        }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter: break
        default: return false
        }
        // The forms for compatibility: wide letters, letters in one sign, Hangul's parts, mathematical letters.
        return !(0x1100...0x11FF).contains(scalar.value) && !(0xF900...0xFFFF).contains(scalar.value)
            && !(0x1D400...0x1D7FF).contains(scalar.value)
    }

    private static func encode(_ scalars: [Unicode.Scalar]) -> String? {
        var output = scalars.filter(\.isASCII).map { UInt8($0.value) }
        let basic = output.count
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var (code, delta, bias, handled) = (128, 0, 72, basic)
        while handled < scalars.count {
            guard let next = scalars.lazy.map({ Int($0.value) }).filter({ $0 >= code }).min() else { return nil }
            delta += (next - code) * (handled + 1)
            code = next
            for scalar in scalars {
                if scalar.value < code { delta += 1 }
                guard scalar.value == code else { continue }
                var (rest, base) = (delta, 36)
                while true {
                    let threshold = min(max(base - bias, 1), 26)
                    guard rest >= threshold else { break }
                    output.append(digit(threshold + (rest - threshold) % (36 - threshold)))
                    rest = (rest - threshold) / (36 - threshold)
                    base += 36
                }
                output.append(digit(rest))
                bias = adapted(delta, count: handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            code += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var steps = 0
        while delta > 455 {
            delta /= 35
            steps += 36
        }
        return steps + 36 * delta / (delta + 38)
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(value < 26 ? 0x61 + value : 0x30 + value - 26)
    }
}
