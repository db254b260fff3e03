// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension Clause {
    static let trouble: [Clause] = [
        Clause("Every request says what it is for: changes are called changes, and nothing else is") { server in
            let client = try await server.client(.first)
            let item = try await server.addItem(titled: "Purposes")
            _ = try await client.row(item)
            _ = try await client.system.items(after: nil)
            for operation in Operation.allCases where client.offers(operation) { await client.perform(operation, item) }
            try promise(!client.wire.changes.isEmpty, "something was changed")
            let reading: Set = ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"]
            for request in client.wire.requests {
                // Neither the verb alone nor the client's own word would do as a judge.
                let isChange = !reading.contains(request.method.rawValue) && !server.isSignIn(request)
                try promise(
                    (request.purpose == .change) == isChange,
                    "\(request.method.rawValue) \(request.url) is for what it says: \(request.purpose)")
            }
        },
        Clause("Whatever status a change is answered with, there is an outcome, and nothing is asked twice") { server in
            let client = try await server.client(.first)
            let item = try await server.addItem(titled: "Statuses")
            _ = try await client.row(item)
            let operation: Operation = client.offers(.lock) ? .lock : .checkOut
            for status in 400...599 {
                let body = status.isMultiple(of: 2) ? "<html>\(status)</html>" : "{}"
                client.wire.bendChanges { _, _ in Response(status: status, body: Array(body.utf8)) }
                client.wire.forget()
                let result = await client.perform(operation, item)
                try promise(
                    [.refused, .failed, .unverified].contains(result.outcome),
                    "\(status) is no success: \(line(result))")
                try promise(result.exitCode != 0, "\(status) has an exit code: \(line(result))")
                try promise(!result.why.isEmpty, "\(status) is explained: \(line(result))")
                // 401 says that nothing was done: once more after making sure who we are.
                let most = status == 401 ? 2 : 1
                try promise(
                    client.wire.changes.count <= most, "\(status) is asked once, not \(client.wire.changes.count)")
            }
            client.wire.bend(nil)
            try promise(try await client.row(item).reading.state, is: .free, "state after all that")
        },
        Clause("A lost answer is never asked for again: a reading tells what it was") { server in
            let client = try await server.client(.first)
            let other = try await server.client(.second)
            let item = try await server.addItem(titled: "Lost answers")
            func losing(_ operation: Operation, _ client: Client) async throws {
                guard client.offers(operation) else { return try await refusedUnasked(operation, client, item) }
                _ = try await client.row(item)
                client.wire.forget()
                client.wire.bendChanges { request, next in
                    _ = try await next(request)
                    throw TransportError(.connectionLost, "The connection was lost.", surelyNotSent: false)
                }
                let result = await client.perform(operation, item)
                client.wire.bend(nil)
                try promise(result.outcome, is: .done, line(result))
                try promise(client.wire.changes.count, is: 1, "requests for \(operation) whose answer was lost")
            }
            if client.offers(.lock) {
                try await losing(.lock, client)
                // Only a later end tells a refresh whose answer was lost.
                let ends = try await client.row(item).lock?.expires != nil
                if client.offers(.refresh), ends { try await server.pass(3) }
                if !client.offers(.refresh) || ends { try await losing(.refresh, client) }
                try await losing(.unlock, client)
                try await losing(.lock, client)
                if other.offers(.forceUnlock), server.letsOthersForce {
                    try await losing(.forceUnlock, other)
                } else {
                    try await losing(.unlock, client)
                }
            }
            guard client.offers(.checkOut) else { return }
            for operation in [Operation.checkOut, .checkIn, .checkOut, .discard] { try await losing(operation, client) }
        },
        Clause("A request that never reached the server has changed nothing, and is said to have failed") { server in
            let client = try await server.client(.first)
            let item = try await server.addItem(titled: "Cut off")
            _ = try await client.row(item)
            let operation: Operation = client.offers(.lock) ? .lock : .checkOut
            for isSurelyNotSent in [true, false] {
                client.wire.forget()
                client.wire.bendChanges { _, _ in
                    throw TransportError(.connectionLost, "The connection was lost.", surelyNotSent: isSurelyNotSent)
                }
                let result = await client.perform(operation, item)
                try expect(result, .failed, .unreachable, exit: 69)
                try promise(client.wire.changes.count, is: 1, "requests for a lock that never arrived")
            }
            client.wire.bend(nil)
            try promise(try await client.row(item).reading.state, is: .free, "state after all that")
        },
        Clause("When neither the answer comes nor a reading, nobody knows, and that is said") { server in
            let client = try await server.client(.first)
            let item = try await server.addItem(titled: "Dark")
            _ = try await client.row(item)
            client.wire.forget()
            let wire = client.wire
            wire.bend { request, next in
                guard !wire.changes.isEmpty, !wire.isChange(request) else {
                    guard wire.isChange(request) else { return try await next(request) }
                    _ = try await next(request)
                    throw TransportError(.connectionLost, "The connection was lost.", surelyNotSent: false)
                }
                throw TransportError(.refused, "Nobody listens there.", surelyNotSent: true)
            }
            let operation: Operation = client.offers(.lock) ? .lock : .checkOut
            let result = await client.perform(operation, item)
            try expect(result, .unverified, .unseen, exit: 1)
            try promise(wire.changes.count, is: 1, "requests for a lock that nobody knows of")
            wire.bend(nil)
        },
        Clause("An item that was deleted meanwhile is gone, for every operation") { server in
            let client = try await server.client(.first)
            let item = try await server.addItem(titled: "Deleted")
            let row = try await client.row(item)
            try await server.remove(item)
            guard server.knowsFiles else { return try await isFree(item, client) }
            for operation in Operation.allCases where client.offers(operation) {
                try expect(await client.perform(operation, item), .refused, .gone, exit: 1)
            }
            try promise(client.wire.changes.count, is: 0, "changes to an item that is gone")
            let read = try await client.system.read([row.item])
            try promise(read.count, is: 1, "results of one reading")
            guard case .failure(let error) = read[0] else { throw Broken(description: "A deleted item was read.") }
            try promise(error.code, is: .gone, "what a deleted item is")
        },
        Clause("An item deleted between reading and locking it is gone") { server in
            let client = try await server.client(.first)
            let item = try await server.addItem(titled: "Deleted in between")
            _ = try await client.row(item)
            guard server.knowsFiles else { return }
            client.wire.bendChanges { request, next in
                try await server.remove(item)
                return try await next(request)
            }
            let operation: Operation = client.offers(.lock) ? .lock : .checkOut
            try expect(await client.perform(operation, item), .refused, .gone, exit: 1)
        },
        Clause("What an account may not see is not there for it, and never free") { server in
            let item = try await server.addHiddenItem()
            let editor = try await server.client(.administrator)
            let row = try await editor.row(item)
            let outsider = try await server.client(.outsider)
            _ = try await outsider.system.signIn()
            do {
                let seen = try await outsider.system.find(item)
                try promise(seen.reading.state, is: .unknown, "state of what can't be seen")
            } catch let error as LockError {
                try promise([.gone, .forbidden].contains(error.code), "\(error.code) is what can't be seen")
            }
            let read = try await outsider.system.read([row.item])
            if case .success(let seen) = read[0] {
                try promise(seen.reading.state, is: .unknown, "state of what can't be seen")
            }
        },
    ]

    // Where files are not known, what is left of one that was deleted is its path.
    private static func isFree(_ item: String, _ client: Client) async throws {
        try promise(try await client.row(item).reading.state, is: .free, "state of a path without a file")
    }
}
