// SPDX-License-Identifier: MIT

/// An HTTP method. A plain word, so that the verbs of file servers are as good as any.
public struct Method: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The word on the wire, upper case.
    public let rawValue: String
    /// A method by its word.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A method by its word.
    public init(stringLiteral value: String) { self.rawValue = value }
}

/// Header fields: names compared without case, order kept, a name may come more than once.
public struct Headers: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// The fields in order.
    public private(set) var fields: [Field] = []

    /// One header field.
    public struct Field: Hashable, Sendable {
        /// The name as written.
        public let name: String
        /// The value without the blanks around it.
        public let value: String
    }

    /// No fields.
    public init() {}
    /// Fields from a literal.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    /// The first value of that name; setting replaces all of them, `nil` removes them.
    public subscript(name: String) -> String? {
        get { fields.first { Self.same($0.name, name) }?.value }
        set {
            fields.removeAll { Self.same($0.name, name) }
            if let newValue { add(name, newValue) }
        }
    }

    /// All values of that name, in order.
    public func all(_ name: String) -> [String] {
        fields.filter { Self.same($0.name, name) }.map(\.value)
    }

    /// Adds a field and keeps those that have the same name.
    public mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    // Names are ASCII, and this is asked many times a request.
    private static func same(_ one: String, _ other: String) -> Bool {
        let (one, other) = (one.utf8, other.utf8)
        return one.count == other.count && zip(one, other).allSatisfy { lower($0) == lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

/// One request: what to ask of which address. It carries everything but how long to wait.
public struct Request: Hashable, Sendable {
    /// What a request is for, which no verb tells: some systems read by `POST` and end a lock by `GET`. Whether it may be
    /// repeated, whether it counts against the budget and who comes first follow from it.
    public enum Purpose: Hashable, Sendable {
        /// Changes nothing: it may be repeated, and it keeps to the budget.
        case read
        /// Changes what people work with: it is sent once, at once.
        case change
        /// Signs in or renews a sign-in: it is sent once, since many servers count these, and changes nothing that
        /// anybody asks about.
        case signIn
    }

    /// What it is for. What nobody has said to be a reading is taken for a change, and never repeated.
    public var purpose: Purpose
    /// The method.
    public var method: Method
    /// The absolute address, percent-encoded: `http://host:8080/site/search?size=100`.
    public var url: String
    /// The header fields, `Host` and `Content-Length` excepted: the transport writes these.
    public var headers: Headers
    /// The body's bytes; `nil` for none.
    public var body: [UInt8]?

    /// A request.
    public init(
        _ method: Method, _ url: String, headers: Headers = [:], body: [UInt8]? = nil, for purpose: Purpose = .change
    ) {
        self.purpose = purpose
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// One answer, whole: the transport has read the body within its limit.
public struct Response: Hashable, Sendable {
    /// The status code.
    public var status: Int
    /// The header fields.
    public var headers: Headers
    /// The body's bytes.
    public var body: [UInt8]
    /// How long it took from connecting, or sending on a kept connection, to the last byte; `nil` where nobody measured.
    public var took: Duration?

    /// An answer.
    public init(status: Int, headers: Headers = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
