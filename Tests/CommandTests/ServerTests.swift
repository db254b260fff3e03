// SPDX-License-Identifier: MIT
import DemoServer
import TestOffice
import TestSupport
import Testing

@Suite("Servers, as they are and as they fail")
struct ServerTests {
    @Test("servers tells what each is and can do")
    func servers() async throws {
        try await inOffice { office in
            try await ListTests.scene(office)
            let text = try await office.run("servers")
            #expect(text.status == 0)
            try Golden.check(masked(text.output, in: office), named: "Servers/text")
            let json = try await office.run("servers", "--json")
            #expect(json.status == 0)
            try Golden.check(masked(json.output, in: office), named: "Servers/json")
            let server = try #require(try json.json[0])
            #expect(
                server.keys == [
                    "name", "kind", "url", "reachable", "error", "account", "operations", "items", "held", "roundTrip",
                    "requests", "budget", "insecure", "protected", "readOnly",
                ])
            #expect(
                server["operations"]?.keys == [
                    "lock", "refresh", "unlock", "forceUnlock", "checkOut", "checkIn", "discard",
                ])
        }
    }

    @Test("one server that does not answer: the others are told, and the end is 69")
    func oneIsGone() async throws {
        try await inOffice { office in
            let gone = try await DemoServer.start(DemoOptions(documents: 0, people: false))
            await gone.stop()
            try Office.write(
                office.text(of: "config.yaml")
                    + "  - {name: old, kind: plone, url: \"\(gone.address)\", auth: {user: a, password_env: \(Office.variable)}}\n",
                to: office.configuration)
            let servers = try await office.run("servers")
            #expect(servers.status == 69, "\(servers)")
            #expect(servers.output.contains("signed in as Mona Manager (mona)"))
            #expect(servers.output.contains("old"))
            let json = try await office.run("servers", "--json").json
            #expect(json[1]?["reachable"] == .bool(false))
            #expect(json[0]?["reachable"] == .bool(true))
            #expect(json[1]?["operations"]?["lock"]?["offered"] == .bool(false), "nobody knows")
            #expect(json[0]?["operations"]?["lock"]?["offered"] == .bool(true))
            let told = servers.output.split(separator: "\n").drop { !$0.hasPrefix("old ") }
            #expect(told.count > 7 && !told.contains { $0.hasSuffix(" yes") }, "\(told)")
            let list = try await office.run("ls")
            #expect(list.status == 69)
            #expect(list.output.contains("/news/agm"))
            #expect(list.errors.contains("locktop: old:"))
            #expect(try await office.run("ls", "--server", "intranet").status == 0)
            let unclear = try await office.run("show", "/news/agm")
            #expect(unclear.status == 64)
            #expect(unclear.errors.contains("write SERVER:/news/agm"))
        }
    }

    @Test(
        "what is no Plone ends with 78 and says what it is",
        arguments: [
            (
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 21\r\nConnection: close\r\n\r\n<html>Welcome!</html>",
                "a web page"
            ),
            (
                "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 9\r\nConnection: close\r\n\r\nNot found",
                "text/plain"
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "an empty answer"),
            (
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{\"gitea\":true}",
                "Plone"
            ),
        ])
    func notPlone(answer: String, what: String) async throws {
        try await inOffice { office in
            let stub = try StubServer(answer: answer)
            try Office.write(
                office.text(of: "config.yaml").replacing(office.server.address, with: "http://127.0.0.1:\(stub.port)"),
                to: office.configuration)
            let ending = try await office.run("ls")
            #expect(ending.status == 78, "\(ending)")
            #expect(ending.errors.contains(what), "\(ending.errors)")
            #expect(ending.errors.split(separator: "\n").count == 1)
            #expect(!ending.errors.contains("Optional(") && !ending.errors.contains("Error Domain"))
        }
    }

    struct Trouble: Sendable, CustomTestStringConvertible {
        var name: String
        var kind: Fault.Kind
        var status: Int32
        /// The end after a good sign-in: what was Plone a moment ago is not taken for another system then.
        var later: Int32
        var says: String
        var testDescription: String { name }
    }

    @Test(
        "each fault of a server ends with its code and one sentence",
        arguments: [
            Trouble(name: "login page", kind: .loginPage, status: 78, later: 1, says: "a web page"),
            Trouble(name: "proxy error", kind: .status(502, retryAfter: nil), status: 1, later: 1, says: "502"),
            Trouble(
                name: "left alone", kind: .status(503, retryAfter: 600), status: 75, later: 75, says: "Try again in 10m"
            ),
            Trouble(name: "too many", kind: .status(429, retryAfter: nil), status: 75, later: 75, says: "left alone"),
            Trouble(name: "empty", kind: .emptyBody, status: 78, later: 1, says: "empty"),
            Trouble(name: "half", kind: .truncatedJSON, status: 78, later: 1, says: "answered 200"),
            Trouble(name: "dropped", kind: .dropBeforeEffect, status: 69, later: 69, says: "intranet:"),
            Trouble(name: "100 MB", kind: .hugeBody(100_000_000), status: 69, later: 69, says: "arge"),
        ])
    func faults(trouble: Trouble) async throws {
        try await inOffice { office in
            await office.server.setFaults(Faults([Fault(trouble.kind)]))
            let ending = try await office.run("ls", within: 60)
            #expect(ending.status == trouble.status, "\(ending)")
            #expect(ending.errors.contains(trouble.says), "\(ending.errors)")
            #expect(ending.errors.split(separator: "\n").count == 1)
            // Also in the middle, after a good sign-in.
            await office.server.setFaults(Faults([Fault(trouble.kind, pathContains: "@search")]))
            let middle = try await office.run("ls", within: 60)
            #expect(middle.status == trouble.later, "\(middle)")
            #expect(middle.errors.split(separator: "\n").count == 1)
        }
    }

    @Test("nobody listens: 69")
    func refused() async throws {
        try await inOffice { office in
            await office.server.stop()
            let ending = try await office.run("ls")
            #expect(ending.status == 69, "\(ending)")
            #expect(ending.errors.contains("Check the url in the configuration"))
            let lock = try await office.run("lock", "/news/agm", "--json")
            #expect(lock.status == 69)
            #expect(try lock.json["reason"]?.text == "unreachable")
        }
    }

    @Test("a wrong password ends with 77 and names the way out")
    func wrongPassword() async throws {
        try await inOffice { office in
            let ending = try await office.run("ls", changes: [Office.variable: "wrong"])
            #expect(ending.status == 77, "\(ending)")
            #expect(ending.errors.contains("does not accept the password of mona"))
            #expect(ending.errors.contains("locktop login intranet"))
            let missing = try await office.run("ls", changes: [Office.variable: "unset"])
            #expect(missing.status == 77, "\(missing)")
            #expect(missing.errors.contains(Office.variable))
        }
    }

    @Test("a server that says nothing is left after a Ctrl-C at once: 130")
    func hanging() async throws {
        try await inOffice { office in
            await office.server.setFaults(Faults([Fault(.hang)]))
            let program = try office.start("ls")
            try await eventually("the question has come") { await office.server.requestCount > 0 }
            let began = ContinuousClock.now
            program.send(signal: 2)
            let ending = try await program.finish()
            #expect(ending.status == 130, "\(ending)")
            #expect(.now - began < .seconds(8))
        }
    }

    @Test("where the listing tells of no locks, the number of held ones is not known, and not 0")
    func heldUnknown() async throws {
        let server = try await DemoServer.start(DemoOptions(dialect: .superoffice, documents: 3, people: false))
        let office = try await Office.open(server, as: "nobody", password: "x")
        let account = server.accounts[0]
        try Office.write(
            """
            servers:
              - {name: crm, kind: superoffice, url: "\(server.address)", auth: {scheme: basic, user: \(account.name), password_env: CRM}}

            """, to: office.configuration)
        let changes = ["CRM": account.password]
        let json = try await office.run("servers", "--json", changes: changes).json
        #expect(try #require(json[0]?["items"]?.number) > 0)
        #expect(json[0]?["held"] == .null)
        let text = try await office.run("servers", changes: changes)
        #expect(text.output.contains(" items\n") && !text.output.contains("held"), "\(text)")
        await office.close()
    }

    @Test("a server that takes longer for a request than the configuration lets it is given up")
    func requestTimeout() async throws {
        try await inOffice { office in
            try Office.write(office.text(of: "config.yaml") + "    request_timeout: 1s\n", to: office.configuration)
            await office.server.setFaults(Faults([Fault(.hang)]))
            // With the half minute that is usual it would still wait when this stops waiting.
            let ending = try await office.run("ls", within: 20)
            #expect(ending.status == 69 && ending.errors.contains("in time"), "\(ending)")
        }
    }
}
