// SPDX-License-Identifier: MIT

/// What was waited for did not come.
public struct NeverHappened: Error, CustomStringConvertible {
    /// What, and how long it was waited for.
    public let description: String
}

/// Waits until the condition holds, looking every few milliseconds; the only place where tests sleep.
public func eventually(
    _ what: String, within limit: Duration = .seconds(10), _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            throw NeverHappened(description: "Not within \(limit): \(what)")
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
