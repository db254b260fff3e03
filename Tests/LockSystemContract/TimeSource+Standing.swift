// SPDX-License-Identifier: MIT
import FoundationEssentials
public import HTTP

extension TimeSource {
    /// Clocks that stand still until a test says that so many seconds have passed. Who sleeps really waits.
    public static func standing(_ passed: @escaping @Sendable () -> Double) -> TimeSource {
        let begin = ContinuousClock.now
        let machine = TimeSource.machine
        return TimeSource(now: { begin + .seconds(passed()) }, wall: machine.wall, sleep: machine.sleep)
    }
}
