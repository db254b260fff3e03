// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

extension Clause {
    static let taking: [Clause] = [
        Clause("A free item is locked, mine, unlocked and free again, with an event for each") { server in
            let mine = try await server.client(.first)
            let item = try await server.addItem(titled: "Minutes")
            guard try await offered([.lock, .unlock], mine, item) else { return }
            let free = try await mine.row(item)
            try promise(free.reading.state, is: .free, "state of a new item")
            let locked = await mine.perform(.lock, item)
            try expect(locked, .done, nil, exit: 0)
            let held = try await mine.row(item)
            try expectMine(held, mine, at: mine.now())
            let taken = LockEvent.between(free.reading, held, on: "contract", at: mine.now())
            try promise(taken?.kind, is: .locked, "event of a lock")
            try expect(await mine.perform(.lock, item), .unchanged, .already, exit: 0)
            try expect(await mine.perform(.unlock, item), .done, nil, exit: 0)
            let again = try await mine.row(item)
            try promise(again.reading.state, is: .free, "state after unlocking")
            let released = LockEvent.between(held.reading, again, on: "contract", at: mine.now())
            try promise(released?.kind, is: .released, "event of an unlock")
            try expect(await mine.perform(.unlock, item), .unchanged, .already, exit: 0)
        },
        Clause("Another's lock is a conflict that names the holder, and neither locking nor unlocking touches it") {
            server in
            let holder = try await server.client(.first)
            let other = try await server.client(.second)
            let item = try await server.addItem(titled: "Contract")
            let lock = try await occupy(item, by: holder)
            _ = try await other.row(item)
            other.wire.forget()
            for operation in [Operation.lock, .unlock, .refresh, .checkOut, .checkIn, .discard]
            where other.offers(operation) {
                let result = await other.perform(operation, item)
                try expect(result, .refused, .conflict, exit: 75)
                try promise(result.after?.holder.id, is: lock.holder.id, "holder named by \(line(result))")
                try promise(result.after?.holder.isMe, is: false, "isMe of \(line(result))")
            }
            try promise(other.wire.changes.count, is: 0, "changes sent against another's lock")
            let after = try await holder.row(item)
            try promise(after.lock?.identity, is: lock.identity, "the lock afterwards")
            try promise(after.lock?.expires, is: lock.expires, "when the lock ends")
        },
        Clause("Of two that lock at once exactly one wins, and the other is told who") { server in
            let item = try await server.addItem(titled: "Race")
            let both = [try await server.client(.first), try await server.client(.second)]
            for client in both { _ = try await client.row(item) }
            // Both have read it as free before either asks for it.
            let gate = Gate(for: both.count)
            for client in both {
                client.wire.bendChanges { request, next in
                    await gate.pass()
                    return try await next(request)
                }
            }
            let operation: Operation = both[0].offers(.lock) ? .lock : .checkOut
            let results = await withTaskGroup(of: OperationResult.self) { group in
                for client in both { group.addTask { await client.perform(operation, item) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let winners = results.filter { $0.outcome == .done }
            try promise(winners.count, is: 1, "winners of \(results.map(line))")
            guard let loser = results.first(where: { $0.outcome != .done }) else { return }
            try expect(loser, .refused, .conflict, exit: 75)
            try promise(loser.after?.holder.id, is: winners.first?.after?.holder.id, "winner that the loser is told")
        },
        Clause("What somebody may not do is forbidden, and sign-in is not asked for again") { server in
            let outsider = try await server.client(.outsider)
            let item = try await server.addItem(titled: "Public")
            _ = try await outsider.row(item)
            outsider.wire.forget()
            let operation: Operation = outsider.offers(.lock) ? .lock : .checkOut
            try expect(await outsider.perform(operation, item), .refused, .forbidden, exit: 77)
            try promise(try await outsider.row(item).reading.state, is: .free, "state after a refused lock")
        },
        Clause("Nobody can do anything, and nothing is sent to find that out") { server in
            let nobody = try await server.client(.nobody)
            let item = try await server.addItem(titled: "Notice")
            _ = try await nobody.system.signIn()
            nobody.wire.forget()
            for operation in Operation.allCases {
                let result = await nobody.perform(operation, item)
                try promise(result.outcome, is: .refused, line(result))
                try promise([.signIn, .unsupported].contains(result.reason), "\(line(result)) names the sign-in")
            }
            try promise(nobody.wire.changes.count, is: 0, "changes sent as nobody")
        },
        Clause("Where nothing may be changed no request is made") { server in
            let client = try await server.client(.first, ClientSettings(isReadOnly: true))
            let item = try await server.addItem(titled: "Archive")
            for operation in Operation.allCases {
                try expect(await client.perform(operation, item), .refused, .readOnly, exit: 77)
            }
            try promise(client.wire.requests.count, is: 0, "requests of a client that is read-only")
        },
        Clause("What is not offered is refused without a request, and says why") { server in
            let client = try await server.client(.first)
            let item = try await server.addItem(titled: "Plan")
            for operation in Operation.allCases where !client.offers(operation) {
                try await refusedUnasked(operation, client, item)
                let why = client.system.operations[operation].why
                try promise(!(why ?? "").isEmpty, "\(operation) says why it is not offered")
            }
        },
        Clause("A rehearsal changes nothing") { server in
            let client = try await server.client(.first)
            let item = try await server.addItem(titled: "Rehearsal")
            let operation: Operation = client.offers(.lock) ? .lock : .checkOut
            try expect(await client.perform(Wish(operation, isRehearsal: true), item), .planned, nil, exit: 0)
            try promise(client.wire.changes.count, is: 0, "changes of a rehearsal")
            try promise(try await client.row(item).reading.state, is: .free, "state after a rehearsal")
        },
    ]

    private static func expectMine(_ row: Row, _ client: Client, at now: Date) throws {
        guard let lock = row.lock else { throw Broken(description: "The item that was locked is not held.") }
        try promise(row.reading.state, is: .held, "state after locking")
        try promise(lock.kind, is: .lock, "kind of a lock")
        try promise(lock.holder.isMe, "my lock is mine")
        if let since = lock.since { try promise(abs(since.timeIntervalSince(now)) < 5, "\(since) is just now, \(now)") }
        guard let expires = lock.expires, let timeout = lock.timeout else { return }
        let left = expires.timeIntervalSince(now)
        try promise(abs(left - Double(timeout)) < 5, "\(left) s are left of \(timeout)")
    }
}
