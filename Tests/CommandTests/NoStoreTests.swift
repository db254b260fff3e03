// SPDX-License-Identifier: MIT
import DemoServer
import TestOffice
import TestSupport
import Testing

@Suite("Where the local store can't be used")
struct NoStoreTests {
    static let places: [[String: String]] = [
        ["XDG_STATE_HOME": "/proc/nowhere"], ["HOME": "unset", "XDG_STATE_HOME": "unset"],
        ["XDG_STATE_HOME": "/dev/null"],
    ]

    @Test("everything is read, with one line that says so", arguments: places)
    func reading(_ place: [String: String]) async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            for arguments in [["ls"], ["show", "intranet:/news/agm"], ["servers"]] {
                let ending =
                    arguments.count == 1
                    ? try await office.run(arguments[0], changes: place)
                    : try await office.run(arguments[0], arguments[1], changes: place)
                #expect(ending.status == 0, "\(ending)")
                #expect(arguments[0] == "servers" || ending.output.contains("bob"))
                let lines = ending.errors.split(separator: "\n")
                #expect(lines.count == 1 && lines.first?.contains("Reading goes on") ?? false, "\(ending.errors)")
            }
        }
    }

    @Test("what takes or breaks is refused and sends nothing", arguments: places)
    func refused(_ place: [String: String]) async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let forced = try await office.run("unlock", "--force", "--yes", "/news/agm", changes: place)
            #expect(forced.status == 1)
            #expect(forced.errors.contains("force-unlock refused. It can't be written down, so nothing was sent."))
            let taken = try await office.run("lock", "/news/launch", changes: place)
            #expect(taken.status == 1)
            #expect(await office.changes == [])
        }
    }

    @Test("one's own is refreshed and given back, and it is said that this was not written down", arguments: places)
    func own(_ place: [String: String]) async throws {
        try await inOffice { office in
            #expect(try await office.run("lock", "/news/agm").status == 0)
            for operation in ["refresh", "unlock"] {
                let ending = try await office.run(operation, "/news/agm", changes: place)
                #expect(ending.status == 0, "\(ending)")
                #expect(ending.output.contains("It was not written down."), "\(ending)")
            }
            #expect(try await office.run("show", "/news/agm", "--json").json["state"]?.text == "free")
        }
    }

    @Test("signing in, whose use is that it is kept, is refused before a password is used", arguments: places)
    func login(_ place: [String: String]) async throws {
        try await inOffice { office in
            let ending = try await office.run("login", "intranet", input: "secret\n", changes: place)
            #expect(ending.status == 78 && ending.output == "")
        }
    }
}
