// SPDX-License-Identifier: MIT

/// What goes wrong with a request, and with which ones.
public struct Fault: Sendable {
    /// What goes wrong.
    public enum Kind: Sendable {
        /// The answer comes so much later; the effect happens after the wait.
        case delay(Duration)
        /// The connection ends without an answer, and nothing was done.
        case dropBeforeEffect
        /// The connection ends without an answer, but the effect has happened.
        case dropAfterEffect
        /// Nothing is done; the answer is this status, with `Retry-After` in seconds when given.
        case status(Int, retryAfter: Int?)
        /// Nothing is done; the answer is a sign-in page with status 200.
        case loginPage
        /// The effect happens; the JSON of the answer ends in the middle.
        case truncatedJSON
        /// The effect happens; the answer has no body.
        case emptyBody
        /// The effect happens; the answer is a body of so many bytes.
        case hugeBody(Int)
        /// Nothing is done, and no answer ever comes.
        case hang
        /// The effect happens; the answer comes in pieces of so many bytes with a pause after each.
        case slowDrip(bytes: Int, pause: Duration)
    }

    /// What goes wrong.
    public var kind: Kind
    /// The method it is for; `nil` for all.
    public var method: String?
    /// What the path with its query must contain; `nil` for all.
    public var pathContains: String?
    /// For how many more matching requests; `nil` for all.
    public var remaining: Int?

    /// A fault; without more it is for every request.
    public init(_ kind: Kind, method: String? = nil, pathContains: String? = nil, next remaining: Int? = nil) {
        self.kind = kind
        self.method = method
        self.pathContains = pathContains
        self.remaining = remaining
    }

    func matches(_ method: String, _ path: String) -> Bool {
        guard remaining.map({ $0 > 0 }) ?? true, self.method.map({ $0 == method }) ?? true else { return false }
        return pathContains.map { path.contains($0) } ?? true
    }
}

/// Everything that goes wrong at present.
public struct Faults: Sendable {
    /// The faults; the first that matches a request is used. All delays that match are waited for as well.
    public var rules: [Fault]
    /// So many seconds the `Date` header is ahead of the clock that the locks go by.
    public var clockOffset: Double

    /// Faults; without arguments nothing goes wrong.
    public init(_ rules: [Fault] = [], clockOffset: Double = 0) {
        self.rules = rules
        self.clockOffset = clockOffset
    }

    /// Nothing goes wrong.
    public static let none = Faults()

    /// The faults for one request: delays first. Uses up one turn of each.
    mutating func take(_ method: String, _ path: String) -> [Fault.Kind] {
        var delays: [Fault.Kind] = []
        var other: Fault.Kind?
        for index in rules.indices where rules[index].matches(method, path) {
            if case .delay = rules[index].kind {
                delays.append(rules[index].kind)
            } else if other == nil {
                other = rules[index].kind
            } else {
                continue
            }
            rules[index].remaining = rules[index].remaining.map { $0 - 1 }
        }
        return delays + (other.map { [$0] } ?? [])
    }
}
