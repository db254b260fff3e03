// SPDX-License-Identifier: MIT
import HTTP

/// A transport that notes each request for the file of a crash: the method and what came of it, and no address.
struct NotedTransport: Transport {
    private let base: any Transport
    private let server: String
    private let time: TimeSource

    init(_ base: any Transport, of server: String, time: TimeSource) {
        self.base = base
        self.server = CrashNotes.name(ofServer: server)
        self.time = time
    }

    func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        let start = time.now()
        do {
            let response = try await base.send(request, deadline: deadline)
            tell(request, "\(response.status), \(response.body.count) bytes", took: response.took ?? time.now() - start)
            return response
        } catch {
            tell(request, (error as? TransportError).map { "\($0.code)" } ?? "cancelled", took: time.now() - start)
            throw error
        }
    }

    private func tell(_ request: Request, _ outcome: String, took: Duration) {
        let milliseconds = Int((took / .milliseconds(1)).rounded())
        CrashNotes.note("\(server) \(request.method.rawValue) \(outcome), \(milliseconds) ms")
    }
}
