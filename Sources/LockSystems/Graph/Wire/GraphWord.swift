// SPDX-License-Identifier: MIT
import HTTP

/// A value that one version sends as text and another as a number. Empty text is no value.
struct GraphWord: Decodable, Sendable {
    let text: String

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int.self) {
            text = String(number)
        } else {
            text = try value.decode(String.self)
        }
        guard !text.isEmpty else { throw DecodingError.dataCorruptedError(in: value, debugDescription: "empty") }
    }
}

/// The text of a field that its object can do without, as text or as a number.
@propertyWrapper
struct IfWord: Decodable, Sendable {
    var wrappedValue: String?

    init(wrappedValue: String?) { self.wrappedValue = wrappedValue }
    init(from decoder: any Decoder) { wrappedValue = (try? GraphWord(from: decoder))?.text }
}

extension KeyedDecodingContainer {
    /// What the compiler's own reading of an object asks for such a field.
    func decode(_ type: IfWord.Type, forKey key: Key) -> IfWord { IfWord(wrappedValue: word(key)) }

    /// The text of a field that one can do without.
    func word(_ key: Key) -> String? { ifReadable(GraphWord.self, key)?.text }

    /// Whether a field is there and not null, whatever it holds.
    func has(_ key: Key) -> Bool { contains(key) && (try? decodeNil(forKey: key)) == false }
}
