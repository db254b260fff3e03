// SPDX-License-Identifier: MIT

extension Task where Failure == any Error {
    /// The value of work that several wait for. Only the end of the program cancels, and then nobody else waits for it:
    /// so the one who is cancelled ends the work as well.
    var valueOrEnd: Success {
        get async throws {
            try await withTaskCancellationHandler {
                try await value
            } onCancel: {
                cancel()
            }
        }
    }
}
