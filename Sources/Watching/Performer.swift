// SPDX-License-Identifier: MIT
public import FoundationEssentials
import HTTP
public import Locks

/// Carries out operations on one server: reads before, acts, reads after, and judges by what the readings show.
/// The dashboard and the command line go through here alike; nothing else sends a change.
public struct Performer: Sendable {
    /// The configured name of the server.
    public let server: String
    /// Whether nothing may be changed: then no changing request is ever made.
    public let isReadOnly: Bool

    private let system: any LockSystem
    private let journal: any Journal
    private let time: TimeSource
    private let queues = ItemQueues()

    /// A wish that has its place in the queue of its item.
    public struct Order: Sendable {
        let wish: Wish
        let name: String
        let place: ItemQueues.Place
    }

    /// What an attempt showed: the result, and the item as it was read last.
    public struct Performance: Sendable {
        /// How it ended.
        public let result: OperationResult
        /// The item as it was read last, where it could be read.
        public let row: Row?
        /// Whether a reading shows that the item is gone.
        public let isGone: Bool
        /// Seconds after which the server wants to be asked again, where it said so.
        public var retryAfter: Double?
    }

    /// A performer for one server.
    public init(
        server: String, system: any LockSystem, journal: any Journal, isReadOnly: Bool,
        now: @escaping @Sendable () -> Date
    ) {
        self.init(
            server: server, system: system, journal: journal, isReadOnly: isReadOnly,
            time: TimeSource(now: TimeSource.machine.now, wall: now, sleep: TimeSource.machine.sleep))
    }

    init(server: String, system: any LockSystem, journal: any Journal, isReadOnly: Bool, time: TimeSource) {
        self.server = server
        self.system = system
        self.journal = journal
        self.isReadOnly = isReadOnly
        self.time = time
    }

    /// Puts a wish into the queue of its item: orders begin in the order in which they were taken.
    public func take(_ wish: Wish, on name: String) -> Order {
        Order(wish: wish, name: name, place: queues.take(name, for: wish.operation))
    }

    /// Does what is wished on the item of that id or path.
    public func perform(_ wish: Wish, on name: String) async -> Performance { await perform(take(wish, on: name)) }

    /// Does what was ordered, once all that was ordered before on the same item has ended.
    public func perform(_ order: Order) async -> Performance {
        defer { queues.leave(order.place) }
        guard case .come = await queues.turn(order.place) else { return Self.end(Self.takenOut, order, on: server) }
        return await Limited.$isUrgent.withValue(true) { await attempt(order) }
    }

    private static let takenOut = Judgement(
        .refused, .cancelled, "It was given back before its turn came: there is nothing left to refresh.")

    private static func end(
        _ judgement: Judgement, _ order: Order, on server: String, _ row: Row? = nil, isGone: Bool = false
    ) -> Performance {
        let item = row?.item
        let result = OperationResult(
            ref: ItemRef(server: server, id: item?.id ?? order.name), path: item?.path ?? order.name,
            operation: order.wish.operation, outcome: judgement.outcome, reason: judgement.reason, why: judgement.why,
            before: row?.lock, after: judgement.outcome == .planned ? nil : row?.lock)
        return Performance(result: result, row: row, isGone: isGone)
    }

