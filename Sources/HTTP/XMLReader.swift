// SPDX-License-Identifier: MIT

/// A name in an XML text: what counts is the namespace, never the prefix.
public struct XMLName: Hashable, Sendable {
    /// The namespace; empty for none, and for a prefix that was never declared.
    public let namespace: String
    /// The name within it.
    public let local: String

    /// A name.
    public init(_ namespace: String, _ local: String) {
        self.namespace = namespace
        self.local = local
    }
}

/// Reads XML piece by piece, within limits: no tree is built, no document type and no entity is taken, and no text of
/// the answer shows in an error.
///
/// Wire facts: webdav.md section 15.
public struct XMLReader {
    /// A piece of the text.
    public enum Part: Hashable, Sendable {
        /// An element begins.
        case start(XMLName)
        /// The element that began last and has not ended yet ends.
        case end
        /// Text within an element; what stands together may come in pieces.
        case text(String)
    }

    /// The deepest nesting that is read.
    public static let maximumDepth = 64
    /// The most attributes of one element.
    public static let maximumAttributes = 64
    /// The longest text of one element, in bytes.
    public static let maximumText = 64 << 10

    private struct Open {
        var name: Range<Int>
        var prefixes: [String]
    }

    private let bytes: [UInt8]
    private var place: Int
    private var open: [Open] = []
    /// The namespaces of each prefix, the innermost last.
    private var namespaces: [String: [String]] = ["xml": ["http://www.w3.org/XML/1998/namespace"]]
    private var isEmptyElement = false
    private var hasRoot = false
    /// The attributes of the element that began last.
    public private(set) var attributes: [XMLName: String] = [:]

