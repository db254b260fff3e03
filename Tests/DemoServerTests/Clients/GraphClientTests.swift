// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestSupport
import Testing

/// `Office365-REST-Python-Client`, which knows check-out and check-in; `Tests/Servers/graph-client.sh` installs it.
private enum GraphClient {
    static let python = ProcessInfo.processInfo.environment["LOCKTOP_GRAPH_CLIENT"].flatMap { $0.isEmpty ? nil : $0 }
    static let reason = "LOCKTOP_GRAPH_CLIENT names no Python with it: Tests/Servers/test-servers.sh does"
    static let script =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Servers/graph-client.py"
}

@Suite(
    "A Python client of Microsoft Graph on the demo server",
    .enabled(if: GraphClient.python != nil, Comment(rawValue: GraphClient.reason)), .timeLimit(.minutes(2)))
struct GraphClientTests {
    @Test("It signs in, finds drives and files, checks out, in and back, and asks for changes")
    func everything() async throws {
        let server = try await DemoServer.start(
            DemoOptions(dialect: .msgraph, documents: 0, speed: 0, people: false))
        try await server.add(path: "/news", type: "Folder", title: "News")
        try await server.add(path: "/news/launch", title: "Launch")
        let ending = try await Program.run(
            try #require(GraphClient.python), [GraphClient.script, server.address, "alice"],
            environment: ["HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"], within: 60)
        #expect(ending.status == 0, "\(ending)")
        #expect(
            ending.lines == [
                "me: Alice Ångström", "own drive: business", "site: harbour", "drives: Documents",
                "children: news", "by path: news", "files: launch.docx", "checked out by: Alice Ångström",
                "checked in: nobody", "checked out again by: Alice Ångström", "discarded: nobody", "changes: 3",
            ], "\(ending)")
        await server.stop()
    }
}
