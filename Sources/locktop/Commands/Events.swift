// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import FoundationEssentials
import HTTP
import History
import Locks
import Watching

/// Follows the servers and prints one event a line.
struct Events: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Follow the servers: one event a line.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "One JSON object a line.")
    var json = false

    @Option(name: .customLong("for"), help: "End after so long, for example 1h.", transform: Lengths.seconds)
    var duration: Double?

    @Option(help: "End when this item is free.")
    var untilFree: String?

    @Option(help: "First the stored events after this number.")
    var since: Int64?

    @Option(help: "Seconds between two polls, for example 5s.", transform: Lengths.seconds)
    var poll: Double?

    @Argument(help: "A filter, as in the dashboard.")
    var query: [String] = []

    func run() throws {
        try Run.command { [self] in
            let query = try Queries.read(query)
            let wiring = try Wiring(common, pace: .watching)
            let awaited = try untilFree.map(wiring.resolve).map { (server: $0.connection.facts.name, name: $0.name) }
            if let since, let store = wiring.store {
                do {
                    for event in try store.events(after: since, limit: 100_000) { tell(event) }
                } catch {
                    throw Problem("\(error)", 1)
                }
            }
            return await follow(wiring, query, awaited)
        }
    }

    private func tell(_ event: LockEvent) {
        if json { return Out.line(JSON.event(event).line) }
        let server = event.ref.server
        Out.line(
            Text.clean("\(RFC3339.text(event.at))  \(server):\(event.path)  \(event.kind.rawValue)  \(event.text)"))
    }

    private func follow(_ wiring: Wiring, _ query: Query, _ awaited: (server: String, name: String)?) async -> Int32 {
        let (updates, sink) = AsyncStream.makeStream(of: ServerUpdate.self)
        await withTaskGroup(of: Void.self) { group in
            for connection in wiring.connections {
                let watch = ServerWatch(
                    facts: connection.facts, system: connection.system, performer: connection.performer,
                    journal: wiring.journal,
                    policy: WatchPolicy(
                        poll: poll.map(connection.facts.pace.poll(wanted:)) ?? connection.facts.pace.poll,
                        limit: connection.limit, keepsAlive: false),
                    user: connection.cacheKey, now: { Date() }, counters: { connection.counters },
                    publish: { sink.yield($0) }, report: { _ in })
                group.addTask { await watch.run() }
            }
            if let duration {
                group.addTask {
                    try? await Task.sleep(for: .seconds(duration))
                    sink.finish()
                }
            }
            var complained: [String: LockError] = [:]
            for await update in updates {
                for event in update.events where matches(event, update, query, wiring.staleness) { tell(event) }
                complain(update, &complained)
                if let awaited, awaited.server == update.server, isFree(awaited.name, update) { break }
            }
            group.cancelAll()
        }
        return Interrupt.signal == 0 ? 0 : 128 + Interrupt.signal
    }

    // Each trouble is told once, when it begins, and when it is over.
    private func complain(_ update: ServerUpdate, _ complained: inout [String: LockError]) {
        switch update.status.phase {
        case .failing(let error, _):
            if complained[update.server]?.message != error.message { Out.say(error.description) }
            complained[update.server] = error
        case .watching:
            if complained.removeValue(forKey: update.server) != nil { Out.say("\(update.server) answers again.") }
        default: break
        }
    }

    private func matches(_ event: LockEvent, _ update: ServerUpdate, _ query: Query, _ staleness: Staleness) -> Bool {
        if query.isEmpty { return true }
        let lock = event.after ?? event.before
        let row =
            update.shelf[event.ref.id]
            ?? Row(
                item: Item(id: event.ref.id, path: event.path, title: event.title),
                reading: .known(lock.map { [$0] } ?? [], at: event.at))
        return query.matches(row, in: Query.Context(server: update.server, now: event.at, staleness: staleness))
    }

    private func isFree(_ name: String, _ update: ServerUpdate) -> Bool {
        guard case .watching = update.status.phase else { return false }
        return update.shelf[name]?.reading.state == .free
    }
}
