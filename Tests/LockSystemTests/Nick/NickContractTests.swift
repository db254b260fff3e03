// SPDX-License-Identifier: MIT
import DemoServer
import LockSystemContract
import Testing

@Suite("The contract of a lock system, on a Nick that writes nothing when it is asked to unlock")
struct NickContractTests {
    // There a lost answer to the first of two steps leaves the lock as it was: NickFaultTests say how that ends.
    private static let clauses = Clause.all.filter { !$0.sentence.hasPrefix("A lost answer is never asked for again") }
    private static let backend = Backend(
        kind: "nick", name: "Nick", open: { try await NickStage.open(forcesBySaving: true) })

    @Test("A promise is kept", arguments: clauses)
    func keeps(_ clause: Clause) async throws {
        try await clause.hold(on: Self.backend)
    }

    @Test("Only one clause is left out")
    func leavesOneOut() {
        #expect(Self.clauses.count == Clause.all.count - 1)
    }

    @Test("A promise is kept by the release of July 2022", arguments: clauses)
    func keepsOld(_ clause: Clause) async throws {
        let backend = Backend(
            kind: "nick", name: "Nick",
            open: { try await NickStage.open(forcesBySaving: true) { $0.nick.release = .july2022 } })
        try await clause.hold(on: backend)
    }
}
