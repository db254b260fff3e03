// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import History
import Locks

/// What is told of one server in numbers. What is not known is `nil`.
struct ServerNumbers: Sendable {
    /// Its items and their locks.
    struct Holds: Sendable {
        private(set) var items: [LockState: Int] = [:]
        private(set) var mine: [Lock.Kind: Int] = [:]
        private(set) var others: [Lock.Kind: Int] = [:]
        private(set) var stale = 0
        private var since: Date?

        /// Seconds that the oldest lock has been held; `nil`: nothing is held, or nobody knows since when.
        func oldest(at now: Date) -> Double? { since.map { max(0, now.timeIntervalSince($0).rounded(.down)) } }

        /// The items that a command has listed.
        init(_ rows: [ListedRow], _ staleness: Staleness, at now: Date) {
            for state in LockState.allCases { items[state] = rows.count { $0.row.reading.state == state } }
            for listed in rows { add(listed.row.reading.locks, staleness, at: now) }
        }

        /// The items of a watch.
        init(_ catalog: Catalog, _ staleness: Staleness, at now: Date) {
            let tally = catalog.tally
            items = [.held: tally.held, .unknown: tally.unknown, .free: tally.rows - tally.held - tally.unknown]
            for id in catalog.ids(.held) { add(catalog.locks(id), staleness, at: now) }
        }

        private mutating func add(_ locks: [Lock], _ staleness: Staleness, at now: Date) {
            for lock in locks {
                if lock.holder.isMe { mine[lock.kind, default: 0] += 1 } else { others[lock.kind, default: 0] += 1 }
                if staleness.isStale(lock, at: now) { stale += 1 }
                if let start = lock.since { since = min(start, since ?? start) }
            }
        }
    }

    let name: String
    /// Whether the last attempt to read it succeeded.
    var isUp: Bool?
    var holds: Holds?
    /// What was done there from here, by the audit log.
    var operations: [OperationEnd: Int]?
    var counts: Counted.Counts
}

extension MetricsText {
    /// All that is known of some servers.
    init(_ servers: [ServerNumbers], at now: Date) {
        typealias Sample = (labels: [(String, String)], value: Double)
        func each(_ samples: (ServerNumbers) -> [Sample]) -> [Sample] {
            servers.flatMap { server in
                samples(server).map { (labels: [("server", server.name)] + $0.labels, value: $0.value) }
            }
        }
        func one(_ number: (ServerNumbers) -> Double?) -> [Sample] {
            each { server in number(server).map { [(labels: [], value: $0)] } ?? [] }
        }
        self.init()
        add("up", .gauge, "Whether the last attempt to read the server succeeded.", one { $0.isUp.map { $0 ? 1 : 0 } })
        add(
            "items", .gauge, "Items by whether somebody has them.",
            each { server in
                guard let items = server.holds?.items else { return [] }
                return LockState.allCases.map { ([("state", $0.rawValue)], Double(items[$0] ?? 0)) }
            })
        add(
            "locks", .gauge, "Locks by kind, and by whether this account or another has them.",
            each { server in
                guard let holds = server.holds else { return [] }
                return Lock.Kind.allCases.flatMap { kind in
                    [("mine", holds.mine), ("others", holds.others)].map { whose, counts in
                        ([("kind", kind.rawValue), ("whose", whose)], Double(counts[kind] ?? 0))
                    }
                }
            })
        add(
            "stale_locks", .gauge, "Locks that nobody is likely to be using.", one { $0.holds.map { Double($0.stale) } }
        )
        add(
            "oldest_lock_seconds", .gauge, "For how long the oldest lock has been held.",
            one { $0.holds?.oldest(at: now) })
        add(
            "operations_total", .counter, "Operations in the audit log of this machine, by how they ended.",
            each { server in
                (server.operations ?? [:]).sorted {
                    ($0.key.operation.rawValue, $0.key.outcome.rawValue)
                        < ($1.key.operation.rawValue, $1.key.outcome.rawValue)
                }.map { end, count in
                    ([("operation", end.operation.rawValue), ("outcome", end.outcome.rawValue)], Double(count))
                }
            })
        add("requests_total", .counter, "Requests to the server.", one { Double($0.counts.requests) })
        add("request_failures_total", .counter, "Requests that got no answer.", one { Double($0.counts.errors) })
        add(
            "throttled_total", .counter, "Answers by which the server asked to be left alone.",
            one { Double($0.counts.throttled) })
        add(
            "round_trip_seconds", .gauge, "The median time to a whole answer, of the last nine.",
            one { $0.counts.roundTrip.map { $0 / .seconds(1) } })
    }
}
