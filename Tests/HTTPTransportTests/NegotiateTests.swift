// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import HTTPTransport
import Testing

/// The realm and the Apache that `Tests/Servers/negotiate.sh` starts.
private enum Realm {
    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    static let address = variable("LOCKTOP_NEGOTIATE")
    static let folder = variable("LOCKTOP_NEGOTIATE_DIR") ?? ""
    static let port = address?.split(separator: ":").last ?? ""
    static let reason = "LOCKTOP_NEGOTIATE does not name a running Apache: Tests/Servers/test-servers.sh starts one"

    /// A request that no other is like.
    static func request(_ method: HTTP.Method, _ place: String, for purpose: Request.Purpose = .change) -> Request {
        let name = "\(place)?\(UInt64.random(in: 0 ... .max))"
        return Request(
            method, (address ?? "") + name, body: method == "GET" ? nil : Array("whole".utf8), for: purpose)
    }

    /// What came through to the program behind the Apache: method, who asked, and the body.
    static func arrived(_ request: Request) -> [String] {
        let file = FileManager.default.contents(atPath: folder + "/arrived") ?? Data()
        let lines = String(decoding: file, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
        return lines.filter { $0.count > 1 && request.url.hasSuffix($0[1]) }
            .map { ([$0[0]] + $0.dropFirst(2)).joined(separator: " ") }
    }

    static func with(_ tickets: String) -> (inout NetworkOptions) -> Void {
        { options in
            options.signsInByTicket = true
            options.ticketCache = "FILE:\(folder)/\(tickets)"
        }
    }
}

@Suite(
    "Signing in by a Kerberos ticket, to an Apache with a realm of its own",
    .enabled(if: Realm.address != nil, Comment(rawValue: Realm.reason)), .timeLimit(.minutes(2)))
struct NegotiateTests {
    @Test("A request comes with the ticket at once, arrives once and whole", arguments: ["/ticket", "/bound", "/open"])
    func change(place: String) async throws {
        let request = Realm.request("POST", place)
        let response = try await send(request, Realm.with("tickets"))
        #expect(response.status == 200)
        let who = place == "/open" ? "-" : "alice@LOCKTOP.TEST"
        #expect(response.body == Array(who.utf8))
        #expect(Realm.arrived(request) == ["POST \(who) whole"])
    }

    @Test("The user's own tickets are taken where no others are named")
    func ownTickets() async throws {
        let response = try await send(Realm.request("GET", "/ticket")) { $0.signsInByTicket = true }
        #expect(response.body == Array("alice@LOCKTOP.TEST".utf8))
    }

    @Test("Readings over kept connections have a ticket each", arguments: ["/ticket", "/bound"])
    func readings(place: String) async throws {
        var options = NetworkOptions()
        Realm.with("tickets")(&options)
        options.connections = 2
        let transport = try NetworkTransport(options)
        try await withThrowingTaskGroup { group in
            for _ in 0..<40 {
                group.addTask {
                    try await transport.send(Realm.request("GET", place, for: .read), deadline: soon()).body
                }
            }
            for try await body in group { #expect(body == Array("alice@LOCKTOP.TEST".utf8)) }
        }
        await transport.shutdown()
    }

    @Test("A ticket that has run out is no ticket, and nothing is sent")
    func runOut() async throws {
        let request = Realm.request("POST", "/open")
        let error = try await failure(request, Realm.with("old-tickets"))
        #expect(
            error
                == TransportError(
                    .noTicket, "The Kerberos ticket to show to localhost:\(Realm.port) has run out: run kinit.",
                    surelyNotSent: true))
        #expect(Realm.arrived(request).isEmpty)
    }

    @Test("A server that the realm does not know: said with the name that it was asked for, and nothing is sent")
    func unknownServer() async throws {
        let request = Request("POST", "http://nobody.localhost:\(Realm.port)/open")
        let error = try await failure(request, Realm.with("tickets"))
        #expect(
            error
                == TransportError(
                    .noTicket,
                    "Kerberos knows no service HTTP/nobody.localhost: use the name in url under which the realm knows it.",
                    surelyNotSent: true))
    }

    @Test("A server that can't read the ticket, for its key is another: said once, and nothing gets through")
    func staleKey() async throws {
        let request = Realm.request("POST", "/stale")
        let error = try await failure(request, Realm.with("tickets"))
        #expect(
            error
                == TransportError(
                    .noTicket,
                    "localhost:\(Realm.port) does not take the Kerberos ticket: run kinit anew, or ask who runs the "
                        + "server for its keytab.", surelyNotSent: true))
        #expect(Realm.arrived(request).isEmpty)
    }

    @Test("A server that knows passwords only: its refusal is the answer, and nothing gets through")
    func passwordsOnly() async throws {
        let request = Realm.request("POST", "/basic")
        let response = try await send(request, Realm.with("tickets"))
        #expect(response.status == 401)
        #expect(response.headers["WWW-Authenticate"] == "Basic realm=\"passwords\"")
        #expect(Realm.arrived(request).isEmpty)
    }

    @Test("Realm servers that never answer: the deadline holds, and cancelling ends the wait at once")
    func silentRealm() async throws {
        let request = Request("POST", "http://silent.localhost:\(Realm.port)/open")
        let start = ContinuousClock.now
        let error = try await failure(request, within: .milliseconds(300), Realm.with("silent-tickets"))
        #expect(
            error
                == TransportError(
                    .timedOut, "The Kerberos servers gave no ticket for silent.localhost in time.",
                    surelyNotSent: true))
        #expect(ContinuousClock.now - start < .seconds(5))
        let task = Task { try await send(request, within: .seconds(60), Realm.with("silent-tickets")) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("A server that asks for more after the ticket: a change is not repeated, and the refusal is told")
    func furtherRound() async throws {
        let server = try await ScriptedServer { visit in
            visit.answer("401 Unauthorized", headers: "WWW-Authenticate: Negotiate oRQwEqADCgEB\r\n")
        }
        let request = Request("POST", server.url("/change", host: "localhost"), body: [1])
        let error = try await failure(request, Realm.with("tickets"))
        #expect(error.code == .noTicket)
        #expect(server.visits.map(\.line) == ["POST /change HTTP/1.1"])
        #expect(server.visits[0].text.contains("\r\nAuthorization: Negotiate "))
    }

    @Test("A kept connection that dies under a reading: it goes again with a ticket of its own, a change does not")
    func staleConnection() async throws {
        let server = try await ScriptedServer { visit in
            visit.number == 2 || visit.line.contains("change") ? visit.close() : visit.answer()
        }
        var options = NetworkOptions()
        Realm.with("tickets")(&options)
        let network = try NetworkTransport(options)
        let transport = Retrying(network, time: .machine)
        let reading = Request("GET", server.url("/", host: "localhost"), for: .read)
        for _ in 0..<2 { #expect(try await transport.send(reading, deadline: soon()).status == 200) }
        let change = Request("POST", server.url("/change", host: "localhost"), body: [1])
        let error = await #expect(throws: TransportError.self) { try await transport.send(change, deadline: soon()) }
        await network.shutdown()
        #expect(error?.code == .connectionLost)
        #expect(error?.surelyNotSent == false)
        #expect(server.visits.map { $0.line.split(separator: " ")[0] } == ["GET", "GET", "GET", "POST"])
        let tokens = server.visits.compactMap { visit in
            visit.text.split(separator: "\r\n").first { $0.hasPrefix("Authorization: Negotiate ") }
        }
        #expect(Set(tokens).count == 4)
    }
}
