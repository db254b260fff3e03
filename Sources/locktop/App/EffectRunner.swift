// SPDX-License-Identifier: MIT
import Dashboard
import FoundationEssentials
import History
import Locks
import Settings
import Synchronization
import Watching

/// Carries out what the dashboard wants done outside. The only place in the program that starts tasks for it.
final class EffectRunner: Sendable {
    private let connections: [Connection]
    private let couriers: [String: Courier]
    private let mailbox: Mailbox
    private let store: Store?
    private let configuredColumns: [String]?
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let operations = Mutex<[Ticket: Task<Void, Never>]>([:])
    private let arranging = Mutex<Task<Void, Never>?>(nil)
    private let stories = Mutex<Task<Void, Never>?>(nil)
    private let exports = Mutex<Task<Void, Never>?>(nil)

    init(_ wiring: Wiring, poll: Double?, mailbox: Mailbox) {
        connections = wiring.connections
        self.mailbox = mailbox
        store = wiring.store
        configuredColumns = wiring.configuration.columns
        couriers = Dictionary(
            uniqueKeysWithValues: wiring.connections.map { connection in
                let watch = connection.watch(
                    wiring, poll: poll, keepsAlive: wiring.configuration.keepAlive,
                    publish: { mailbox.post(.update($0)) }, report: { mailbox.post(.waited($0)) })
                return (connection.facts.name, Courier(watch))
            })
    }

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
        let export = exports.withLock(\.self)
        export?.cancel()
        let pending = operations.withLock { Array($0.values) } + [export].compactMap(\.self)
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
        case .arrange(let arrangement):
            let work = Task.detached { [mailbox] in
                let arranged = arrangement.carriedOut()
                if !Task.isCancelled { mailbox.post(.arranged(arranged)) }
            }
            // What is overtaken would not be taken any more.
            arranging.withLock { before in
                before?.cancel()
                before = work
            }
        case .story(let ref): tellStory(of: ref)
        case .export(let snapshot, let asJSON, let name): export(snapshot, asJSON: asJSON, name)
        case .keepColumns(let names): store?.keepColumns(names, over: configuredColumns)
        case .stopExport: exports.withLock(\.self)?.cancel()
        case .copy, .copyAddress, .suspend, .redraw, .quit: break
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

    private func export(_ snapshot: Snapshot, asJSON: Bool, _ name: String?) {
        let systems = Dictionary(uniqueKeysWithValues: connections.map { ($0.facts.name, $0.system) })
        let export = Export(snapshot: snapshot, asJSON: asJSON, name: name) {
            systems[$0.name]?.webAddress(of: $1) ?? ""
        }
        let task = Task.detached { [mailbox] in
            switch export.write({ mailbox.post(.exporting(rows: $0)) }) {
            case .done(let sentence): mailbox.post(.exported(sentence, isError: false))
            case .failed(let sentence): mailbox.post(.exported(sentence, isError: true))
            }
        }
        exports.withLock { $0 = task }
    }

    // The cursor may be on its way past: only where it stays is anything looked up.
    private func tellStory(of ref: ItemRef) {
        guard let store else { return }
        let task = Task.detached { [mailbox] in
            guard (try? await Task.sleep(for: .milliseconds(80))) != nil, let story = try? store.story(of: ref) else {
                return
            }
            let events = story.suffix(500).compactMap { if case .event(let event) = $0 { event } else { nil } }
            mailbox.post(.story(ref, events))
        }
        stories.withLock { before in
            before?.cancel()
            before = task
        }
    }

    private func each(_ order: (String) -> Courier.Order) {
        for (name, courier) in couriers { courier.send(order(name)) }
    }

    /// The web address of an item.
    func webAddress(of ref: ItemRef, path: String) -> String? {
        connections.first { $0.facts.name == ref.server }?.system.webAddress(
            of: Item(id: ref.id, path: path, title: ""))
    }
}
