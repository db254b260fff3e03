// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Watching

extension Clause {
    static let listing: [Clause] = [
        Clause("A listing of several pages is complete, has no doubles, and shows who holds what") { server in
            let client = try await server.client(.first)
            let other = try await server.client(.second)
            let least = try await server.fillListing()
            let item = try await server.addItem(titled: "In the listing")
            let lock = try await occupy(item, by: other)
            _ = try await client.system.signIn()
            let (rows, isCut, _) = try await Listing.rows(
                of: client.system, server: "contract", limit: 100_000, width: 4, journal: ForgetfulJournal(),
                now: client.now())
            try promise(!isCut, "the listing is whole")
            try promise(rows.count > least, "\(rows.count) rows are more than \(least)")
            try promise(Set(rows.map(\.item.id)).count, is: rows.count, "different rows")
            let id = try await client.row(item).item.id
            guard let row = rows.first(where: { $0.item.id == id }) else {
                throw Broken(description: "The listing lacks \(item).")
            }
            let seen = row.reading.state == .unknown ? try await client.row(item) : row
            try promise(seen.lock?.identity, is: lock.identity, "the lock in the listing")
            try promise(seen.lock?.holder.isMe, is: false, "whose lock it is")
            try promise(seen.item.title, is: "In the listing", "the title in the listing")
        },
        Clause("Many items are read with few requests, one result for each and in order") { server in
            let client = try await server.client(.first)
            var items: [Item] = []
            for number in 0..<12 {
                let name = try await server.addItem(titled: "Number \(number)")
                items.append(try await client.row(name).item)
            }
            try await occupy(items[5].path, by: client)
            try await server.remove(items[7].path)
            client.wire.forget()
            let results = try await client.system.read(items.reversed())
            try promise(results.count, is: 12, "results of 12 items")
            for (item, result) in zip(items.reversed(), results) {
                if item == items[7], server.knowsFiles {
                    guard case .failure(let error) = result, error.code == .gone else {
                        throw Broken(description: "A deleted item was read as \(result).")
                    }
                    continue
                }
                let row = try result.get()
                try promise(row.item.id, is: item.id, "item in its place")
                try promise(row.reading.state, is: item == items[5] ? .held : .free, "state of \(item.title)")
            }
            let perRequest = server.readsSingly ? 1 : client.system.itemsPerRead
            let most = 1 + (12 + perRequest - 1) / perRequest
            try promise(
                client.wire.requests.count <= most, "\(client.wire.requests.count) requests are \(most) at most")
        },
        Clause("Hostile text comes through as it is: cleaning it is not the protocol's business") { server in
            let title = "\u{1B}[31m\u{202E}evil\u{202C} <b>&amp; %s \u{200D}\u{9B} 🔒 \"quoted\" \\ {}"
            let client = try await server.client(.first)
            let item = try await server.addItem(titled: title)
            let row = try await client.row(item)
            try promise(Array(row.item.title.unicodeScalars), is: Array(title.unicodeScalars), "the title")
            try await occupy(item, by: client)
            try promise(try await client.system.read([row.item])[0].get().item.title, is: title, "the title when held")
        },
    ]
}
