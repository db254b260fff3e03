// SPDX-License-Identifier: MIT
import Watching

/// Brings what the operator orders to one server's watch, in the order in which it was typed.
struct Courier: Sendable {
    /// What is done with the watch; it must not wait for the network, or later orders would wait with it.
    typealias Order = @Sendable (ServerWatch) async -> Void

    let watch: ServerWatch
    private let orders: AsyncStream<Order>
    private let sink: AsyncStream<Order>.Continuation

    init(_ watch: ServerWatch) {
        self.watch = watch
        (orders, sink) = AsyncStream.makeStream(of: Order.self)
    }

    func send(_ order: @escaping Order) { sink.yield(order) }

    /// Delivers until the task is cancelled.
    func run() async { for await order in orders { await order(watch) } }
}
