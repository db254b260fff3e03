// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Settings
import Synchronization
import Watching

/// Runs the configured commands for what the watches tell: each hook one event after another, and none waits for
/// another hook.
final class Hooks: Sendable {
    private let queues: [HookQueue]
    private let runs: Task<Void, Never>

    /// - Parameter tell: is told what failed, in a sentence.
    init(_ hooks: [Hook], _ staleness: Staleness, tell: @escaping @Sendable (String) -> Void) {
        queues = hooks.compactMap { HookQueue($0, staleness, tell) }
        runs = Task.detached { [queues] in
            await withTaskGroup(of: Void.self) { group in
                for queue in queues { group.addTask { await queue.run() } }
            }
        }
    }

    /// Takes what a watch published.
    func take(_ update: ServerUpdate) {
        guard !queues.isEmpty else { return }
        for event in update.events {
            let item = update.catalog[event.ref.id]?.item
            for queue in queues { queue.take(event, item) }
        }
    }

    /// Takes no more, and waits until what was taken is done, or the task is cancelled.
    func finish() async {
        for queue in queues { queue.finish() }
        await withTaskCancellationHandler {
            await runs.value
        } onCancel: {
            runs.cancel()
        }
    }

    /// Ends what runs, and begins with nothing more.
    func stop() async {
        for queue in queues { queue.finish() }
        runs.cancel()
        await runs.value
    }
}

/// One hook and the events that wait for it.
private final class HookQueue: Sendable {
    /// More than so many events don't wait: a hook that is slower than the servers would never be through.
    private static let most = 1_000

    private let hook: Hook
    private let query: Query
    private let staleness: Staleness
    private let tell: @Sendable (String) -> Void
    private let isBehind = Mutex(false)
    private let events: AsyncStream<LockEvent>
    private let sink: AsyncStream<LockEvent>.Continuation

    init?(_ hook: Hook, _ staleness: Staleness, _ tell: @escaping @Sendable (String) -> Void) {
        guard let query = try? Query(hook.filter) else { return nil }
        self.hook = hook
        self.query = query
        self.staleness = staleness
        self.tell = tell
        (events, sink) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.most))
    }

    func take(_ event: LockEvent, _ item: Item?) {
        guard event.kind.rawValue == hook.event, query.matches(event, item, staleness),
            case .dropped = sink.yield(event)
        else { return }
        let isNew = isBehind.withLock { isBehind in
            defer { isBehind = true }
            return !isBehind
        }
        if isNew { tell("The hook for \(hook.event) is slower than the events: some of them are left out.") }
    }

    func finish() { sink.finish() }

    func run() async {
        let environment = Environment.variables
        for await event in events {
            if Task.isCancelled { return }
            let failure = await hook.carryOut(JSON.event(event).line + "\n", environment: environment)
            if let failure, !Task.isCancelled {
                tell("The hook for \(hook.event), on \(event.ref.server):\(event.path), \(failure).")
            }
        }
    }
}
