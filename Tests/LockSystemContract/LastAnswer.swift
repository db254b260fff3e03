// SPDX-License-Identifier: MIT
import HTTP
import Synchronization

/// The last answer that a wire gave.
final class LastAnswer: Sendable {
    private let kept = Mutex<Response?>(nil)

    var answer: Response? { kept.withLock(\.self) }
    func keep(_ answer: Response) { kept.withLock { $0 = answer } }
}
