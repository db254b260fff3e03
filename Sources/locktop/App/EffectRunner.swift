// SPDX-License-Identifier: MIT
import Dashboard
import FoundationEssentials
import History
import Locks
import Settings
import Synchronization
import Watching

/// Carries out what the dashboard wants done outside. The only place in the program that starts tasks for it.
final class EffectRunner: Backstage, Sendable {
    private let connections: [Connection]
    private let couriers: [String: Courier]
    private let mailbox: Mailbox
    private let hooks: Hooks
    private let store: Store?
    private let configuredColumns: [String]?
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let operations = Mutex<[Ticket: Task<Void, Never>]>([:])
    private let errands: Errands
    private let stories = Mutex<Task<Void, Never>?>(nil)

    init(_ wiring: Wiring, poll: Double?, mailbox: Mailbox) {
        connections = wiring.connections
        self.mailbox = mailbox
        errands = Errands(mailbox)
        store = wiring.store
        let hooks = Hooks(wiring.configuration.hooks, wiring.staleness) { mailbox.post(.warned($0)) }
        self.hooks = hooks
        configuredColumns = wiring.configuration.columns
        couriers = Dictionary(
            uniqueKeysWithValues: wiring.connections.map { connection in
                let watch = connection.watch(
                    wiring, poll: poll, keepsAlive: wiring.configuration.keepAlive,
                    publish: {
                        hooks.take($0)
                        mailbox.post(.update($0))
                    }, report: { mailbox.post(.waited($0)) })
                return (connection.facts.name, Courier(watch))
            })
    }

    var now: Date { Date() }

    func takeNews() -> [(event: Event, at: Date)] { mailbox.drain().map { ($0, Date()) } }

    func wake(for turn: Date) -> ContinuousClock.Instant? { .now + .seconds(turn.timeIntervalSinceNow) }

    /// Begins to watch every server.
    func start() {
        store?.tell { [mailbox] in mailbox.post(.warned($0)) }
        tasks.withLock { tasks in
            for connection in connections {
                guard let courier = couriers[connection.facts.name] else { continue }
                let mailbox = mailbox
                tasks.append(Task.detached { await courier.run() })
                tasks.append(
                    Task.detached {
                        await CodeSignIn.ensure(connection) { mailbox.post(.notice($0, isError: false)) }
                        await courier.watch.run()
                    })
            }
        }
    }

    /// Stops watching; operations that were sent have most of a second to end, and their end is written down.
    func stop() {
        store?.tell { Out.say($0) }
        let running = tasks.withLock(\.self)
        for task in running { task.cancel() }
        errands.stop()
        let pending = operations.withLock { Array($0.values) } + [errands.export].compactMap(\.self)
        let done = Latch<Bool>()
        Task.detached { [hooks] in
            for task in pending { await task.value }
            for task in running { await task.value }
            await hooks.finish()
            done.set(true)
        }
        Task.detached {
            try? await Task.sleep(for: .milliseconds(700))
            done.set(true)
        }
        _ = done.get()
        let ended = Latch<Bool>()
        Task.detached { [hooks] in
            await hooks.stop()
            ended.set(true)
        }
        _ = ended.get()
    }

    /// Carries out an effect that is not the screen's own.
    func run(_ effect: Effect) {
        switch effect {
        case .perform(let wish, let ref, let ticket): perform(wish, ref, ticket)
        case .show(let ids): each { name in { await $0.show(ids[name] ?? []) } }
        case .readNow: each { _ in { await $0.readNow() } }
        case .readServer(let name): couriers[name]?.send { await $0.readNow() }
        case .readAll: each { _ in { await $0.readAll() } }
        case .setPoll(let seconds): each { _ in { await $0.setPoll(seconds) } }
        case .setPaused(let isPaused): each { _ in { await $0.setPaused(isPaused) } }
        case .wait(let ref, let wish): couriers[ref.server]?.send { await $0.wait(for: ref.id, with: wish) }
        case .cancelWait(let ref): couriers[ref.server]?.send { await $0.cancelWait(for: ref.id) }
        case .setKept(let ref, let isKept): couriers[ref.server]?.send { await $0.setKept(ref.id, isKept) }
        case .arrange, .export, .stopExport:
            let systems = Dictionary(uniqueKeysWithValues: connections.map { ($0.facts.name, $0.system) })
            errands.run(effect) { systems[$0.name]?.webAddress(of: $1) ?? "" }
        case .story(let ref): tellStory(of: ref)
        case .keepColumns(let names): store?.keepColumns(names, over: configuredColumns)
        case .copy, .copyAddress, .ring, .suspend, .redraw, .replay, .quit: break
        }
    }

    // The order is taken in its turn; what it leads to must not hold later orders up.
    private func perform(_ wish: Wish, _ ref: ItemRef, _ ticket: Ticket) {
        guard let courier = couriers[ref.server] else { return }
        courier.send { [self] watch in
            let order = await watch.take(wish, on: ref.id)
            operations.withLock { operations in
                operations[ticket] = Task.detached { [self] in
                    let result = await watch.perform(order)
                    self.operations.withLock { $0[ticket] = nil }
                    mailbox.post(.ended(result, ticket))
                }
            }
        }
    }

    // The cursor may be on its way past: only where it stays is anything looked up.
    private func tellStory(of ref: ItemRef) {
        guard let store else { return }
        let task = Task.detached { [mailbox] in
            guard (try? await Task.sleep(for: .milliseconds(80))) != nil, let story = try? store.story(of: ref) else {
                return
            }
            mailbox.post(.story(ref, story.suffix(500).events))
        }
        stories.withLock { before in
            before?.cancel()
            before = task
        }
    }

    private func each(_ order: (String) -> Courier.Order) {
        for (name, courier) in couriers { courier.send(order(name)) }
    }

    func webAddress(of ref: ItemRef, path: String) -> String? {
        connections.first { $0.facts.name == ref.server }?.system.webAddress(
            of: Item(id: ref.id, path: path, title: ""))
    }
}
