// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Watching

extension Connection {
    /// A watch over the server, by the rules that hold for every way to watch.
    /// - Parameters:
    ///   - poll: seconds between two polls, where the operator wants others than are configured.
    ///   - keepsAlive: whether locks of ours are refreshed before they run out.
    func watch(
        _ wiring: Wiring, poll: Double? = nil, keepsAlive: Bool, publish: @escaping @Sendable (ServerUpdate) -> Void,
        report: @escaping @Sendable (OperationResult) -> Void
    ) -> ServerWatch {
        ServerWatch(
            facts: facts, system: system, performer: performer, journal: wiring.journal,
            policy: WatchPolicy(
                poll: poll.map(facts.pace.poll(wanted:)) ?? facts.pace.poll, limit: limit, keepsAlive: keepsAlive,
                width: width),
            user: cacheKey, now: { Date() }, counters: { counters }, publish: publish, report: report)
    }
}
