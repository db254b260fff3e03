// SPDX-License-Identifier: MIT
import Testing

@Suite("Scripts of recordings")
struct ReplayScriptTests {
    private func mistakes(_ text: String, _ excluded: [String: String] = [:]) throws -> Set<String> {
        let names = Set(try ReplayScript(place: "nick-live", text: "", excluded: [:]).mistakes().map(Self.name))
        let rest = names.subtracting(text.split(separator: " ").map(String.init)).subtracting(excluded.keys)
        let whole = text + "\n" + rest.subtracting(["login-get", "logout"]).sorted().joined(separator: " ")
        return Set(try ReplayScript(place: "nick-live", text: whole, excluded: excluded).mistakes())
    }

    private static func name(_ mistake: String) -> String { String(mistake.prefix { $0 != " " }) }

    @Test("A recording that is played or excluded with a reason is in order")
    func complete() throws {
        #expect(try mistakes("login-get", ["logout": "nobody asks for it"]) == [])
    }

    @Test("What is left out in silence, told twice, without a reason, or names nothing is a mistake")
    func incomplete() throws {
        #expect(try mistakes("login-get") == ["logout is neither played nor excluded"])
        #expect(try mistakes("login-get logout logout") == ["logout is played 2 times"])
        #expect(try mistakes("login-get logout nothing") == ["nothing is played and is no recording"])
        #expect(try mistakes("login-get", ["logout": ""]) == ["logout is excluded without a reason"])
        #expect(try mistakes("login-get logout", ["logout": "why"]) == ["logout is excluded and played"])
        #expect(
            try mistakes("login-get logout", ["nothing": "why"]) == ["nothing is excluded and is no recording"])
    }
}
