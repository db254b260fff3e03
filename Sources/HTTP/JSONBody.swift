// SPDX-License-Identifier: MIT
import FoundationEssentials

/// An answer that is not what it should be. The message is a whole sentence with no text of the answer in it.
public struct MalformedAnswer: Error, Hashable, Sendable {
    /// What came instead.
    public enum Kind: Hashable, Sendable {
        /// Nothing at all.
        case empty
        /// A page for people: mostly a sign-in page, or another server's.
        case page
        /// JSON that ends too early.
        case cutShort
        /// JSON nested deeper than any answer is.
        case tooDeep
        /// More bytes than are read.
        case tooLarge
        /// Something else than JSON.
        case notJSON
        /// Something else than XML, or XML with what is not taken.
        case notXML
        /// JSON, but not of the shape that was asked for.
        case otherShape
    }

    /// What came instead.
    public let kind: Kind
    /// One sentence.
    public let message: String

    /// An error.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

/// Reads and writes JSON bodies, within limits.
public enum JSONBody {
    /// The deepest nesting that is read.
    public static let maximumDepth = 64

    /// The value in an answer's body; text that is not quite JSON is read with replacements. Times are not decoded: take them as text, and `RFC3339`.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from response: Response, limit: Int = 64 << 20
    ) throws(MalformedAnswer) -> Value {
        try decode(type, from: response.body, contentType: response.headers["Content-Type"], limit: limit)
    }

    /// The value in some bytes.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], contentType: String? = nil, limit: Int = 64 << 20
    ) throws(MalformedAnswer) -> Value {
        let isStrict = try check(bytes, contentType: contentType, limit: limit)
        do {
            let text = isStrict ? bytes : JSONText(mending: bytes).bytes
            return try JSONDecoder().decode(type, from: Data(text))
        } catch let error as DecodingError {
            throw Self.explain(error)
        } catch {
            throw MalformedAnswer(.notJSON, "The answer is not valid JSON.")
        }
    }

    /// The bytes of a value; names in order, so that the same value has the same bytes.
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    /// - Returns: whether strict readers take it.
    private static func check(_ bytes: [UInt8], contentType: String?, limit: Int) throws(MalformedAnswer) -> Bool {
        guard bytes.count <= limit else {
            throw MalformedAnswer(.tooLarge, "The answer has more than \(limit) bytes, the most that is read.")
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let start = bytes.starts(with: mark) ? 3 : 0
        guard let first = bytes[start...].first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
            throw MalformedAnswer(.empty, "The answer is empty.")
        }
        let isPage = contentType?.lowercased().hasPrefix("text/html") ?? false
        guard first != UInt8(ascii: "<"), !isPage || "{[".utf8.contains(first) else {
            throw MalformedAnswer(
                .page, "The answer is a page for people, not data: is the address right, and signed in?")
        }
        return try scan(bytes.span) && JSONText.isUTF8(bytes)
    }

    /// One pass over the brackets, before anything recurses into them.
    /// - Returns: whether all texts are free of raw control characters and of halves of pairs; where there are pairs
    ///   that is not known, and denied.
    private static func scan(_ bytes: Span<UInt8>) throws(MalformedAnswer) -> Bool {
        var (depth, index, isStrict) = (0, 0, true)
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): isStrict = try skipText(bytes, &index) && isStrict
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= maximumDepth else {
                    throw MalformedAnswer(.tooDeep, "The answer is nested more than \(maximumDepth) levels deep.")
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            index += 1
        }
        guard depth <= 0 else { throw cutShort }
        return isStrict
    }

    // From a text's first quote to its last.
    private static func skipText(_ bytes: Span<UInt8>, _ index: inout Int) throws(MalformedAnswer) -> Bool {
        var isStrict = true
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") { return isStrict }
            if byte == UInt8(ascii: "\\") {
                index += 1
                let isHalf =
                    index + 1 < bytes.count && bytes[index] == UInt8(ascii: "u")
                    && bytes[index + 1] | 0x20 == UInt8(ascii: "d")
                if isHalf { isStrict = false }
            } else if byte < 0x20 {
                isStrict = false
            }
            index += 1
        }
        throw cutShort
    }

    private static let cutShort = MalformedAnswer(
        .cutShort, "The answer ends in the middle: it is only half a JSON text.")

    /// What was wrong with a part of an answer, as one sentence with no text of the answer in it.
    public static func sentence(_ error: DecodingError) -> String { explain(error).message }

    static func explain(_ error: DecodingError) -> MalformedAnswer {
        switch error {
        case .keyNotFound(let key, let context):
            MalformedAnswer(.otherShape, "The answer lacks “\(place(context.codingPath + [key]))”.")
        case .valueNotFound(_, let context):
            MalformedAnswer(.otherShape, "In the answer “\(place(context.codingPath))” is null.")
        case .typeMismatch(_, let context):
            MalformedAnswer(
                .otherShape, "In the answer “\(place(context.codingPath))” is of another type than expected.")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            MalformedAnswer(.otherShape, "In the answer “\(place(context.codingPath))” has a value that can't be read.")
        default: MalformedAnswer(.notJSON, "The answer is not valid JSON.")
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.isEmpty ? "." : path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
