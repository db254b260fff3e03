// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import FoundationEssentials
import HTTP
import History
import Locks
import Settings
import Watching

/// Follows the servers and prints one event a line.
struct Events: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Follow the servers: one event a line.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "One JSON object a line.")
    var json = false

    @Option(name: .customLong("for"), help: "End after so long, for example 1h.", transform: Lengths.seconds)
    var duration: Double?

    @Option(help: "End when this item is free.", completion: Candidates.items)
    var untilFree: String?

    @Option(help: "First the stored events after this number.")
    var since: Int64?

    @Option(help: "Seconds between two polls, for example 5s.", transform: Lengths.seconds)
    var poll: Double?

    @Option(help: "The events of a recording, without asking any server.", completion: .file())
    var from: String?

    @Argument(help: "A filter, as in the dashboard.", completion: Candidates.query)
    var query: [String] = []

    func run() throws {
        try Run.command { [self] in
            let query = try Queries.read(query)
            if let from { return try tellRecorded(from, query) }
            let wiring = try Wiring(common, pace: .watching)
            let awaited = if let untilFree { try await Awaited.find(wiring.resolve(untilFree)) } else { Awaited?.none }
            if let since, let store = wiring.store {
                let servers = Set(wiring.connections.map(\.facts.name))
                do {
                    for event in try store.events(after: since, limit: 100_000)
                    where servers.contains(event.ref.server) && query.matches(event, nil, wiring.staleness) {
                        tell(event)
                    }
                } catch {
                    throw Problem("\(error)", 1)
                }
            }
            await follow(wiring, query, awaited)
            return Interrupt.signal == 0 ? 0 : 128 + Interrupt.signal
        }
    }

    private func tellRecorded(_ file: String, _ query: Query) throws -> Int32 {
        guard duration == nil, untilFree == nil, poll == nil else {
            throw Problem.usage("--from reads a recording: --for, --until-free and --poll are for servers.")
        }
        let recording = try Recording(file)
        for name in common.server where !recording.servers.contains(where: { $0.name == name }) {
            throw Problem.usage("No server of this recording is called \(name).")
        }
        var site = RecordedSite()
        for entry in recording.entries {
            guard let told = entry.event.update.map({ site.take($0) }) else { continue }
            guard common.server.isEmpty || common.server.contains(told.server) else { continue }
            for event in told.events where since.map({ (event.seq ?? 0) > $0 }) ?? true {
                let item = told.catalog[event.ref.id]?.item
                if query.matches(event, item, recording.staleness) { tell(event) }
            }
        }
        if let lack = recording.lack { Out.say(lack) }
        return 0
    }

    private func tell(_ event: LockEvent) {
        if json { return Out.line(JSON.event(event).line) }
        let server = event.ref.server
        Out.line(
            Text.clean("\(RFC3339.text(event.at))  \(server):\(event.path)  \(event.kind.rawValue)  \(event.text)"))
    }

    private func follow(_ wiring: Wiring, _ query: Query, _ awaited: Awaited?) async {
        let feed = EventFeed()
        let hooks = Hooks(wiring.configuration.hooks, wiring.staleness) { Out.say($0) }
        await withTaskGroup(of: Void.self) { group in
            for connection in wiring.connections {
                let watch = connection.watch(
                    wiring, poll: poll, keepsAlive: false,
                    publish: {
                        hooks.take($0)
                        feed.post($0)
                    }, report: { _ in })
                group.addTask { await watch.run() }
            }
            if let duration {
                group.addTask {
                    try? await Task.sleep(for: .seconds(duration))
                    feed.finish()
                }
            }
            if let awaited {
                let pause = poll ?? awaited.connection.facts.pace.poll
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: .seconds(pause))
                        feed.wake()
                    }
                }
            }
            await read(feed, wiring, query, awaited)
            group.cancelAll()
            await group.waitForAll()
            // A signal ends hooks with us; else what was taken is done, each within its time.
            if Interrupt.signal == 0 { await hooks.finish() } else { await hooks.stop() }
            // Events are told once they are written down, which may be after the row that shows them.
            tell(feed.take(), query, wiring)
        }
    }

    private func tell(_ batch: EventFeed.Batch, _ query: Query, _ wiring: Wiring) {
        for (event, item) in batch.events where query.matches(event, item, wiring.staleness) { tell(event) }
        guard batch.leftOut > 0 else { return }
        Out.say("\(batch.leftOut) events came too fast for the output; locktop history has them.")
    }

    private func read(_ feed: EventFeed, _ wiring: Wiring, _ query: Query, _ awaited: Awaited?) async {
        var complained: [String: LockError] = [:]
        var updates: [String: ServerUpdate] = [:]
        for await _ in feed.news {
            let batch = feed.take()
            tell(batch, query, wiring)
            for update in batch.updates.values { complain(update, &complained) }
            updates.merge(batch.updates) { $1 }
            if let awaited, await awaited.isFree(updates[awaited.connection.facts.name]) { return }
            // Nobody reads any more, so there is nobody to follow for.
            if Out.isBroken { return }
        }
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
}
