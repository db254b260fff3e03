// SPDX-License-Identifier: MIT
import HTTP
import Locks
import Watching

extension Clause {
    static let oddities: [Clause] = [
        Clause("A title that is no text costs itself: its row is there, and the others are as they are") { server in
            guard server.hasTitles else { return }
            try await bent(server, mark: "Odd-One", bytes: server.written("Odd-One"), into: server.noText) {
                before, after, odd in
                try promise(
                    states(after.rows), is: states(before.rows), "rows and states with a title that is no text")
                try promise(after.rows.contains { $0.item.id == odd.item.id }, "the odd one has its row")
                try promise(after.lacks, is: before.lacks, "what is left out with a title that is no text")
                let row = after.rows.first { $0.item.id == odd.item.id }
                try promise(row?.item.title.contains("Odd-One") == false, "the odd title is gone from the answers")
            }
        },
        Clause("Half a character in a title is replaced, and hides nothing") { server in
            guard server.hasTitles else { return }
            try await bent(server, mark: "Half-One", bytes: "Half-One", into: server.halfCharacter) {
                before, after, odd in
                try promise(states(after.rows), is: states(before.rows), "rows and states with half a character")
                try promise(after.lacks, is: before.lacks, "what is left out with half a character")
                let row = after.rows.first { $0.item.id == odd.item.id }
                try promise(row?.item.title.contains("\u{FFFD}") ?? false, "half a character is replaced")
            }
        },
        Clause("A listing whose pages repeat comes to an end, and shows nothing twice") { server in
            let client = try await server.client(.first)
            _ = try await server.fillListing()
            _ = try await client.system.signIn()
            let wire = client.wire
            let last = LastAnswer()
            wire.bend { request, next in
                let answer = try await next(request)
                last.keep(answer)
                return answer
            }
            let page = try await client.system.items(after: nil)
            guard !page.following.isEmpty, let answer = last.answer else {
                throw Broken(description: "The listing has only one page.")
            }
            wire.bend { request, next in request.purpose == .read ? answer : try await next(request) }
            wire.forget()
            do {
                let rows = try await Listing.rows(
                    of: client.system, server: "contract", limit: 100_000, width: 4, journal: ForgetfulJournal(),
                    now: client.now()
                ).rows
                try promise(Set(rows.map(\.item.id)).count, is: rows.count, "different rows of repeating pages")
            } catch let error as LockError {
                try promise(!error.message.isEmpty, "repeating pages are explained")
            }
            let most = server.readsSingly ? 400 : 40
            try promise(wire.requests.count <= most, "\(wire.requests.count) requests for repeating pages are \(most)")
        },
        Clause("A kept sign-in serves the secret that it was made with, and no other") { server in
            let store = ContractStore()
            func client(_ secret: String?) async throws -> Client {
                try await server.client(.administrator, ClientSettings(secret: secret, store: store))
            }
            let account = try await client(nil).system.signIn().account
            let kept = store.all
            let wrong = try await client("another-secret")
            do {
                _ = try await wrong.system.signIn()
                throw Broken(description: "Another secret was let in.")
            } catch let error as LockError {
                try promise(error.code, is: .notSignedIn, "what another secret is")
            }
            for (key, text) in kept where !key.hasSuffix(" sign-ins") {
                try promise(store.token(for: key), is: text, "what is kept after another secret was tried")
                try promise(!text.contains("another-secret"), "no secret is kept")
            }
            try promise(try await client(nil).system.signIn().account, is: account, "who we are with the right one")
        },
        Clause("When signing in is answered oddly nobody is taken for somebody else, or for nobody") { server in
            for odd in ["{}", "[]", "null", "", #"{"token":7}"#, #"{"access_token":null}"#, "<html></html>"] {
                let client = try await server.client(.first)
                let item = try await server.addItem(titled: "Odd sign-in")
                let account = try await client.system.signIn().account
                client.wire.bend { request, next in
                    guard request.purpose == .signIn else { return try await next(request) }
                    return Response(status: 200, headers: ["Content-Type": "application/json"], body: Array(odd.utf8))
                }
                try await server.pass(100_000)
                do {
                    let later = try await client.system.signIn().account
                    try promise(later.id, is: account.id, "who we are after the odd answer \(odd)")
                    _ = try await client.system.find(item)
                } catch let error as LockError {
                    try promise(!error.message.isEmpty, "the odd answer \(odd) is explained")
                }
                client.wire.bend(nil)
            }
        },
    ]

    private static func states(_ rows: [Row]) -> [String: LockState] {
        rows.reduce(into: [:]) { $0[$1.item.id] = $1.reading.state }
    }

    private typealias List = (rows: [Row], isCut: Bool, lacks: LockError?)

    /// Lists a site with an item of that title, and again with these bytes bent in every answer.
    private static func bent(
        _ server: any ContractServer, mark: String, bytes: String, into other: String,
        _ check: (List, List, Row) throws -> Void
    ) async throws {
        let client = try await server.client(.first)
        for number in 0..<3 { _ = try await server.addItem(titled: "Plain \(number)") }
        let item = try await server.addItem(titled: mark)
        let odd = try await client.row(item)
        func list() async throws -> List {
            try await Listing.rows(
                of: client.system, server: "contract", limit: 100_000, width: 4, journal: ForgetfulJournal(),
                now: client.now())
        }
        let before = try await list()
        client.wire.bend { request, next in
            // What is bent is no longer what was told before, so nobody may say that it has not changed.
            var whole = request
            whole.headers["If-None-Match"] = nil
            var answer = try await next(whole)
            answer.body = Array(String(decoding: answer.body, as: UTF8.self).replacing(bytes, with: other).utf8)
            return answer
        }
        try check(before, try await list(), odd)
    }
}
