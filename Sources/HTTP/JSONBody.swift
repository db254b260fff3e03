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
        try check(bytes, contentType: contentType, limit: limit)
        do {
            return try JSONDecoder().decode(type, from: Data(JSONText(mending: bytes).bytes))
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

    private static func check(_ bytes: [UInt8], contentType: String?, limit: Int) throws(MalformedAnswer) {
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
        try scan(bytes)
    }

    /// One pass over the brackets, before anything recurses into them.
    private static func scan(_ bytes: [UInt8]) throws(MalformedAnswer) {
        var depth = 0
        var inString = false
        var escaped = false
        for byte in bytes {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= maximumDepth else {
                    throw MalformedAnswer(.tooDeep, "The answer is nested more than \(maximumDepth) levels deep.")
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        guard !inString, depth <= 0 else {
            throw MalformedAnswer(.cutShort, "The answer ends in the middle: it is only half a JSON text.")
        }
    }

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
