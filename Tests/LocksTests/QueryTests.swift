// SPDX-License-Identifier: MIT
import FoundationEssentials
import Testing

@testable import Locks

@Suite("Matching a filter")
struct QueryTests {
    private let context = Query.Context(
        server: "Intranet", now: noon, staleness: Staleness(after: 3_600, departed: ["carol"]))

    private func matches(_ query: String, _ row: Row) throws -> Bool { try Query(query).matches(row, in: context) }

    @Test("An empty filter matches everything")
    func empty() throws {
        #expect(try matches("", row()))
        #expect(try Query("  \t ").isEmpty)
        #expect(Query().isEmpty && Query().matches(row(), in: context))
    }

    @Test(
        "Each word asks of the row what it says",
        arguments: [
            ("agm", true), ("AGM", true), ("new", true), ("bob", true), ("Bob", true), ("xyz", false),
            ("holder:bob", true), ("holder:BO", true), ("holder:carol", false), ("holder:me", false),
            ("-holder:me", true), ("state:held", true), ("state:free", false), ("state:unknown", false),
            ("state:mine", false), ("state:others", true), ("state:stale", true), ("server:intra", true),
            ("server:files", false), ("kind:lock", true), ("kind:checkout", false), ("path:/news", true),
            ("path:/news/agm", true), ("path:/news/", true), ("path:/ne", false), ("path:/news/agm/", false),
            ("path:/NEWS", false), ("path:/news/agm2", false), ("path:", true), ("type:news", true),
            ("type:\"news item\"", true), ("type:file", false), ("title:agm", true), ("title:bob", false),
            ("older:1h", true), ("older:3h", false), ("newer:3h", true), ("newer:1h", false), ("-agm", false),
            ("not:agm", false), ("NOT:agm", false), ("-draft", true), ("not:draft", true), ("agm bob", true),
            ("agm carol", false), ("agm -carol", true), ("\"/news/agm\"", true), ("\"news agm\"", false),
        ])
    func words(_ query: String, _ expected: Bool) throws {
        #expect(try matches(query, row(lock(of: "bob", since: -7_200))) == expected)
    }

    @Test("Me is this account, whatever it is called")
    func me() throws {
        let mine = row(lock(of: "x", isMe: true))
        #expect(try matches("holder:me", mine))
        #expect(try matches("holder:ME", mine))
        #expect(try matches("state:mine", mine))
        #expect(try !matches("state:others", mine))
        #expect(try !matches("holder:me", row(lock(of: "james"))))
        #expect(try matches("state:mine", row(lock(of: "bob", .shared), lock(of: "me", .shared))))
        #expect(try !matches("state:others", row()))
    }

    @Test("A row of unknown state is unknown and nothing else")
    func unknown() throws {
        let states = try Query.Condition.allCases.filter { try matches("state:\($0.rawValue)", unreadable()) }
        #expect(states == [.unknown])
        #expect(try !matches("older:1s", unreadable()) && !matches("newer:1s", unreadable()))
    }

    @Test("Every holder of a shared item is found")
    func shared() throws {
        let both = row(lock(of: "bob", .shared), lock(of: "zoe", .shared))
        #expect(try matches("holder:zoe", both) && matches("holder:bob", both) && matches("zoe kind:shared", both))
    }

    @Test("A path ends at a slash, also where letters are written in other bytes")
    func paths() throws {
        let composed = row(at: "/caf\u{e9}/x")
        let decomposed = row(at: "/cafe\u{301}/x")
        for row in [composed, decomposed] {
            #expect(try matches("path:/caf\u{e9}", row))
            #expect(try matches("path:/cafe\u{301}", row))
            #expect(try matches("path:/cafe\u{301}/x", row))
            #expect(try !matches("path:/caf", row))
        }
        #expect(try !matches("path:/cafe", decomposed))
        #expect(try !matches("path:/caf\u{e9}/x/y", composed))
    }

