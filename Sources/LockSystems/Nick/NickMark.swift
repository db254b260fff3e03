// SPDX-License-Identifier: MIT
import HTTP

/// What was answered once, with the mark by which the server tells that it would answer the very same.
protocol NickMarked: Sendable {
    var tag: String { get }
}

/// Nick's own mark is made of the body that it is about to send, to this account and in this language, so it covers
/// whatever is read from it: names, titles, rights, and the locks of the children, those that ran out among them.
/// A mark of another make, by Nick's cache or by something on the way, proves no such thing.
enum NickMark {
    /// The mark of an answer; `nil` where it is none of its body.
    static func ofBody(_ answer: Response) -> String? {
        guard let tag = answer.headers["ETag"], isOfBody(tag, count: answer.body.count) else { return nil }
        return tag
    }

    /// `W/"`, the length in sixteens, a dash, 27 letters of a digest, and `"`.
    private static func isOfBody(_ tag: String, count: Int) -> Bool {
        guard tag.hasPrefix("W/\""), tag.hasSuffix("\"") else { return false }
        let parts = tag.dropFirst(3).dropLast().split(separator: "-", maxSplits: 1)
        return parts.count == 2 && Int(parts[0], radix: 16) == count && parts[1].utf8.count == 27
    }
}
