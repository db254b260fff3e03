// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Testing

@testable import LockSystems

@Suite("The name under which rows are kept")
struct CacheKeyTests {
    private struct Nowhere: Transport {
        func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
            Response(status: 404)
        }
    }

    private func key(
        _ selection: SystemProfile.Selection = .init(), user: String = "ann", drives: [String] = []
    ) throws -> String {
        var options = OptionValues()
        options.put("drives", drives)
        return SystemProfile(
            name: "files", address: try WebAddress("https://files.example/root"),
            login: .password(user: user, secret: { "canary" }, isBasic: false), selection: selection,
            options: options, transport: Nowhere(), now: { Date(timeIntervalSince1970: 0) }
        ).cacheKey
    }

    @Test("It is another one for every account and selection, and the same for the same one")
    func selections() throws {
        let keys = [
            try key(), try key(user: "bob"), try key(.init(path: "/news")), try key(.init(path: "/new s")),
            try key(.init(types: ["Document"])), try key(.init(types: ["News", "Item"])),
            try key(.init(types: ["News Item"])), try key(.init(depth: 1)), try key(.init(text: "1")),
            try key(.init(filter: "1")), try key(drives: ["a"]), try key(drives: ["a", "b"]),
        ]
        #expect(Set(keys).count == keys.count)
        #expect(
            try key(.init(types: ["B", "A"]), drives: ["b", "a"]) == key(.init(types: ["A", "B"]), drives: ["a", "b"]))
        #expect(keys.allSatisfy { !$0.contains("canary") })
    }
}