    @Test("Age depends on the clock, the rest does not")
    func time() throws {
        for query in ["older:1h", "newer:1h", "state:stale", "x -older:1d"] { #expect(try Query(query).dependsOnTime) }
        for query in ["", "x", "state:held", "holder:bob"] { #expect(try !Query(query).dependsOnTime) }
        #expect(try !matches("older:1h", row(lock(of: "bob", since: nil))))
        #expect(try !matches("newer:1h", row(lock(of: "bob", since: nil))))
    }

    @Test("Letters beyond ASCII are found in either case")
    func letters() throws {
        let row = row(at: "/ÜBER/Ärzte", title: "ΑΘΗΝΑ Straße Ижевск")
        for query in ["über", "ÜBER", "ärzte", "ÄRZTE", "αθηνα", "ИЖЕВСК", "straße", "title:ижевск"] {
            #expect(try matches(query, row), "\(query)")
        }
        #expect(try !matches("uber", row))
    }

    @Test("The quick search finds what the slow and obvious one finds, in twenty thousand random texts")
    func search() {
        var dice = Dice(seed: 11)
        let plain = Array("aAbBzZ0@[`{/-. ")
        let rich = plain + Array("äÄéÉßñÑжЖλΛ漢語🙂İ")
        for round in 0..<20_000 {
            let letters = round.isMultiple(of: 2) ? plain : rich
            func text(_ count: ClosedRange<Int>) -> String {
                String(
                    (0..<Int.random(in: count, using: &dice)).compactMap { _ in letters.randomElement(using: &dice) })
            }
            let (haystack, needle) = (text(0...12), text(0...3).lowercased())
            let found = Folded.contains(haystack, needle)
            #expect(found == slowly(haystack, contains: needle), "\(haystack) \(needle)")
        }
    }

    private func slowly(_ haystack: String, contains needle: String) -> Bool {
        let (text, word) = (Array(haystack.lowercased()), Array(needle))
        guard word.count <= text.count else { return false }
        return (0...(text.count - word.count)).contains { Array(text[$0..<($0 + word.count)]) == word }
    }
}

@Suite("Reading a filter")
struct QueryParserTests {
    private func tests(_ text: String) throws -> [String] {
        try Query(text).terms.map { ($0.isNegated ? "-" : "") + "\($0.test)" }
    }

    private func error(_ text: String) -> String? {
        do {
            _ = try Query(text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("Blanks part words, quotes keep them together")
    func words() throws {
        #expect(try tests("one  two\tthree") == [#"word("one")"#, #"word("two")"#, #"word("three")"#])
        #expect(try tests(#""one two" three"#) == [#"word("one two")"#, #"word("three")"#])
        #expect(try tests(#"holder:"Bob Ross""#) == [#"holder("bob ross")"#])
        #expect(try tests(#"-"one two""#) == [#"-word("one two")"#])
        #expect(try tests(#""not closed"#) == [#"word("not closed")"#])
        #expect(try tests(#""" x"#) == [#"word("x")"#])
        #expect(try tests("-") == [#"word("-")"#])
        #expect(try tests("--x") == [#"-word("-x")"#])
    }

    @Test("What begins with a quote is a word, colon and all")
    func literal() throws {
        #expect(try tests(#""http://x""#) == [#"word("http://x")"#])
        #expect(try tests(#"-"holder:bob""#) == [#"-word("holder:bob")"#])
        #expect(try tests(#"not:"a:b""#) == [#"-word("a:b")"#])
    }

    @Test("A colon after anything but letters is part of the word")
    func colons() throws {
        #expect(try tests("12:30 :x") == [#"word("12:30")"#, #"word(":x")"#])
        #expect(try tests("HOLDER:Bob") == [#"holder("bob")"#])
        #expect(try tests("path:/A:b") == [#"path("/A:b")"#])
    }

    @Test("Words from a command line are one term each, blanks and all")
    func arguments() throws {
        let query = try Query(words: ["two words", "holder:Bob Ross", "", "not:x"])
        #expect(query.terms.count == 3)
        #expect(query.terms[0].test == .word("two words"))
        #expect(query.terms[1].test == .holder("bob ross"))
        #expect(query.terms[2].isNegated)
    }

    @Test("A wrong word is refused with the nearest right one")
    func errors() {
        let fields = "holder: state: server: kind: path: type: title: older: newer: not:"
        #expect(error("holdr:bob") == "holdr: is no filter word. Did you mean holder:? There is \(fields).")
        #expect(error("-satte:held")?.contains("Did you mean state:?") == true)
        #expect(error("banana:x") == "banana: is no filter word. There is \(fields).")
        let states = "free held unknown mine others stale"
        #expect(error("state:hold") == "hold is no state. Did you mean held? There is \(states).")
        #expect(error("state:HOLD")?.contains("Did you mean held?") == true)
        #expect(error("state:") == "state: wants one of \(states).")
        #expect(error("older:x") == "older:x is no length of time: write older:2h or older:30m.")
        #expect(error("newer:2") == "newer:2 is no length of time: write newer:2h or newer:30m.")
        #expect(error("not:") == "not: wants a word right after it: not:draft.")
        #expect(error("state:held older:2h -x") == nil)
    }
}
