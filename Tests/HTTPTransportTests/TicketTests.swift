// SPDX-License-Identifier: MIT
import HTTP
import HTTPTransport
import Testing

/// What holds without a realm: `NegotiateTests` has one.
@Suite(.timeLimit(.minutes(1)))
struct TicketTests {
    @Test("Without a ticket nothing is sent, not even as anybody", arguments: [.read, .change] as [Request.Purpose])
    func noTicket(purpose: Request.Purpose) async throws {
        let server = try await ScriptedServer { $0.answer() }
        let error = try await failure(Request("POST", server.url("/"), body: [1], for: purpose)) {
            $0.signsInByTicket = true
            $0.ticketCache = "FILE:/nowhere/tickets"
        }
        #expect(
            error
                == TransportError(
                    .noTicket, "There is no Kerberos ticket to show to 127.0.0.1:\(server.port): run kinit first.",
                    surelyNotSent: true))
        #expect(server.connections == 0)
    }
}
