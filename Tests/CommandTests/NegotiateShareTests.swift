// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import TestOffice
import TestSupport
import Testing

/// Files by WebDAV that are let out to whoever has a ticket; `Tests/Servers/negotiate.sh` starts the server and its realm.
private enum TicketShare {
    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    static let address = variable("LOCKTOP_NEGOTIATE")
    static let folder = variable("LOCKTOP_NEGOTIATE_DIR") ?? ""
    static let reason = "LOCKTOP_NEGOTIATE names no running server: Tests/Servers/test-servers.sh starts one"

    /// What a program needs to find the realm and somebody's tickets.
    static func realm(_ tickets: String) -> [String: String] {
        ["KRB5_CONFIG": folder + "/krb5.conf", "KRB5CCNAME": "FILE:\(folder)/\(tickets)"]
    }
}

@Suite(
    "A share that wants a Kerberos ticket",
    .enabled(if: TicketShare.address != nil, Comment(rawValue: TicketShare.reason)))
struct NegotiateShareTests {
    /// An office whose server is that share, with one file that no other test has.
    private func onShare(_ body: (Office, String) async throws -> Void) async throws {
        try await inOffice { office in
            let name = "plan-\(UInt32.random(in: 0 ... .max)).odt"
            let file = "\(TicketShare.folder)/share/\(name)"
            try Office.write("plan\n", to: file)
            defer { try? FileManager.default.removeItem(atPath: file) }
            try Office.write(
                """
                servers:
                  - name: share
                    kind: webdav
                    url: "\(try #require(TicketShare.address))/share"
                    auth: {user: alice, scheme: negotiate}

                """, to: office.configuration)
            try await body(office, "/" + name)
        }
    }

    @Test("With a ticket it is listed, locked, refreshed and unlocked, and no password is asked for")
    func ticket() async throws {
        try await onShare { office, item in
            let realm = TicketShare.realm("tickets")
            func state() async throws -> String? {
                let rows = try await office.run("ls", "--json", changes: realm).json.values
                return rows.first { $0["id"]?.text == item }?["state"]?.text
            }
            #expect(try await state() == "free")
            let locked = try await office.run("lock", item, "--timeout", "15m", "--json", changes: realm)
            #expect(locked.status == 0, "\(locked)")
            #expect(try locked.json["after"]?["holder"]?["isMe"] == .bool(true))
            #expect(try await state() == "held")
            let refreshed = try await office.run("refresh", item, changes: realm)
            #expect(refreshed.status == 0, "\(refreshed)")
            #expect(try await office.run("unlock", item, changes: realm).status == 0)
            #expect(try await state() == "free")
        }
    }

    @Test("With a ticket that has run out nothing is done, and kinit is named")
    func runOut() async throws {
        try await onShare { office, item in
            let ending = try await office.run("lock", item, changes: TicketShare.realm("old-tickets"))
            #expect(ending.status == 77, "\(ending)")
            #expect(ending.errors.contains("has run out: run kinit."), "\(ending)")
        }
    }
}
