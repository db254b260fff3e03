// SPDX-License-Identifier: MIT

/// Why a server did not do or tell what was asked: one sentence for people, one word for the program.
public struct LockError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is. Two questions suffice outside: is it worth a retry, and does it end the watch.
    public enum Code: String, Hashable, Sendable {
        /// No answer: network, name, TLS, time-out.
        case unreachable
        /// Nobody is signed in, or the sign-in has run out.
        case notSignedIn
        /// Signed in, but this account may not.
        case forbidden
        /// Somebody else holds it.
        case conflict
        /// The item is no longer there, or somewhere else now.
        case gone
        /// The server or the item can't do that.
        case unsupported
        /// The item can't be held at all.
        case notLockable
        /// Told to wait.
        case slowDown
        /// An answer that makes no sense, or a failure of the server itself.
        case nonsense
        /// The server is not of the kind that was named.
        case wrongSystem
        /// The server wants a further step that this program can't do.
        case needsAction
        /// The server wants a token that is not known.
        case tokenNeeded
        /// Stopped by the user.
        case cancelled
    }

    /// What kind of failure it is.
    public let code: Code
    /// What happened, as a sentence: "The server at intranet does not answer."
    public let message: String
    /// What to do about it, as a sentence; may be empty.
    public let advice: String
    /// Seconds to wait, where the server said so.
    public let retryAfter: Double?
    /// Whether a change that was asked for may have happened all the same: the answer was lost, or made no sense.
    public let mayHaveHappened: Bool
    /// Whether a smaller question of the same kind may be answered: this one took too long, or its answer was too large.
    public var asksForLess = false

    /// An error.
    public init(
        _ code: Code, _ message: String, advice: String = "", retryAfter: Double? = nil, mayHaveHappened: Bool = false
    ) {
        self.code = code
        self.message = message
        self.advice = advice
        self.retryAfter = retryAfter
        self.mayHaveHappened = mayHaveHappened
    }

    /// Message and advice.
    public var description: String { advice.isEmpty ? message : "\(message) \(advice)" }

    /// Whether asking again later may help.
    public var isPassing: Bool { [.unreachable, .slowDown, .nonsense].contains(code) }
}
