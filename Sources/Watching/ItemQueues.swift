// SPDX-License-Identifier: MIT
import Locks
import Synchronization

/// One queue for each item of a server: operations on one item, the program's own refreshes among them, never overlap,
/// and begin in the order in which they were asked for. A release takes waiting refreshes out, so that none of them can
/// bring a lock back that was just given up.
final class ItemQueues: Sendable {
    /// A place in the queue of one item.
    struct Place: Hashable, Sendable {
        let key: String
        let number: Int
    }

    /// How a wait in the queue ended.
    enum Turn: Sendable {
        /// It is this one's turn.
        case come
        /// A release came, so that there is nothing left to refresh.
        case takenOut
    }

    private struct Entry {
        let number: Int
        let operation: Operation
        var isTakenOut = false
        var waiter: CheckedContinuation<Turn, Never>?
    }

    private struct State {
        var lines: [String: [Entry]] = [:]
        var next = 0
        /// How many operations have ended, and for each item the number of its last.
        var ended = 0
        var lastEnd: [String: Int] = [:]

        func index(of place: Place) -> Int? { lines[place.key]?.firstIndex { $0.number == place.number } }
    }

    private let state = Mutex(State())

    /// Takes a place. What is asked for later comes later.
    func take(_ key: String, for operation: Operation) -> Place {
        let (place, dismissed) = state.withLock { state in
            state.next += 1
            var line = state.lines[key] ?? []
            var dismissed: [CheckedContinuation<Turn, Never>] = []
            if operation.isRelease {
                for index in line.indices.dropFirst() where line[index].operation == .refresh {
                    line[index].isTakenOut = true
                    if let waiter = line[index].waiter { dismissed.append(waiter) }
                    line[index].waiter = nil
                }
            }
            line.append(Entry(number: state.next, operation: operation))
            state.lines[key] = line
            return (Place(key: key, number: state.next), dismissed)
        }
        for waiter in dismissed { waiter.resume(returning: .takenOut) }
        return place
    }

    /// Waits until all that came before has ended.
    func turn(_ place: Place) async -> Turn {
        await withCheckedContinuation { continuation in
            let turn: Turn? = state.withLock { state in
                guard let index = state.index(of: place) else { return .takenOut }
                if state.lines[place.key]?[index].isTakenOut ?? true { return .takenOut }
                if index == 0 { return .come }
                state.lines[place.key]?[index].waiter = continuation
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    /// Leaves the queue: the next one's turn comes.
    func leave(_ place: Place) {
        let waiter: CheckedContinuation<Turn, Never>? = state.withLock { state in
            guard let index = state.index(of: place) else { return nil }
            state.lines[place.key]?.remove(at: index)
            state.ended += 1
            state.lastEnd[place.key] = state.ended
            guard index == 0, let next = state.lines[place.key]?.first else {
                if state.lines[place.key]?.isEmpty ?? true { state.lines[place.key] = nil }
                return nil
            }
            state.lines[place.key]?[0].waiter = nil
            return next.waiter
        }
        waiter?.resume(returning: .come)
    }

    /// How many operations have ended so far.
    var ended: Int { state.withLock(\.ended) }

    /// Whether an operation on that item has ended since so many had.
    func hasEnded(_ key: String, since ended: Int) -> Bool { state.withLock { ($0.lastEnd[key] ?? 0) > ended } }
}

extension Operation {
    /// Whether it gives an item back, so that a refresh has nothing left to do.
    fileprivate var isRelease: Bool { [.unlock, .forceUnlock, .checkIn, .discard].contains(self) }
}
