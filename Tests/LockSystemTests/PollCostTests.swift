// SPDX-License-Identifier: MIT
import DemoServer
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing

/// What a poll costs on a system that names its locks or its folders.
struct PollCost: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What a poll sends, and how often: a method's word and its number.
    let requests: [String: Int]
    /// What a minute of polls sends besides, to make sure of the sign-in.
    let perMinute: Int
    let open: @Sendable () async throws -> any ContractServer
    /// Whether the free files are asked for, too.
    var isWhole = true
}

@Suite struct PollCostTests {
    static let folders = 25
    static let costs = [
        PollCost(
            testDescription: "Git LFS: all locks by one request", requests: ["POST": 1], perMinute: 0,
            open: { try await GitLFSStage.open { $0.host = .gitlab } }),
        PollCost(
            testDescription: "Git LFS: a hundred locks a page", requests: ["POST": 3], perMinute: 0,
            open: { try await GitLFSStage.open() }),
        // The root, the folder `/docs` and what is in it.
        PollCost(
            testDescription: "WebDAV: one request a folder", requests: ["PROPFIND": folders + 2], perMinute: 2,
            open: { try await WebDAVStage.open() }),
        PollCost(
            testDescription: "Nextcloud: one request a folder, locks of people included",
            requests: ["PROPFIND": folders + 2], perMinute: 3,
            open: { try await WebDAVStage.open { $0.isNextcloud = true } }),
        PollCost(
            testDescription: "Subversion: all locks by one request", requests: ["REPORT": 1], perMinute: 3,
            open: { try await WebDAVStage.open { $0.isSubversion = true } }, isWhole: false),
    ]

    @Test("A poll costs what is promised, and the sign-in at most a few requests a minute", arguments: costs)
    func polls(_ cost: PollCost) async throws {
        let server = try await cost.open()
        try await server.during { server in
            _ = try await server.fillListing()
            let client = try await self.client(server, cost)
            _ = try await client.list()
            client.wire.forget()
            for _ in 0..<12 {
                try await server.pass(5)
                _ = try await client.list()
            }
            var sent: [String: Int] = [:]
            for request in client.wire.requests { sent[request.method.rawValue, default: 0] += 1 }
            let polls = cost.requests.mapValues { $0 * 12 }
            let besides = sent.values.reduce(0, +) - polls.values.reduce(0, +)
            #expect(polls.allSatisfy { sent[$0.key] ?? 0 >= $0.value } && (0...cost.perMinute) ~= besides, "\(sent)")
        }
    }

    private func client(_ server: any ContractServer, _ cost: PollCost) async throws -> Client {
        guard !cost.isWhole, let stage = server as? WebDAVStage else { return try await server.client(.first) }
        return try stage.client { $0.options.put("all", false) }
    }
}
