// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@Suite("Looking through a catalog")
struct SearchTests {
    private static let words = ["budget", "Über", "Agenda", "契約", "e\u{301}clair", "éclair", "Протокол", "x", "2026"]

    private func word(_ dice: inout Dice) -> String { Self.words.randomElement(using: &dice) ?? "" }

    private func catalog(_ count: Int, _ dice: inout Dice) -> Catalog {
        var catalog = Catalog()
        for number in 0..<count {
            let path = "/\(word(&dice))/\(word(&dice))-\(number)"
            var reading = Reading.known([], at: noon)
            if Int.random(in: 0..<3, using: &dice) == 0 {
                var lock = lock(of: word(&dice))
                lock.holder.isMe = Bool.random(using: &dice)
                lock.holder.name = word(&dice)
                lock.since = noon - Double.random(in: 0...100_000, using: &dice)
                reading = .known([lock], at: noon)
            } else if Int.random(in: 0..<5, using: &dice) == 0 {
                reading = .never.failed("no")
            }
            catalog.put(
                Row(
                    item: Item(id: "\(number)", path: path, title: word(&dice) + " " + word(&dice), type: word(&dice)),
                    reading: reading))
        }
        for number in 0..<count where number.isMultiple(of: 17) { catalog.remove("\(number)") }
        return catalog
    }

    private func term(_ dice: inout Dice) -> String {
        let part = String(word(&dice).dropFirst(Int.random(in: 0..<2, using: &dice)).prefix(4))
        let terms = [
            part, part, "title:\(part)", "holder:\(part)", "holder:me", "path:/\(word(&dice))", "type:\(part)",
            "state:held", "state:free", "state:unknown", "state:mine", "state:others", "state:stale", "older:8h",
            "newer:2h", "kind:lock", "server:s", "server:t",
        ]
        return (Bool.random(using: &dice) ? "-" : "") + (terms.randomElement(using: &dice) ?? "x")
    }

    @Test(
        "It finds what asking each row finds, whatever is asked, and the same again among what was known",
        arguments: 0..<6)
    func likeAskingEach(_ seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        let catalog = catalog(1_100, &dice)
        let context = Query.Context(server: "s", now: noon, staleness: Staleness(after: 3_600))
        for _ in 0..<25 {
            let text = (0..<Int.random(in: 0...3, using: &dice)).map { _ in term(&dice) }.joined(separator: " ")
            let query = try Query(text)
            let hits = Search(query, in: context).hits(in: catalog)
            var wrong: [String] = []
            for id in catalog.ids() {
                let row = try #require(catalog[id])
                if hits[id] != query.matches(row, in: context) { wrong.append(row.item.path) }
                if hits[id] != Search(query, in: context).finds(id, in: catalog) {
                    wrong.append("one: \(row.item.path)")
                }
            }
            #expect(wrong.isEmpty, "\(text)")
            #expect(hits.count == catalog.ids().count { hits[$0] })
            let narrower = try Query(text + " " + term(&dice))
            #expect(narrower.isWithin(query))
            #expect(
                Search(narrower, in: context).hits(in: catalog, among: hits)
                    == Search(narrower, in: context).hits(in: catalog), "\(text)")
        }
    }

    @Test("A word that begins at the end of one row and ends at the beginning of the next stands in neither")
    func betweenRows() throws {
        var catalog = Catalog()
        for number in 0..<200 {
            catalog.put(Row(item: Item(id: "\(number)", path: "/d", title: "T1"), reading: .known([], at: noon)))
        }
        let context = Query.Context(server: "s", now: noon, staleness: Staleness())
        #expect(Search(try Query("t1/d"), in: context).hits(in: catalog).count == 0)
        #expect(Search(try Query("t1"), in: context).hits(in: catalog).count == 200)
    }

    @Test("A search whose task is called off goes through no more rows")
    func calledOff() async throws {
        var catalog = Catalog()
        for number in 0..<2_000 {
            catalog.put(Row(item: Item(id: "\(number)", path: "/d", title: "T1"), reading: .known([], at: noon)))
        }
        let search = Search(try Query("t1"), in: Query.Context(server: "s", now: noon, staleness: Staleness()))
        let found = await Task { [catalog] in
            let before = search.hits(in: catalog).count
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return [before, search.hits(in: catalog).count]
        }.value
        #expect(found == [2_000, 0])
    }

    @Test("A longer word is within a shorter one; another word, or one that must not match, is not")
    func within() throws {
        func isWithin(_ one: String, _ other: String) throws -> Bool { try Query(one).isWithin(try Query(other)) }
        #expect(try isWithin("budget", "budg") && isWithin("budget holder:bob", "udge") && isWithin("a b", ""))
        #expect(try !isWithin("budg", "budget") && !isWithin("-budget", "-budg") && !isWithin("x", "budget"))
        #expect(try !isWithin("holder:me", "holder:m") && isWithin("title:abc", "ab"))
    }

    @Test("A letter is found however it is spelt, as one sign or as a letter and its accent")
    func spelling() throws {
        var catalog = Catalog()
        catalog.put(Row(item: Item(id: "1", path: "/caf\u{E9}", title: ""), reading: .known([], at: noon)))
        catalog.put(Row(item: Item(id: "2", path: "/cafe\u{301}", title: ""), reading: .known([], at: noon)))
        let context = Query.Context(server: "s", now: noon, staleness: Staleness())
        for word in ["caf\u{E9}", "cafe\u{301}", "CAF\u{C9}", "path:/cafe\u{301}"] {
            #expect(Search(try Query(word), in: context).hits(in: catalog).count == 2, "\(word)")
        }
    }
}
