// SPDX-License-Identifier: MIT

/// How much the store keeps. The oldest goes first; nothing is dropped below a limit.
public struct Limits: Hashable, Sendable {
    /// Events.
    public var events: Int
    /// Operations in the audit log.
    public var operations: Int
    /// First-seen times of locks; the ones that were not asked for the longest go first.
    public var firstSeen: Int
    /// Cached rows of one server and user; held ones are kept first.
    public var cachedRowsPerServer: Int
    /// Bytes in use in the database file. Beyond it go events, cached rows and first-seen times, operations last.
    public var maximumBytes: Int

    /// Limits.
    public init(
        events: Int = 100_000, operations: Int = 100_000, firstSeen: Int = 200_000,
        cachedRowsPerServer: Int = 5_000, maximumBytes: Int = 256 * 1_024 * 1_024
    ) {
        self.events = events
        self.operations = operations
        self.firstSeen = firstSeen
        self.cachedRowsPerServer = cachedRowsPerServer
        self.maximumBytes = maximumBytes
    }

    /// What fits months of work in a file that nobody minds.
    public static let standard = Limits()
}
