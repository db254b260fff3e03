// SPDX-License-Identifier: MIT

/// Changes past the protocol, one call each. Paths are within the site: `/docs/minutes`.
extension DemoServer {
    /// Adds an item; the last part of the path becomes its id, and the folder must be there.
    /// - Parameter state: `private`, `pending` or `published`.
    public func add(
        path: String, type: String = "Document", title: String, state: String = "published", by person: String = "admin"
    ) async throws {
        try await perform(.add(path: path, type: type, title: title, state: state, by: person))
    }

    /// Takes an item away with everything below it, locked or not.
    public func remove(path: String) async throws { try await perform(.remove(path: path)) }

    /// Moves or renames an item; `to` is the whole new path. The old path leads there from now on.
    public func move(path: String, to: String) async throws { try await perform(.move(path: path, to: to)) }

    /// Takes the edit lock as somebody; does nothing if the item is locked.
    /// - Parameters:
    ///   - timeout: seconds from when it was made.
    ///   - age: how many seconds ago it was made.
    public func lock(
        path: String, as person: String, timeout: Int = 600, age: Double = 0, stealable: Bool = true
    ) async throws {
        try await perform(.lock(path: path, by: person, timeout: timeout, age: age, stealable: stealable))
    }

    /// Takes all locks away, whatever they are.
    public func unlock(path: String) async throws { try await perform(.unlock(path: path)) }
}