    /// A reader of some bytes.
    public init(_ bytes: [UInt8], limit: Int = 16 << 20) throws(MalformedAnswer) {
        guard bytes.contains(where: { !Self.isSpace($0) }) else {
            throw MalformedAnswer(.empty, "The answer is empty.")
        }
        guard bytes.count <= limit else {
            throw MalformedAnswer(.tooLarge, "The answer has more than \(limit) bytes, the most that is read.")
        }
        let head = bytes.prefix(4)
        guard !head.contains(0), !head.starts(with: [0xFE, 0xFF]), !head.starts(with: [0xFF, 0xFE]) else {
            throw MalformedAnswer(.notXML, "The answer is not in UTF-8.")
        }
        self.bytes = bytes
        place = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// How many elements have begun and not ended.
    public var depth: Int { open.count }

    /// The next piece; `nil` at the end of a whole text.
    public mutating func next() throws(MalformedAnswer) -> Part? {
        if isEmptyElement { return close() }
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "<") else {
                if let text = try text() { return .text(text) }
                continue
            }
            guard place + 1 < bytes.count else { throw Self.cutShort }
            switch bytes[place + 1] {
            case UInt8(ascii: "?"): try instruction()
            case UInt8(ascii: "!"): if let text = try section() { return .text(text) }
            case UInt8(ascii: "/"): return try endTag()
            default: return try startTag()
            }
        }
        guard hasRoot, open.isEmpty else { throw Self.cutShort }
        return nil
    }

    /// Passes over all that the element holds which has just begun, and over its end.
    public mutating func skip() throws(MalformedAnswer) {
        let outside = open.count - 1
        while open.count > outside {
            guard try next() != nil else { throw Self.cutShort }
        }
    }

    /// The text of the element that has just begun, and of all in it, without blanks around; passes over its end.
    public mutating func textInside() throws(MalformedAnswer) -> String {
        let outside = open.count - 1
        var text = ""
        while open.count > outside {
            guard let part = try next() else { throw Self.cutShort }
            guard case .text(let more) = part else { continue }
            text += more
            guard text.utf8.count <= Self.maximumText else { throw Self.tooMuchText }
        }
        var trimmed = text.drop(while: \.isWhitespace)
        while trimmed.last?.isWhitespace ?? false { trimmed.removeLast() }
        return String(trimmed)
    }

    // MARK: Tags

    private mutating func startTag() throws(MalformedAnswer) -> Part {
        guard !hasRoot || !open.isEmpty else { throw Self.notXML("has more than one root") }
        guard open.count < Self.maximumDepth else {
            throw MalformedAnswer(.tooDeep, "The answer is nested more than \(Self.maximumDepth) levels deep.")
        }
        place += 1
        let name = try takeName()
        var raw: [(name: Range<Int>, value: String)] = []
        while true {
            let hadBlank = skipBlanks()
            guard place < bytes.count else { throw Self.cutShort }
            if bytes[place] == UInt8(ascii: ">") {
                place += 1
                break
            }
            if bytes[place] == UInt8(ascii: "/") {
                guard place + 1 < bytes.count else { throw Self.cutShort }
                guard bytes[place + 1] == UInt8(ascii: ">") else { throw Self.notXML("has a tag that can't be read") }
                place += 2
                isEmptyElement = true
                break
            }
            guard hadBlank, raw.count < Self.maximumAttributes else {
                throw Self.notXML("has a tag that can't be read")
            }
            let key = try takeName()
            guard !raw.contains(where: { bytes[$0.name].elementsEqual(bytes[key]) }) else {
                throw Self.notXML("has an attribute twice")
            }
            raw.append((key, try takeValue()))
        }
        hasRoot = true
        open.append(Open(name: name, prefixes: declare(raw)))
        attributes = [:]
        for (key, value) in raw where !isDeclaration(key) { attributes[resolve(key, isAttribute: true)] = value }
        return .start(resolve(name, isAttribute: false))
    }

    private mutating func endTag() throws(MalformedAnswer) -> Part {
        place += 2
        let name = try takeName()
        _ = skipBlanks()
        guard place < bytes.count else { throw Self.cutShort }
        guard bytes[place] == UInt8(ascii: ">"), let last = open.last, bytes[last.name].elementsEqual(bytes[name])
        else {
            throw Self.notXML("has an end where nothing begins")
        }
        place += 1
        return close()
    }

    private mutating func close() -> Part {
        isEmptyElement = false
        for prefix in open.removeLast().prefixes { namespaces[prefix]?.removeLast() }
        return .end
    }

    // MARK: Names

    private mutating func takeName() throws(MalformedAnswer) -> Range<Int> {
        let start = place
        while place < bytes.count, Self.isNameByte(bytes[place]) { place += 1 }
        guard place > start else {
            throw place < bytes.count ? Self.notXML("has a tag that can't be read") : Self.cutShort
        }
        guard place - start <= 1_024 else { throw Self.notXML("has a name that is too long") }
        return start..<place
    }

    private func parts(_ name: Range<Int>) -> (prefix: String, local: String) {
        let text = String(decoding: bytes[name], as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { return ("", text) }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    private func isDeclaration(_ key: Range<Int>) -> Bool {
        let (prefix, local) = parts(key)
        return prefix == "xmlns" || prefix.isEmpty && local == "xmlns"
    }

    private mutating func declare(_ raw: [(name: Range<Int>, value: String)]) -> [String] {
        var prefixes: [String] = []
        for (key, value) in raw where isDeclaration(key) {
            let (prefix, local) = parts(key)
            let declared = prefix.isEmpty ? "" : local
            namespaces[declared, default: []].append(value)
            prefixes.append(declared)
        }
        return prefixes
    }

    private func resolve(_ name: Range<Int>, isAttribute: Bool) -> XMLName {
        let (prefix, local) = parts(name)
        // An attribute without a prefix is in no namespace.
        if prefix.isEmpty && isAttribute { return XMLName("", local) }
        return XMLName(namespaces[prefix]?.last ?? "", local)
    }

    // MARK: Text

    private mutating func text() throws(MalformedAnswer) -> String? {
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "<") { place += 1 }
        guard !open.isEmpty else {
            guard bytes[start..<place].allSatisfy(Self.isSpace) else {
                throw Self.notXML("has text outside of its root")
            }
            return nil
        }
        return try decoded(start..<place)
    }

    private mutating func takeValue() throws(MalformedAnswer) -> String {
        _ = skipBlanks()
        guard place < bytes.count else { throw Self.cutShort }
        guard bytes[place] == UInt8(ascii: "=") else { throw Self.notXML("has an attribute without a value") }
        place += 1
        _ = skipBlanks()
        guard place < bytes.count else { throw Self.cutShort }
        let quote = bytes[place]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw Self.notXML("has an attribute without a value")
        }
        let start = place + 1
        guard let end = bytes[start...].firstIndex(of: quote) else { throw Self.cutShort }
        guard !bytes[start..<end].contains(UInt8(ascii: "<")) else { throw Self.notXML("has a tag that can't be read") }
        place = end + 1
        return try decoded(start..<end)
    }

    private func decoded(_ range: Range<Int>) throws(MalformedAnswer) -> String {
        guard range.count <= Self.maximumText else { throw Self.tooMuchText }
        let slice = bytes[range]
        guard slice.contains(where: { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "\r") }) else {
            return String(decoding: slice, as: UTF8.self)
        }
        var out: [UInt8] = []
        out.reserveCapacity(slice.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\r"):
                if index == range.upperBound || bytes[index] != UInt8(ascii: "\n") { out.append(UInt8(ascii: "\n")) }
            case UInt8(ascii: "&"):
                let end = bytes[index..<min(range.upperBound, index + 12)].firstIndex(of: UInt8(ascii: ";"))
                guard let end, let text = Self.reference(bytes[index..<end]) else {
                    throw Self.notXML("has a reference that is not taken")
                }
                out.append(contentsOf: text.utf8)
                index = end + 1
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// What stands for a character; `nil` for the name of an entity, which could be anything.
    private static func reference(_ bytes: ArraySlice<UInt8>) -> String? {
        let name = String(decoding: bytes, as: UTF8.self)
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard name.hasPrefix("#") else { return nil }
        let isHex = name.hasPrefix("#x")
        guard let code = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10) else { return nil }
        let isAllowed = code >= 0x20 && code != 0xFFFE && code != 0xFFFF || [0x9, 0xA, 0xD].contains(code)
        return isAllowed ? Unicode.Scalar(code).map { String(Character($0)) } ?? "\u{FFFD}" : "\u{FFFD}"
    }

    // MARK: What is passed over

    private mutating func instruction() throws(MalformedAnswer) {
        let start = place
        try pass("?>", from: place + 2)
        guard bytes[start..<place].starts(with: Array("<?xml ".utf8)) else { return }
        let declaration = String(decoding: bytes[start..<place], as: UTF8.self).lowercased()
        guard let encoding = declaration.firstRange(of: "encoding").map({ declaration[$0.upperBound...] }) else {
            return
        }
        let isKnown = ["utf-8", "utf8", "us-ascii", "ascii"].contains {
            encoding.contains("\"\($0)\"") || encoding.contains("'\($0)'")
        }
        guard isKnown else { throw MalformedAnswer(.notXML, "The answer is not in UTF-8.") }
    }

    /// A comment, or text that is written as it is.
    private mutating func section() throws(MalformedAnswer) -> String? {
        let rest = bytes[place...]
        if rest.starts(with: Array("<!--".utf8)) {
            try pass("-->", from: place + 4)
            return nil
        }
        if rest.starts(with: Array("<![CDATA[".utf8)), !open.isEmpty {
            let start = place + 9
            try pass("]]>", from: start)
            let range = start..<(place - 3)
            guard range.count <= Self.maximumText else { throw Self.tooMuchText }
            return String(decoding: bytes[range], as: UTF8.self)
        }
        let word = String(decoding: rest.prefix(24), as: UTF8.self).lowercased()
        if word.hasPrefix("<!doctype html") {
            throw MalformedAnswer(
                .page, "The answer is a page for people, not data: is the address right, and is somebody signed in?")
        }
        throw rest.count < 9 ? Self.cutShort : Self.notXML("has a document type, which is not taken")
    }

    private mutating func pass(_ end: StaticString, from start: Int) throws(MalformedAnswer) {
        let mark = Array("\(end)".utf8)
        var index = start
        while index + mark.count <= bytes.count {
            if bytes[index] == mark[0], bytes[index..<(index + mark.count)].elementsEqual(mark) {
                place = index + mark.count
                return
            }
            index += 1
        }
        throw Self.cutShort
    }

    private mutating func skipBlanks() -> Bool {
        let start = place
        while place < bytes.count, Self.isSpace(bytes[place]) { place += 1 }
        return place > start
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x9 || byte == 0xA || byte == 0xD
    }

    // Names may have letters of all scripts, so every byte beyond ASCII belongs to one.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x61...0x7A).contains(byte | 0x20) || (0x30...0x3A).contains(byte) || byte == 0x5F
            || byte == 0x2D || byte == 0x2E
    }

    // MARK: Errors

    private static let cutShort = MalformedAnswer(
        .cutShort, "The answer ends in the middle: it is only half an XML text.")
    private static let tooMuchText = MalformedAnswer(
        .tooLarge, "The answer has a text of more than \(maximumText) bytes, the most that is read.")
    private static func notXML(_ what: String) -> MalformedAnswer {
        MalformedAnswer(.notXML, "The answer is not valid XML: it \(what).")
    }
}
