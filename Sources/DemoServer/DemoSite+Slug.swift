// SPDX-License-Identifier: MIT

extension DemoSite {
    // Letters with marks, by what is left without.
    private static let plainLetters: [Character: Character] = {
        let marked: [Character: String] = [
            "a": "àáâãäåāą", "c": "çćč", "d": "ďđ", "e": "èéêëēęě", "i": "ìíîïī", "l": "ł", "n": "ñńň", "o": "òóôõöøō",
            "s": "śšß", "u": "ùúûüū", "y": "ýÿ", "z": "źżž",
        ]
        return marked.reduce(into: [:]) { table, entry in
            for letter in entry.value { table[letter] = entry.key }
        }
    }()

    /// An id made of a title: lower case letters and digits with hyphens.
    static func slug(_ title: String) -> String {
        let plain = String(title.lowercased().map { plainLetters[$0] ?? $0 })
        let words = plain.unicodeScalars.split { scalar in
            !(scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil))
        }
        let id = words.map { String(String.UnicodeScalarView($0)) }.joined(separator: "-")
        return id.isEmpty ? "item" : String(id.prefix(60))
    }
}
