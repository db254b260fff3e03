// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import History
import Locks
import Serving
import Synchronization
import Watching

/// Watches the servers, and answers those who ask for their numbers.
final class Exporter: Sendable {
    private struct Seen {
        var updates: [String: ServerUpdate] = [:]
        var operations: [String: [OperationEnd: Int]]?
    }

    // Few ask, and who asks gets all at once: what is more or longer is no scraper.
    private static let connections = 64
    private static let patience: Duration = .seconds(90)

    private let wiring: Wiring
    private let seen = Mutex(Seen())

    init(_ wiring: Wiring) { self.wiring = wiring }

    /// Watches and answers until the task is cancelled.
    /// - Throws: `Problem` when it can't listen there.
    func run(at address: ListeningAddress) async throws {
        let server: HTTPServer
        do {
            server = try await HTTPServer.serve(
                host: address.host, port: address.port, atMost: Self.connections, patience: Self.patience
            ) { [self] request in .whole(answer(request)) }
        } catch {
            throw Problem("\(address) can't be listened on: give another address or port.", 69)
        }
        Out.say("listening on http://\(address.name):\(server.port)/metrics")
        await withTaskGroup(of: Void.self) { group in
            for connection in wiring.connections {
                let watch = connection.watch(
                    wiring, keepsAlive: false, publish: { [self] in note($0) }, report: { _ in })
                group.addTask { await watch.run() }
            }
            await group.waitForAll()
        }
        await server.stop()
    }

    private func note(_ update: ServerUpdate) { seen.withLock { $0.updates[update.server] = update } }

    private func answer(_ request: Request) -> Response {
        let path = request.url.prefix { $0 != "?" }
        guard path.hasSuffix("/metrics"), path.split(separator: "/").count == 3 else {
            return Response(
                status: 404, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array("See /metrics.\n".utf8)
            )
        }
        guard ["GET", "HEAD"].contains(request.method.rawValue) else {
            return Response(status: 405, headers: ["Allow": "GET, HEAD"])
        }
        return Response(
            status: 200, headers: ["Content-Type": MetricsText.contentType], body: Array(text(at: Date()).utf8))
    }

    private func text(at now: Date) -> String {
        let operations = operations()
        let updates = seen.withLock { $0.updates }
        let servers = wiring.connections.map { connection in
            let update = updates[connection.facts.name]
            return ServerNumbers(
                name: connection.facts.name, isUp: update?.isUp,
                holds: update?.known.map { ServerNumbers.Holds($0, wiring.staleness, at: now) },
                operations: operations?[connection.facts.name], counts: connection.counted.counts)
        }
        return MetricsText(servers, at: now).text
    }

    // The store lets go of old entries; a counter that went down would look like one that began anew.
    private func operations() -> [String: [OperationEnd: Int]]? {
        let fresh = try? wiring.store?.outcomes()
        return seen.withLock { seen in
            guard let fresh else { return seen.operations }
            let merged = (seen.operations ?? [:]).merging(fresh) { $0.merging($1, uniquingKeysWith: max) }
            seen.operations = merged
            return merged
        }
    }
}

extension ServerUpdate {
    /// Whether the last attempt to read it succeeded; `nil`: there was none yet.
    fileprivate var isUp: Bool? {
        switch status.phase {
        case .connecting: nil
        case .listing, .watching: true
        case .failing: false
        }
    }

    /// Its rows, where they are all there and what they say is of now.
    fileprivate var known: Catalog? { if case .watching = status.phase { catalog } else { nil } }
}
