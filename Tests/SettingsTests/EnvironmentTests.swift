// SPDX-License-Identifier: MIT
import Settings
import Testing

@Suite("Environment variables")
struct EnvironmentTests {
    @Test("each variable wins over the file")
    func override() throws {
        let text = "poll: 7s\nread_only: true\ndeparted: [old]\n" + server("plone")
        let configuration = try read(
            text,
            environment: [
                "LOCKTOP_POLL": "2s", "LOCKTOP_REQUEST_BUDGET": "3/s", "LOCKTOP_STALE_AFTER": "1h",
                "LOCKTOP_READ_ONLY": "false", "LOCKTOP_KEEP_ALIVE": "false", "LOCKTOP_DEPARTED": "bob, Ann Lee",
            ])
        #expect(configuration.poll == 2)
        #expect(configuration.requestBudget == 3)
        #expect(configuration.staleAfter == 3_600)
        #expect(!configuration.readOnly)
        #expect(!configuration.keepAlive)
        #expect(configuration.departed == ["bob", "Ann Lee"])
    }

    @Test("an empty variable counts as unset")
    func empty() throws {
        #expect(try read("poll: 7s\n" + server("plone"), environment: ["LOCKTOP_POLL": ""]).poll == 7)
    }

    @Test(
        "a wrong variable is refused by its name",
        arguments: [
            ("LOCKTOP_POLL", "5", "LOCKTOP_POLL: `5` has no unit; write `5s`"),
            (
                "LOCKTOP_STALE_AFTER", "x",
                "LOCKTOP_STALE_AFTER: `x` is no time; expected one like `5s`, `10m`, `8h` or `1h30m`"
            ),
            ("LOCKTOP_REQUEST_BUDGET", "10", "LOCKTOP_REQUEST_BUDGET: `10` has no unit; write `10/s`"),
            ("LOCKTOP_READ_ONLY", "yes", "LOCKTOP_READ_ONLY: `yes` is no truth value; write `true`"),
            ("LOCKTOP_KEEP_ALIVE", "?", "LOCKTOP_KEEP_ALIVE: expected `true` or `false`, found `?`"),
            (
                "LOCKTOP_DEPARTED", "bob,,ann",
                "LOCKTOP_DEPARTED: expected names with commas between, as `bob,ann`, found `bob,,ann`"
            ),
        ])
    func wrong(_ variable: String, _ value: String, _ message: String) {
        #expect(complaints(server("plone"), environment: [variable: value]) == message)
    }

    @Test("errors of the environment come after those of the file")
    func order() {
        let all = complaints("pol: 5s\n" + server("plone"), environment: ["LOCKTOP_POLL": "5"])
        #expect(all.hasPrefix("config.yaml:1:1: "))
        #expect(all.hasSuffix("LOCKTOP_POLL: `5` has no unit; write `5s`"))
    }
}
