// SPDX-License-Identifier: MIT

/// For how long something is waited for.
struct Patience: Sendable, CustomStringConvertible {
    /// Infinite: until it is there, or until interrupted.
    let seconds: Double

    /// Without an end.
    static let endless = Patience(seconds: .infinity)
    /// Not at all.
    static let none = Patience(seconds: 0)

    /// As the help tells it.
    var description: String { seconds.isFinite ? "\(seconds) s" : "until interrupted" }
}
