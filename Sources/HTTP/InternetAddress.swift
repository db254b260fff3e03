// SPDX-License-Identifier: MIT

/// Reads hosts as they stand in addresses: strict, so that no host means one thing here and another to a resolver.
enum InternetAddress {
    /// The four bytes of `127.0.0.1`; `nil` for any other way to write an address.
    static func version4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero means octal to some resolvers.
            guard !part.isEmpty, part.utf8.allSatisfy(isDigit), part.count == 1 || part.first != "0",
                let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// The sixteen bytes of an IPv6 address without brackets and without a zone.
    static func version6(_ text: some StringProtocol) -> [UInt8]? {
        let text = String(text)
        guard let gap = text.firstRange(of: "::") else {
            guard let bytes = groups(text[...]), bytes.count == 16 else { return nil }
            return bytes
        }
        guard text[gap.upperBound...].firstRange(of: "::") == nil,
            let head = groups(text[..<gap.lowerBound]), let tail = groups(text[gap.upperBound...]),
            head.count + tail.count <= 14
        else { return nil }
        return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// What is wrong with the name of a host, as a sentence; `nil` for a good name or an IPv4 address.
    static func faultOfName(_ host: Substring) -> String? {
        if host.isEmpty { return "The address has no host." }
        guard host.utf8.count <= 253 else { return "The host's name is longer than 253 characters." }
        guard host.utf8.allSatisfy({ $0 < 0x80 }) else {
            return
                "The host's name has signs that names do not have: write it in ASCII, the form that begins with xn--."
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let named = labels.last == "" ? labels.dropLast() : labels[...]
        let good =
            !named.isEmpty
            && named.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(isNameByte)
            }
        guard good else { return "“\(host)” is no host: a name, an IPv4 address or [an IPv6 address] is needed." }
        // Resolvers read 127.1, 0x7f.1 and 2130706433 as addresses: only the plain form is taken for one.
        let last = named.last ?? ""
        let numeric = last.utf8.allSatisfy(isDigit) || last.lowercased().hasPrefix("0x")
        guard !numeric || version4(host) != nil else {
            return "“\(host)” is no IPv4 address: four numbers from 0 to 255 are needed."
        }
        return nil
    }

    private static func groups(_ text: Substring) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let last = version4(part) {
                bytes += last
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit),
                    let value = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(value >> 8), UInt8(value & 0xFF)]
            }
        }
        return bytes
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
