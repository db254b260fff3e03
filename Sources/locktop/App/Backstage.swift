// SPDX-License-Identifier: MIT
import Dashboard
import FoundationEssentials
import Locks

/// What stands behind the screen: servers that are watched, or a recording that is played.
protocol Backstage: AnyObject {
    /// The time that the screen shows.
    var now: Date { get }
    /// Begins.
    func start()
    /// Ends; waits for what is under way, for a second at most.
    func stop()
    /// What happened since it was asked last, each with its time.
    func takeNews() -> [(event: Event, at: Date)]
    /// When to look at the screen again, which turns by itself at that time; `nil`: not before something comes.
    func wake(for turn: Date) -> ContinuousClock.Instant?
    /// Carries out an effect that is not the screen's own.
    func run(_ effect: Effect)
    /// The web address of an item.
    func webAddress(of ref: ItemRef, path: String) -> String?
}
