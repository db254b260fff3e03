// SPDX-License-Identifier: MIT

/// What locktop is told to watch, and how: the whole configuration, read and checked.
///
/// Times are in seconds, rates in requests a second.
public struct Configuration: Sendable, Equatable {
    /// Seconds between two readings of what is on screen.
    public var poll: Double
    /// The most requests a second to one server, operations aside.
    public var requestBudget: Double
    /// Seconds after which a held lock counts as stale.
    public var staleAfter: Double
    /// Ids or names of holders who left: their locks are always stale.
    public var departed: [String]
    /// Whether every operation is impossible, on every server.
    public var readOnly: Bool
    /// Whether my own locks are refreshed before they run out, while locktop runs.
    public var keepAlive: Bool
    /// How the screen looks: one of `Configuration.themes`; `nil`: as it does by itself.
    public var theme: String?
    /// The columns of the screen's table by name, from left to right; `nil`: those that there is room for.
    public var columns: [String]?
    /// Filters with names, in the order of the file.
    public var views: [SavedView]
    /// Other keys for actions, no two of which have the same.
    public var keys: [KeyChange]
    /// Whether the terminal's bell is rung when a wait has ended.
    public var bell: Bool
    /// Commands that are run when something happens.
    public var hooks: [Hook]
    /// Whether each operation goes to syslog(3) too.
    public var auditSyslog = false
    /// The servers in the order of the file; a configuration that was read has at least one.
    public var servers: [ServerProfile]

    /// The words for themes.
    public static let themes = ["dark", "light", "mono", "high-contrast"]

    /// Makes a configuration; what is left out has the documented default.
    public init(
        poll: Double = 5, requestBudget: Double = 10, staleAfter: Double = 8 * 3600, departed: [String] = [],
        readOnly: Bool = false, keepAlive: Bool = true, theme: String? = nil,
        columns: [String]? = nil, views: [SavedView] = [], keys: [KeyChange] = [], bell: Bool = false,
        hooks: [Hook] = [], servers: [ServerProfile] = []
    ) {
        self.poll = poll
        self.requestBudget = requestBudget
        self.staleAfter = staleAfter
        self.departed = departed
        self.readOnly = readOnly
        self.keepAlive = keepAlive
        self.theme = theme
        self.columns = columns
        self.views = views
        self.keys = keys
        self.bell = bell
        self.hooks = hooks
        self.servers = servers
    }
}
