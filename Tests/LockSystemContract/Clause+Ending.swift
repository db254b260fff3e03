// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

extension Clause {
    static let refreshing: [Clause] = [
        Clause("A refresh prolongs my lock, and is refused for what is free, gone or another's") { server in
            let mine = try await server.client(.first)
            let other = try await server.client(.second)
            let item = try await server.addItem(titled: "Handbook")
            guard try await offered([.lock, .refresh], mine, item) else { return }
            try expect(await mine.perform(.refresh, item), .refused, .notHeld, exit: 1)
            let lock = try await occupy(item, by: mine)
            let result = await mine.perform(.refresh, item)
            try expect(result, .done, nil, exit: 0)
            try promise(result.after?.identity, is: lock.identity, "the lock that was refreshed")
            let before = lock.expires ?? .distantPast
            try promise((result.after?.expires ?? .distantFuture) >= before, "a refresh does not make it end earlier")
            if other.offers(.forceUnlock), server.letsOthersForce {
                let row = try await mine.row(item)
                try expect(await other.perform(.forceUnlock, item), .done, nil, exit: 0)
                // As from a stale reading: the lock that is to be refreshed is no longer there.
                let judged = Wish(.refresh).judge(before: row, failure: nil, after: .success(try await mine.row(item)))
                try promise(judged.reason, is: .lost, "refresh of a lock that is gone")
                try expect(await mine.perform(.refresh, item), .refused, .notHeld, exit: 1)
            }
        },
        Clause("A lock that has run out is gone by the server's word, and another can take the item") { server in
            let mine = try await server.client(.first)
            let other = try await server.client(.second)
            let item = try await server.addItem(titled: "Holiday plan")
            guard try await offered([.lock], mine, item) else { return }
            let options = LockOptions(timeout: server.shortTimeout)
            try expect(await mine.perform(Wish(.lock, options: options), item), .done, nil, exit: 0)
            let before = try await mine.row(item)
            guard let expires = before.lock?.expires else { return }
            try await server.pass(expires.timeIntervalSince(mine.now()) + 1)
            let after = try await mine.row(item)
            try promise(after.reading.state, is: .free, "state after the time has run out")
            let event = LockEvent.between(before.reading, after, on: "contract", at: mine.now())
            try promise(event?.kind, is: .expired, "event when the time has run out")
            try expect(await other.perform(.lock, item), .done, nil, exit: 0)
        },
        Clause("When a lock ends is told right, however wrong this machine's clock is") { server in
            for ahead in [-3600.0, 3600.0] {
                let client = try await server.client(.first, ClientSettings(clockAhead: ahead))
                let item = try await server.addItem(titled: "Clock \(Int(ahead))")
                let lock = try await occupy(item, by: client)
                if let since = lock.since {
                    let age = client.now().timeIntervalSince(since)
                    try promise(abs(age) < 5, "a lock is new, not \(age) s old, with a clock \(ahead) s ahead")
                }
                guard let expires = lock.expires, let timeout = lock.timeout else { continue }
                let left = expires.timeIntervalSince(client.now())
                try promise(abs(left - Double(timeout)) < 5, "\(left) s of \(timeout) are left, clock \(ahead) s ahead")
            }
        },
    ]

    static let ending: [Clause] = [
        Clause("Force ends another's lock, and the other's next step is told so") { server in
            let holder = try await server.client(.first)
            let other = try await server.client(.second)
            let item = try await server.addItem(titled: "Budget")
            guard try await offered([.lock, .forceUnlock], other, item) else { return }
            let lock = try await occupy(item, by: holder)
            let result = await other.perform(
                Wish(.forceUnlock, expectedHolder: lock.holder.id, expecting: .lock(lock.identity)), item)
            guard server.letsOthersForce else {
                try expect(result, .refused, .forbidden, exit: 77)
                try promise(try await holder.row(item).lock?.identity, is: lock.identity, "the lock afterwards")
                return
            }
            try expect(result, .done, nil, exit: 0)
            try promise(result.before?.identity, is: lock.identity, "the lock that was ended")
            try promise(try await holder.row(item).reading.state, is: .free, "state after force")
            try expect(await holder.perform(.unlock, item), .unchanged, .already, exit: 0)
            try expect(await other.perform(.forceUnlock, item), .unchanged, .already, exit: 0)
        },
        Clause("Force is refused for a lock or holder that was not meant, and nothing is sent") { server in
            let holder = try await server.client(.first)
            let other = try await server.client(.second)
            let item = try await server.addItem(titled: "Interview")
            guard try await offered([.lock, .forceUnlock], other, item) else { return }
            let lock = try await occupy(item, by: holder)
            let wishes = [
                Wish(.forceUnlock, expecting: .lock(LockIdentity(of: "another"))),
                Wish(.forceUnlock, expectedHolder: "somebody-else"),
            ]
            for wish in wishes {
                try expect(await other.perform(wish, item), .refused, .changed, exit: 1)
            }
            try promise(other.wire.changes.count, is: 0, "changes for a lock that was not meant")
            try promise(try await holder.row(item).lock?.identity, is: lock.identity, "the lock afterwards")
        },
        Clause("Force by somebody who may not is refused, and the lock stays") { server in
            let holder = try await server.client(.first)
            let outsider = try await server.client(.outsider)
            let item = try await server.addItem(titled: "Prices")
            guard try await offered([.lock, .forceUnlock], outsider, item) else { return }
            let lock = try await occupy(item, by: holder)
            try expect(await outsider.perform(.forceUnlock, item), .refused, .forbidden, exit: 77)
            try promise(try await holder.row(item).lock?.identity, is: lock.identity, "the lock afterwards")
        },
    ]

