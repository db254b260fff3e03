// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import LockSystems
import Locks
import Testing

@Suite("Faults on the way to a host of Git LFS")
struct GitLFSFaultTests {
    /// How taking a free path ends.
    private static func ending(_ fault: WireFault) -> (outcome: Outcome, reason: Reason?) {
        switch fault {
        case .lostAfter, .emptyBody, .halfBody: (.done, nil)
        case .lostBefore, .notSent: (.failed, .unreachable)
        case .error429, .error503: (.failed, .throttled)
        case .error400: (.refused, .notLockable)
        case .error401, .error403: (.refused, .forbidden)
        case .error404, .error405: (.refused, .unsupported)
        case .error409: (.refused, .conflict)
        default: (.failed, .server)
        }
    }

    @Test("Taking a path ends with the right word, and is asked for once", arguments: WireFault.allCases)
    func locks(_ fault: WireFault) async throws {
        try await GitLFSStage.open().during { stage in
            let result = try await fault.strike(.lock, "a.psd", by: try await stage.client(.first))
            let ending = Self.ending(fault)
            #expect(result.outcome == ending.outcome && result.reason == ending.reason, "\(result.why)")
        }
    }

    @Test("Ending a lock, one's own or another's, never claims what is not so", arguments: WireFault.allCases)
    func ends(_ fault: WireFault) async throws {
        for operation in [Locks.Operation.unlock, .forceUnlock] {
            try await GitLFSStage.open().during { stage in
                let holder = try await stage.client(.first)
                await holder.perform(.lock, "a.psd")
                try await fault.strike(
                    operation, "a.psd", by: operation == .unlock ? holder : try await stage.client(.second))
            }
        }
    }

    @Test("A reading that fails is told in the right word, and is never free", arguments: WireFault.allCases)
    func reads(_ fault: WireFault) async throws {
        let code = fault.word([.error404: .unsupported, .error405: .unsupported, .error409: .conflict])
        try await GitLFSStage.open().during { stage in
            let client = try await stage.client(.first)
            await client.perform(.lock, "a.psd")
            try await fault.strike(
                ["a.psd", "b.psd"].map { Item(id: $0, path: "/" + $0, title: $0) }, by: client, is: code)
        }
    }

    @Test("No credential goes to another host, whatever the server points to")
    func followsNoRedirects() async throws {
        try await GitLFSStage.open().during { stage in
            try await WireFault.staysThere(try await stage.client(.first), "a.psd", stage.server.address)
        }
    }

    @Test("An answer of a hundred million bytes, or one that is nested without end, is refused in words")
    func bombs() async throws {
        for body in [String(repeating: " ", count: 70 << 20), String(repeating: #"{"locks":["#, count: 100_000)] {
            let script = try GitLFSScript { _ in GitLFSScript.json(body) }
            let error = try await lockError { _ = try await script.system.items(after: nil) }
            #expect(error.code == .nonsense && !error.message.isEmpty)
        }
    }

    @Test("Control characters in an id, a path or a holder come through as they are, and reach no address raw")
    func hostile() async throws {
        let script = try GitLFSScript { request in
            GitLFSScript.json(
                request.method == "GET"
                    ? #"{"locks":[]}"#
                    : #"{"ours":[{"id":"\u001b[2J\r\nX-Evil: 1","path":"\u001b]0;x\u0007.psd","owner":{"name":"\u202eevil"}}],"theirs":[]}"#
            )
        }
        let row = try #require(try await script.system.items(after: nil).rows.first)
        #expect(row.item.id == "\u{1B}]0;x\u{7}.psd" && row.lock?.holder.name == "\u{202E}evil")
        try await script.system.unlock(row.item, held: try #require(row.lock))
        let url = try #require(script.transport.requests.last?.url)
        #expect(url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } && url.hasSuffix("%0D%0AX-Evil%3A%201/unlock"))
    }
}
