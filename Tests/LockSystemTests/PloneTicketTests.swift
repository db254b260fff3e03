// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing

@testable import LockSystems

@Suite("Plone behind a web server that signs in by Kerberos tickets")
struct PloneTicketTests {
    /// What the transport and the web server do together: whoever asks is this account, by no doing of Plone's.
    private struct Front: Transport {
        let server: DemoServer
        let account: String?

        func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
            var request = request
            #expect(request.headers["Authorization"] == nil)
            request.headers["Authorization"] =
                account.map { Credentials.basic(user: $0, password: $0 + "-pw").header }
            return await server.answer(request)
        }
    }

    @Test("Every request is the ticket holder's, no password is asked for and no token made, and locks are one's own")
    func works() async throws {
        let stage = try await DemoStage.open()
        let path = try await stage.add()
        let store = RememberedTokens()
        let client = try stage.client(
            .kerberos(user: "alice"), over: Front(server: stage.server, account: "alice")
        ) { $0.tokens = store }
        #expect(try await client.system.signIn().account.id == "alice")
        let result = await client.perform(Wish(.lock, expecting: .free), path)
        #expect(result.outcome == .done)
        #expect(result.after?.holder.isMe == true)
        #expect(client.wire.requests.allSatisfy { !$0.url.contains("/@login") })
        #expect(store.all.isEmpty)
        await stage.close()
    }

    @Test("A web server that takes no tickets, so that Plone takes nobody: said with what to do")
    func nobody() async throws {
        let stage = try await DemoStage.open()
        let client = try stage.client(.kerberos(user: "alice"), over: Front(server: stage.server, account: nil))
        await #expect { _ = try await client.system.signIn() } throws: {
            let error = $0 as? LockError
            return error?.code == .notSignedIn
                && error?.message == "contract takes nobody who shows a Kerberos ticket for alice."
        }
        await stage.close()
    }

    @Test("Without a ticket nobody is signed in, and the sentence is the transport's")
    func noTicket() async throws {
        let stage = try await DemoStage.open()
        let missing = TransportError(.noTicket, "There is no Kerberos ticket.", surelyNotSent: true)
        let client = try stage.client(.kerberos(user: "alice"), over: MemoryTransport { _ in throw missing })
        await #expect { _ = try await client.system.signIn() } throws: {
            let error = $0 as? LockError
            return error?.code == .notSignedIn && error?.message == "contract: There is no Kerberos ticket."
                && error?.mayHaveHappened == false
        }
        await stage.close()
    }
}
