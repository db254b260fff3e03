// SPDX-License-Identifier: MIT
import Dispatch
import Synchronization

/// A value that one thread waits for and another sets.
final class Latch<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func set(_ new: Value) {
        value.withLock { $0 = new }
        semaphore.signal()
    }

    func get() -> Value {
        while true {
            semaphore.wait()
            if let value = value.withLock(\.self) { return value }
        }
    }
}
