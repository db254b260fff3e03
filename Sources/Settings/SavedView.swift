// SPDX-License-Identifier: MIT

/// A filter with a name.
public struct SavedView: Sendable, Equatable {
    /// The most there can be.
    public static let most = 9
    /// What the screen's own views are called.
    public static let taken = ["all", "held", "mine", "others", "stale", "conflicts"]

    /// What it is called behind `:view`.
    public var name: String
    /// The filter, in the query language.
    public var filter: String

    /// Makes one.
    public init(name: String, filter: String) {
        self.name = name
        self.filter = filter
    }
}