    private func attempt(_ order: Order) async -> Performance {
        let wish = order.wish
        func end(_ judgement: Judgement, _ row: Row? = nil, isGone: Bool = false) -> Performance {
            Self.end(judgement, order, on: server, row, isGone: isGone)
        }
        if isReadOnly, !wish.isRehearsal {
            return end(Judgement(.refused, .readOnly, "\(server) is read-only here: nothing was sent."))
        }
        var before: Row?
        var second: ItemQueues.Place?
        defer { if let second { queues.leave(second) } }
        do {
            let signIn = try await system.signIn()
            let offer = signIn.operations[wish.operation]
            guard offer.isOffered else {
                let reason: Reason = signIn.account.id == nil ? .signIn : .unsupported
                return end(Judgement(.refused, reason, offer.why ?? "\(server) has no such operation."))
            }
            var askedAt = time.now()
            let ended = queues.ended
            var row = aged(try await target(of: wish, named: order.name))
            // The same item may have been named otherwise: by its path, or by its working copy.
            if row.item.id != order.name {
                let place = queues.take(row.item.id, for: wish.operation)
                second = place
                guard case .come = await queues.turn(place) else { return end(Self.takenOut, row) }
                if queues.hasEnded(row.item.id, since: ended) {
                    askedAt = time.now()
                    row = aged(try await target(of: wish, named: order.name))
                }
            }
            before = row
            if let judgement = wish.judge(before: row) { return end(judgement, row) }
            if wish.isRehearsal { return end(Judgement(.planned), row) }
            // Up to here nothing was sent, so giving up costs nothing.
            try Task.checkCancellation()
            return try await act(wish, on: row, askedAt: askedAt, account: signIn.account)
        } catch {
            let failure = Self.lockError(error, server: server)
            var performance = end(Judgement(failure), before, isGone: failure.code == .gone)
            performance.retryAfter = failure.retryAfter
            return performance
        }
    }

    // Checking a working copy in or discarding it is an operation on the original, which is what is held.
    private func target(of wish: Wish, named name: String) async throws -> Row {
        let row = try await system.find(name)
        guard wish.operation.isAboutOriginal, let original = row.item.workingCopyOf, row.lock == nil else { return row }
        return try await system.find(original)
    }

    // A result tells the same age of a lock as the table does.
    private func aged(_ row: Row) -> Row {
        Listing.aged(row, server: server, journal: journal, now: time.wall())
    }

    private func act(
        _ wish: Wish, on before: Row, askedAt: ContinuousClock.Instant, account: Account
    ) async throws -> Performance {
        let ref = ItemRef(server: server, id: before.item.id)
        let record = AuditEntry(
            at: time.wall(), ref: ref, path: before.item.path, operation: wish.operation, account: account.id,
            before: before.lock, reason: wish.reason)
        var entry: Int64 = 0
        var unwritten: String?
        do {
            entry = try await journal.begin(record)
        } catch {
            let cause = Self.lockError(error, server: server)
            guard record.mayGoUnwritten else {
                let why = "It can't be written down, so nothing was sent. \(cause.description)"
                let result = OperationResult(
                    ref: ref, path: before.item.path, operation: wish.operation, outcome: .refused,
                    reason: .unsupported, why: why, before: before.lock, after: before.lock)
                return Performance(result: result, row: before, isGone: false)
            }
            unwritten = "It was not written down. \(cause.description)"
        }
        // From here on the operator's impatience must not cut the answer off: what was sent is followed to its end.
        let (answer, sentAt, after) = await Task.detached { [self] in
            await Limited.$isUrgent.withValue(true) {
                let answer = await send(wish, before)
                return (answer, time.now(), await look(at: before.item))
            }
        }.value
        let (failure, receipt) = (answer.failure, try? answer.get())
        let judgement = wish.judge(before: before, failure: failure, after: after)
        let row = (try? after.get()).map(aged)
        let result = OperationResult(
            ref: ref, path: before.item.path, operation: wish.operation, outcome: judgement.outcome,
            reason: judgement.reason,
            why: [
                explain(judgement, before.lock, sentAt - askedAt), shortened(judgement, receipt, wish),
                receipt?.remark ?? "",
                unwritten ?? "",
            ]
            .filter { !$0.isEmpty }.joined(separator: " "),
            before: before.lock, after: row?.lock)
        await journal.complete(entry, with: result, at: time.wall())
        var isGone = false
        if case .failure(let error) = after { isGone = error.code == .gone }
        return Performance(result: result, row: row, isGone: isGone, retryAfter: failure?.retryAfter)
    }

