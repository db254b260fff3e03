// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

extension ServerWatch {
    /// Waits until the next round is due, or asked for. Meanwhile it keeps our locks alive: also while the watch is
    /// paused, while the poll is longer than a lock lives, and while the listing fails.
    func rest(_ seconds: Double, after failure: LockError?) async {
        let began = time.now()
        while !Task.isCancelled {
            await settle()
            if isDue(began, seconds, failure) { break }
            if mayKeepAlive(after: failure) {
                await keepAlive()
                await settle()
                // Something may have been asked for meanwhile.
                if isDue(began, seconds, failure) || Task.isCancelled { break }
            }
            await sleep(until: wakeUp(began, seconds, failure))
        }
        wantsNow = false
        wantsSoon = false
    }

    private func isDue(_ began: ContinuousClock.Instant, _ seconds: Double, _ failure: LockError?) -> Bool {
        let isOver = time.now() >= end(began, seconds, failure)
        if wantsNow, isOver || !mustLeaveAlone(failure) { return true }
        return !isPaused && (isOver || wantsSoon && failure == nil)
    }

    // The poll may be changed while it is waited for; how long a failing server is left alone may not.
    private func end(
        _ began: ContinuousClock.Instant, _ seconds: Double, _ failure: LockError?
    ) -> ContinuousClock.Instant {
        began.advanced(by: .seconds(failure == nil ? poll : seconds))
    }

    private func mustLeaveAlone(_ failure: LockError?) -> Bool {
        failure.map { $0.code == .slowDown || $0.retryAfter != nil } ?? false
    }

    private func mayKeepAlive(after failure: LockError?) -> Bool {
        guard let failure else { return true }
        return !mustLeaveAlone(failure) && [.unreachable, .nonsense].contains(failure.code)
    }

    private func wakeUp(
        _ began: ContinuousClock.Instant, _ seconds: Double, _ failure: LockError?
    ) -> ContinuousClock.Instant {
        let now = time.now()
        var next = isPaused && !wantsNow ? now.advanced(by: .seconds(86_400)) : end(began, seconds, failure)
        if let nextKeep, mayKeepAlive(after: failure) {
            next = min(next, max(nextKeep, now.advanced(by: .seconds(0.1))))
        }
        return next
    }

    // From the last look at what is asked for to here nothing is awaited, so no wake-up is lost.
    private func sleep(until instant: ContinuousClock.Instant) async {
        let sleeper = Task.detached { [time] in try await time.sleep(instant) }
        self.sleeper = sleeper
        await withTaskCancellationHandler {
            _ = try? await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
        self.sleeper = nil
    }
}
