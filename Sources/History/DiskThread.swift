// SPDX-License-Identifier: MIT
import Dispatch

/// Work that waits for the disk, one piece after the other, on no thread of the concurrent pool.
///
/// Queues that do one thing at a time have threads of their own, beside those that tasks run on.
final class DiskThread: SerialExecutor {
    private let queue = DispatchQueue(label: "history")

    /// Does something after what is waiting now, and at the earliest after so long.
    func later(_ delay: DispatchTimeInterval = .seconds(0), _ work: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + delay, execute: work)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
