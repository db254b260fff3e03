// SPDX-License-Identifier: MIT

/// Why there can be no screen: one plain sentence for the person, and what to do.
public struct ScreenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason.
    public enum Reason: Hashable, Sendable {
        /// Standard input or output is not a terminal.
        case noTerminal
        /// TERM is not set.
        case noTerm
        /// The system has no description of the terminal that TERM names.
        case unknownTerm
        /// The terminal cannot move its cursor or clear its screen.
        case poorTerm
    }

    /// The reason.
    public let reason: Reason
    /// The value of TERM, cleaned; empty when it is not set.
    public let term: String

    init(_ reason: Reason, term: String) {
        self.reason = reason
        self.term = term
    }

    /// The sentence to print.
    public var description: String {
        switch reason {
        case .noTerminal: "The dashboard needs a terminal: standard input or output is not one."
        case .noTerm: "The terminal can't be used: TERM is not set; try TERM=xterm-256color."
        case .unknownTerm: "The terminal can't be used: TERM=\(term) is unknown here; try TERM=xterm-256color."
        case .poorTerm: "The terminal can't be used: TERM=\(term) can't move its cursor."
        }
    }
}
