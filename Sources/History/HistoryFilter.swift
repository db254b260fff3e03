// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// Which part of the history is asked for. What is left out does not narrow it.
public struct HistoryFilter: Hashable, Sendable {
    /// Only these servers, by their configured names; none: all.
    public var servers: [String]
    /// Only this item: its id or its path.
    public var item: String?
    /// Only what this holder did or had: an id, or the name where the server tells no id. For operations the account
    /// counts too.
    public var holder: String?
    /// Only what was noticed or begun at this time or later.
    public var since: Date?
    /// Only what this program did; operations always are.
    public var oursOnly: Bool
    /// At most so many: the newest ones.
    public var limit: Int?

    /// A filter.
    public init(
        servers: [String] = [], item: String? = nil, holder: String? = nil, since: Date? = nil,
        oursOnly: Bool = false, limit: Int? = nil
    ) {
        self.servers = servers
        self.item = item
        self.holder = holder
        self.since = since
        self.oursOnly = oursOnly
        self.limit = limit
    }
}
