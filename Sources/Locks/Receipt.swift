// SPDX-License-Identifier: MIT

/// What a server said when it agreed to a change. It proves nothing: a reading after it decides what was done.
public struct Receipt: Hashable, Sendable {
    /// The server's own id of the lock.
    public var serverID: String?
    /// What the server wants to see for the next change.
    public var token: Token?
    /// For how many seconds the lock was granted, where that is told; `nil`: not told, or without end.
    public var granted: Int?
    /// What it said in words: what a person should know, and no reading shows.
    public var remark: String?

    /// A receipt; without arguments the server only agreed.
    public init(serverID: String? = nil, token: Token? = nil, granted: Int? = nil, remark: String? = nil) {
        self.serverID = serverID
        self.token = token
        self.granted = granted
        self.remark = remark
    }
}
