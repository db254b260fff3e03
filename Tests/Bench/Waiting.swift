// SPDX-License-Identifier: MIT
import Dispatch
import Synchronization

/// Waiting on the main thread for work in the concurrent pool.
enum Waiting {
    static func wait<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value {
        let semaphore = DispatchSemaphore(value: 0)
        let box = Box<Value>()
        Task.detached {
            box.value.withLock { [value = await work()] in $0 = value }
            semaphore.signal()
        }
        semaphore.wait()
        while true {
            if let value = box.value.withLock(\.self) { return value }
        }
    }

    static func wait<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        try wait { () async -> Result<Value, any Error> in
            do { return .success(try await work()) } catch { return .failure(error) }
        }.get()
    }

    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
