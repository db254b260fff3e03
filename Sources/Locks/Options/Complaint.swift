// SPDX-License-Identifier: MIT

/// Why a value of the configuration is refused: a sentence without its place, its first letter small unless it has to
/// be large, and without a full stop.
public struct Complaint: Error {
    /// The sentence.
    public var message: String

    /// A sentence. It never quotes a secret.
    public init(_ message: String) { self.message = message }
}