    static let checkingOut: [Clause] = [
        Clause("A check-out is mine, can't be refreshed or locked over, and ends by check-in or discard") { server in
            let mine = try await server.client(.first)
            let item = try await server.addItem(titled: "Draft")
            guard try await offered([.checkOut, .checkIn, .discard], mine, item) else { return }
            for ending in [Operation.checkIn, .discard] {
                try expect(
                    await mine.perform(ending, item), ending == .checkIn ? .refused : .unchanged,
                    ending == .checkIn ? .notHeld : .already)
                let free = try await mine.row(item)
                let result = await mine.perform(.checkOut, item)
                try expect(result, .done, nil, exit: 0)
                try promise([.checkout, .workingCopy].contains(result.after?.kind), "\(line(result)) is a check-out")
                try promise(result.after?.holder.isMe ?? false, "\(line(result)) is mine")
                let held = try await mine.row(item)
                let event = LockEvent.between(free.reading, held, on: "contract", at: mine.now())
                try promise(event?.kind, is: .checkedOut, "event of a check-out")
                try expect(await mine.perform(.checkOut, item), .unchanged, .already, exit: 0)
                try promise(await mine.perform(.lock, item).outcome, is: .refused, "lock over a check-out")
                try promise(await mine.perform(.refresh, item).outcome, is: .refused, "refresh of a check-out")
                try promise(await mine.perform(.unlock, item).outcome, is: .refused, "unlock of a check-out")
                try expect(await mine.perform(Wish(ending, comment: "Agreed"), item), .done, nil, exit: 0)
                try promise(try await mine.row(item).reading.state, is: .free, "state after \(ending)")
            }
        },
        Clause("Another's check-out is discarded only by whoever says so") { server in
            let holder = try await server.client(.first)
            let boss = try await server.client(.administrator)
            let item = try await server.addItem(titled: "Press release")
            guard try await offered([.checkOut, .discard], holder, item) else { return }
            try expect(await holder.perform(.checkOut, item), .done, nil, exit: 0)
            try expect(await boss.perform(.discard, item), .refused, .conflict, exit: 75)
            try expect(await boss.perform(.checkIn, item), .refused, .conflict, exit: 75)
            try promise(boss.wire.changes.count, is: 0, "changes against another's check-out")
            for operation in [Operation.forceUnlock, .discard] where boss.offers(operation) {
                if try await holder.row(item).lock == nil {
                    try expect(await holder.perform(.checkOut, item), .done, nil, exit: 0)
                }
                guard let shown = try await boss.row(item).lock else { return }
                let wish = Wish(operation, expecting: .lock(shown.identity), mayTakeFromOthers: true)
                let result = await boss.perform(wish, item)
                try expect(result, .done, nil, exit: 0)
                try promise(result.operation, is: operation, "the word that was asked for")
                try promise(try await holder.row(item).reading.state, is: .free, "state after \(operation)")
                try expect(await boss.perform(Wish(operation, expecting: .free), item), .unchanged, .already, exit: 0)
            }
        },
        Clause("A lock of mine is not exchanged for a check-out in silence") { server in
            let mine = try await server.client(.first)
            let item = try await server.addItem(titled: "Terms")
            guard try await offered([.lock, .checkOut], mine, item) else { return }
            let lock = try await occupy(item, by: mine)
            try expect(await mine.perform(.checkOut, item), .refused, .conflict, exit: 75)
            try expect(await mine.perform(.checkIn, item), .refused, .notHeld, exit: 1)
            try promise(try await mine.row(item).lock?.identity, is: lock.identity, "the lock afterwards")
        },
    ]
}
