// SPDX-License-Identifier: MIT
import HTTP

/// Collects one answer as it comes, and stops reading at the limits.
struct AnswerReader {
    enum Fault { case bodyTooLarge, headTooLarge, lineTooLong, oddLength }

    private(set) var response = Response(status: 0)
    /// Whether the empty line after the head has come.
    private(set) var isHeadWhole = false
    /// Why the reading was stopped.
    private(set) var fault: Fault?
    /// How the body is packed.
    private(set) var encodings: [String] = []

    private let limit: Int
    private let hasBody: Bool
    private var headBytes = 0
    private var fields: [(name: String, value: String)] = []
    private static let headLimit = 256 << 10

    init(limit: Int, hasBody: Bool) {
        self.limit = limit
        self.hasBody = hasBody
    }

    /// Forgets what has come; the limits still count it.
    mutating func startAnew() {
        (response, isHeadWhole, encodings, fields) = (Response(status: 0), false, [], [])
    }

    /// Takes a line of a head, or of what may follow the body; false: enough.
    mutating func read(line: UnsafeRawBufferPointer) -> Bool {
        headBytes += line.count
        guard headBytes <= Self.headLimit else { return stop(.headTooLarge) }
        // What may follow a body in pieces is not asked for.
        guard !isHeadWhole || response.status < 200 else { return true }
        if unsafe line.starts(with: "HTTP/".utf8) {
            // After an interim answer a head begins anew.
            startAnew()
            unsafe response.status =
                line.split(maxSplits: 2, whereSeparator: Self.isBlank).dropFirst().first
                .flatMap { unsafe Int(String(decoding: $0, as: UTF8.self)) } ?? 0
            return true
        }
        let text = unsafe Self.trimmed(line[...])
        if unsafe text.isEmpty { return endHead() }
        let isContinued = unsafe line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t")
        if isContinued, !fields.isEmpty {
            unsafe fields[fields.count - 1].value += " " + String(decoding: text, as: UTF8.self)
        } else if let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")) {
            unsafe fields.append(
                (
                    String(decoding: line[..<colon], as: UTF8.self),
                    String(decoding: Self.trimmed(line[(colon + 1)...]), as: UTF8.self)
                ))
        }
        return true
    }

    /// Takes a part of the body; false: enough.
    mutating func read(body: UnsafeRawBufferPointer) -> Bool {
        guard response.body.count + body.count <= limit else { return stop(.bodyTooLarge) }
        unsafe response.body.append(contentsOf: body)
        return true
    }

    private mutating func endHead() -> Bool {
        isHeadWhole = true
        for (name, value) in fields { response.headers.add(name, value) }
        encodings = response.headers.all("Content-Encoding").joined(separator: ",").lowercased()
            .split { $0 == "," || $0 == " " }.map(String.init).filter { $0 != "identity" }
        if hasBody, response.status >= 200, response.status != 304 {
            guard let announced else { return stop(.oddLength) }
            guard announced <= limit else { return stop(.bodyTooLarge) }
            // What is announced need not come.
            response.body.reserveCapacity(min(announced, 1 << 20))
        }
        if !encodings.isEmpty {
            // They tell of the body on the wire, not of the one handed over.
            response.headers["Content-Encoding"] = nil
            response.headers["Content-Length"] = nil
        }
        return true
    }

    /// The length of the body as its head tells it, or as much as is none; `nil`: two that differ, or what is no number.
    /// libcurl takes the last of several, and a body until the end of the connection for one that is too large to count.
    private var announced: Int? {
        let texts = response.headers.all("Content-Length")
            .flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map {
                unsafe Array($0.utf8).withUnsafeBytes { unsafe String(decoding: Self.trimmed($0[...]), as: UTF8.self) }
            }
        guard let text = texts.first else { return 0 }
        guard texts.allSatisfy({ $0 == text }), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.isEmpty ? nil : Int(text) ?? Int.max
    }

    private mutating func stop(_ fault: Fault) -> Bool {
        self.fault = fault
        return false
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Without the blanks, and the end of the line, around it.
    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        var bytes = unsafe bytes
        while let first = unsafe bytes.first, isBlank(first) { unsafe bytes.removeFirst() }
        while let last = unsafe bytes.last, isBlank(last) { unsafe bytes.removeLast() }
        return unsafe bytes
    }
}
