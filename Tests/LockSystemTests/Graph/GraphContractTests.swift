// SPDX-License-Identifier: MIT
import DemoServer
import LockSystemContract
import Testing

@Suite("The contract of a lock system, on Graph")
struct GraphContractTests {
    static let backends = [
        Backend(kind: "msgraph", name: "Graph 1.0", open: { try await GraphStage.open() }),
        Backend(kind: "msgraph", name: "Graph beta", open: { try await GraphStage.open(beta: true) }),
        Backend(
            kind: "msgraph", name: "Graph 1.0 that answers 423 for a held file",
            open: { try await GraphStage.open { $0.graph.heldStatus = 423 } }),
        Backend(
            kind: "msgraph", name: "Graph beta that tells the lock inside the file facet",
            open: { try await GraphStage.open(beta: true) { $0.graph.lockInfoPlace = .file } }),
    ]

    @Test("A promise is kept", arguments: backends, Clause.all)
    func keeps(_ backend: Backend, _ clause: Clause) async throws {
        try await clause.hold(on: backend)
    }
}