    private func send(_ wish: Wish, _ row: Row) async -> Result<Receipt, LockError> {
        let item = row.item
        do {
            let receipt: Receipt
            switch (wish.operation, wish.target(in: row.reading)) {
            case (.lock, _): receipt = try await capable((any Locking).self).lock(item, wish.options)
            case (.unlock, let held?): receipt = try await capable((any Locking).self).unlock(item, held: held)
            case (.refresh, let held?): receipt = try await capable((any Refreshing).self).refresh(item, held: held)
            // What ends a check-out is discarding it, whoever has it.
            case (.forceUnlock, let seen?) where seen.isCopy:
                receipt = try await capable((any CheckingOut).self).discard(item, held: seen)
            case (.forceUnlock, let seen?):
                receipt = try await capable((any ForceUnlocking).self).forceUnlock(item, seen: seen)
            case (.checkOut, _): receipt = try await capable((any CheckingOut).self).checkOut(item)
            case (.checkIn, let held?):
                receipt = try await capable((any CheckingOut).self).checkIn(item, held: held, comment: wish.comment)
            case (.discard, let held?): receipt = try await capable((any CheckingOut).self).discard(item, held: held)
            case (_, nil): return .failure(LockError(.conflict, "\(item.path) is free."))
            }
            return .success(receipt)
        } catch is CancellationError {
            return .failure(
                LockError(.cancelled, "It was stopped while the server had it.", mayHaveHappened: true))
        } catch {
            return .failure(Self.lockError(error, server: server))
        }
    }

    private func capable<Capability>(_ type: Capability.Type) throws -> Capability {
        guard let system = system as? Capability else {
            throw LockError(.unsupported, "\(server) has no such operation.")
        }
        return system
    }

    private func look(at item: Item) async -> Result<Row, LockError> {
        // A lost answer is often the start of a bad minute: three looks, so that "unverified" is the exception.
        var result: Result<Row, LockError> = .failure(LockError(.unreachable, "\(server) was not read."))
        for attempt in 0..<3 {
            do {
                result = try await system.read([item]).first ?? result
            } catch {
                result = .failure(Self.lockError(error, server: server))
            }
            guard case .failure(let failure) = result, failure.isPassing, attempt < 2 else { break }
            let pause = max(0.3 * Double(1 << attempt), failure.retryAfter ?? 0)
            // Who has to wait longer than a person does is not asked again: the operation is told as unverified.
            guard pause <= 5 else { break }
            try? await time.sleep(time.now().advanced(by: .seconds(pause)))
        }
        return result
    }

    private func explain(_ judgement: Judgement, _ before: Lock?, _ window: Duration) -> String {
        guard judgement.outcome == .done || judgement.reason == .changed, let before, !before.holder.isMe,
            // A lock that was named by its id can't have been another.
            before.serverID == nil
        else {
            return judgement.why
        }
        let milliseconds = max(1, Int(window / .milliseconds(1)))
        let text =
            "It was read \(milliseconds) ms before; whether another lock took its place in that time can't be known."
        return judgement.why.isEmpty ? text : "\(judgement.why) \(text)"
    }

    private func shortened(_ judgement: Judgement, _ receipt: Receipt?, _ wish: Wish) -> String {
        guard judgement.outcome == .done, let asked = wish.options.timeout, let granted = receipt?.granted,
            granted < asked
        else { return "" }
        return "The server granted \(granted) seconds, not the \(asked) that were asked for."
    }

    /// Any error in the contract's words.
    public static func lockError(_ error: any Error, server: String) -> LockError {
        switch error {
        case let error as LockError: error
        case let error as TransportError:
            LockError(.unreachable, "\(server): \(error.message)", mayHaveHappened: !error.surelyNotSent)
        case is CancellationError: LockError(.cancelled, "It was stopped.")
        default: LockError(.nonsense, "\(server) could not be understood.", mayHaveHappened: true)
        }
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}
