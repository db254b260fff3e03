// SPDX-License-Identifier: MIT
import HTTP

/// So many requests in a quarter of an hour; the window begins with the first.
struct NickLimit {
    let most: Int
    private var count = 0
    private var end = 0.0

    init(most: Int) { self.most = most }

    /// Counts a request.
    /// - Returns: what the answer's header says of it, and whether it is one too many.
    mutating func count(at now: Double) -> (headers: Headers, isOver: Bool) {
        if now >= end { (count, end) = (0, now + 900) }
        count += 1
        let left = max(0, most - count)
        let reset = Int((end - now).rounded(.up))
        var headers: Headers = [
            "RateLimit-Policy": "\(most);w=900", "RateLimit-Limit": "\(most)", "RateLimit-Remaining": "\(left)",
            "RateLimit-Reset": "\(reset)",
        ]
        let isOver = count > most
        if isOver { headers["Retry-After"] = "\(reset)" }
        return (headers, isOver)
    }
}
