// SPDX-License-Identifier: MIT
import Dashboard
import FoundationEssentials
import Locks
import Settings
import Synchronization
import Watching

/// Carries out what the dashboard wants done outside. The only place in the program that starts tasks for it.
final class EffectRunner: Sendable {
    private let connections: [Connection]
    private let watches: [String: ServerWatch]
    private let mailbox: Mailbox
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let operations = Mutex<[ItemRef: Task<Void, Never>]>([:])

    init(_ wiring: Wiring, poll: Double?, mailbox: Mailbox) {
        connections = wiring.connections
        self.mailbox = mailbox
        watches = Dictionary(
            uniqueKeysWithValues: wiring.connections.map { connection in
                (connection.facts.name, Self.watch(connection, wiring, poll: poll, mailbox))
            })
    }

    private static func watch(_ connection: Connection, _ wiring: Wiring, poll: Double?, _ mailbox: Mailbox)
        -> ServerWatch
    {
        ServerWatch(
            facts: connection.facts, system: connection.system, performer: connection.performer,
            journal: wiring.journal,
            policy: WatchPolicy(
                poll: poll ?? connection.facts.poll, limit: connection.limit,
                keepsAlive: wiring.configuration.keepAlive),
            user: connection.cacheKey, now: { Date() }, counters: { connection.counters },
            publish: { mailbox.post(.update($0)) }, report: { mailbox.post(.result($0)) })
    }

    /// Begins to watch every server.
    func start() {
        tasks.withLock { tasks in
            for connection in connections {
                guard let watch = watches[connection.facts.name] else { continue }
                let mailbox = mailbox
                tasks.append(
                    Task.detached {
                        await CodeSignIn.ensure(connection) { mailbox.post(.notice($0, isError: false)) }
                        await watch.run()
                    })
            }
        }
    }

    /// Stops watching; operations that were sent have most of a second to end, and their end is written down.
    func stop() {
        let running = tasks.withLock(\.self)
        for task in running { task.cancel() }
        let pending = operations.withLock { Array($0.values) }
        let done = Latch<Bool>()
        Task.detached {
            for task in pending { await task.value }
            for task in running { await task.value }
            done.set(true)
        }
        Task.detached {
            try? await Task.sleep(for: .milliseconds(700))
            done.set(true)
        }
        _ = done.get()
    }

    /// Carries out an effect that is not the screen's own.
    func run(_ effect: Effect) {
        switch effect {
        case .perform(let wish, let ref): perform(wish, ref)
        case .show(let ids): each { await $1.show(ids[$0] ?? []) }
        case .readNow: each { await $1.readNow() }
        case .readAll: each { await $1.readAll() }
        case .setPoll(let seconds): each { await $1.setPoll(seconds) }
        case .setPaused(let isPaused): each { await $1.setPaused(isPaused) }
        case .wait(let ref, let wish): one(ref) { await $0.wait(for: ref.id, with: wish) }
        case .cancelWait(let ref): one(ref) { await $0.cancelWait(for: ref.id) }
        case .setKept(let ref, let isKept): one(ref) { await $0.setKept(ref.id, isKept) }
        case .copy, .copyAddress, .export, .suspend, .redraw, .quit: break
        }
    }

    // The same item twice is ignored: the dashboard shows that the first is under way.
    private func perform(_ wish: Wish, _ ref: ItemRef) {
        guard let watch = watches[ref.server] else { return }
        operations.withLock { operations in
            guard operations[ref] == nil else { return }
            operations[ref] = Task.detached { [self] in
                let result = await watch.perform(wish, on: ref.id)
                self.operations.withLock { $0[ref] = nil }
                mailbox.post(.result(result))
            }
        }
    }

    private func each(_ work: @escaping @Sendable (String, ServerWatch) async -> Void) {
        for (name, watch) in watches { Task.detached { await work(name, watch) } }
    }

    private func one(_ ref: ItemRef, _ work: @escaping @Sendable (ServerWatch) async -> Void) {
        guard let watch = watches[ref.server] else { return }
        Task.detached { await work(watch) }
    }

    /// The web address of an item.
    func webAddress(of ref: ItemRef, path: String) -> String? {
        connections.first { $0.facts.name == ref.server }?.system.webAddress(
            of: Item(id: ref.id, path: path, title: ""))
    }
}
