// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// How long a server asks to be left alone: the header `Retry-After`, in seconds or as a time.
public struct RetryAfter: Hashable, Sendable {
    /// The span from now on: never negative, an hour at most.
    public let delay: Duration

    /// The span in a header's value; `nil` for what is neither seconds nor a time.
    /// - Parameter now: the time by this machine's clock; pass the server's own `Date` where its clock is off.
    public init?(_ text: String, now: Date) {
        let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let seconds: Double
        if text.utf8.first.map({ (0x30...0x39).contains($0) }) ?? false,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }),
            text.utf8.count(where: { $0 == 0x2E }) < 2
        {
            // Whole seconds by the standard; some services send a fraction.
            seconds = Double(text) ?? Double(text.dropLast()) ?? 3600
        } else if let date = HTTPDate.date(text) {
            seconds = date.timeIntervalSince(now).rounded(.up)
        } else {
            return nil
        }
        delay = .milliseconds(Int((min(max(seconds, 0), 3600) * 1_000).rounded(.up)))
    }

    /// The span that an answer asks for; a time in it is taken by the answer's own `Date`, so that the two clocks need
    /// not agree.
    public init?(_ headers: Headers, now: Date) {
        guard let text = headers["Retry-After"] else { return nil }
        self.init(text, now: headers["Date"].flatMap { HTTPDate.date($0) } ?? now)
    }
}
