// SPDX-License-Identifier: MIT

/// How busy and how careless the people of a scenario are. Times are in seconds, shares from 0 to 1.
struct Tempo: Sendable {
    /// How many of the people act.
    var people = 12
    /// How many items each of them works on at once.
    var hands = 1
    /// How many items they keep to; 0 for all.
    var arena = 0
    /// Between two things on the same item.
    var step = 10.0...70.0
    /// Between two items.
    var pause = 3.0...50.0
    /// At most so many saves and refreshes before the release.
    var turns = 3
    /// How often a lock is forgotten.
    var forget = 0.1
    /// How often somebody takes a lock by force.
    var quarrel = 0.05
    /// How often a lock is made non-stealable.
    var stubborn = 0.1
    /// How often somebody checks out instead of locking.
    var copies = 0.12

    init(_ scenario: Scenario, documents: Int) {
        switch scenario {
        case .office, .outage:
            break
        case .conflict:
            (people, hands, arena) = (2, 3, 4)
            (step, pause, turns) = (4...20, 1...8, 2)
            (forget, quarrel, stubborn, copies) = (0, 0.6, 0.3, 0)
        case .abandoned:
            (people, step, pause) = (4, 60...240, 30...180)
            (forget, quarrel) = (0.5, 0)
        case .storm:
            (hands, turns) = (max(1, min(documents / 12, 8)), 2)
            (step, pause) = (0.5...4, 0.2...3)
        }
    }
}
