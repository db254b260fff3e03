// SPDX-License-Identifier: MIT
import CCurl
import HTTP

/// The network's thread: carries the requests of one transport until it is closed.
@safe final class TransferLoop {
    private let orders: Orders
    private let options: NetworkOptions
    private let multi: UnsafeMutableRawPointer
    /// What waits for a connection, in the order of asking. libcurl could keep this queue too, but it keeps no deadlines
    /// in it, and was seen to forget the last ones.
    private var queue: [Order] = []
    private var transfers: [UnsafeMutableRawPointer: Transfer] = unsafe [:]
    /// What has come to its end and has not been told.
    private var ended: [Ended] = []
    /// Handles without a transfer: making one costs more than resetting it.
    private var spare: [UnsafeMutableRawPointer] = unsafe []

    private struct Ended {
        let order: Order
        let result: Result<Response, any Error>
    }

    private final class Start: Sendable {
        let orders: Orders
        let options: NetworkOptions

        init(_ orders: Orders, _ options: NetworkOptions) { (self.orders, self.options) = (orders, options) }
    }

    /// Starts the thread, which ends when the orders are closed.
    static func start(_ orders: Orders, _ options: NetworkOptions) {
        let start = unsafe Unmanaged.passRetained(Start(orders, options))
        let isStarted = unsafe cc_start_thread(start.toOpaque()) { context in
            let start = unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
            if let fault = LibraryFault.find() { return start.orders.end(fault) }
            guard let loop = TransferLoop(start.orders, start.options) else {
                return start.orders.end(LibraryFault.exhausted)
            }
            loop.run()
        }
        guard !isStarted else { return }
        unsafe start.release()
        orders.end(LibraryFault.exhausted)
    }

    private init?(_ orders: Orders, _ options: NetworkOptions) {
        guard let multi = unsafe cc_multi_open(max(1, options.connections)) else { return nil }
        self.orders = orders
        self.options = options
        unsafe self.multi = unsafe multi
        orders.serve(UInt(bitPattern: multi))
    }

    private func run() {
        while let orders = orders.take() {
            orders.forEach(enqueue)
            endOverdue()
            repeat {
                beginNext()
                unsafe cc_multi_work(multi)
                // Only now, when what took their connections is on its way: handing over wakes another thread.
                handOver()
            } while endFinished() && !queue.isEmpty
            handOver()
            if self.orders.maySleep() { unsafe cc_multi_wait(multi, untilNextDeadline) }
        }
        for order in queue { order.continuation.resume(throwing: Orders.closed) }
        for transfer in unsafe Array(transfers.values) { end(transfer, .failure(transfer.lost)) }
        handOver()
        orders.refuse()
        unsafe spare.forEach { unsafe cc_easy_close($0) }
        unsafe cc_multi_close(multi)
        orders.end()
    }

    private func enqueue(_ order: Order) {
        guard order.isUrgent else { return queue.append(order) }
        queue.insert(order, at: queue.firstIndex { !$0.isUrgent } ?? queue.endIndex)
    }

    private func beginNext() {
        let room = unsafe max(1, options.connections) - transfers.count
        for order in queue.prefix(max(0, room)) { begin(order) }
        queue.removeFirst(min(max(0, room), queue.count))
    }

    private func begin(_ order: Order) {
        guard let easy = unsafe spare.popLast() ?? cc_easy_open() else {
            return order.continuation.resume(throwing: LibraryFault.exhausted)
        }
        let transfer = unsafe Transfer(order, options, on: easy)
        unsafe transfers[easy] = transfer
        guard unsafe cc_multi_add(multi, easy) else { return end(transfer, .failure(LibraryFault.exhausted)) }
    }

    private func endOverdue() {
        let now = ContinuousClock.now
        queue.removeAll { order in
            guard order.ticket.isCancelled || order.deadline <= now else { return false }
            order.continuation.resume(
                throwing: order.ticket.isCancelled
                    ? CancellationError() : Explanation(server: order.server, options: options).busy)
            return true
        }
        for transfer in unsafe Array(transfers.values) {
            if transfer.order.ticket.isCancelled {
                end(transfer, .failure(CancellationError()))
            } else if transfer.deadline <= now {
                end(transfer, transfer.late())
            }
        }
    }

    /// Whether any has ended.
    private func endFinished() -> Bool {
        var hasEnded = false
        var code = CURLE_OK
        while let easy = unsafe cc_multi_ended(multi, &code) {
            guard let transfer = unsafe transfers[easy] else { continue }
            guard transfer.wantsLook(after: code) else {
                end(transfer, transfer.result(code))
                hasEnded = true
                continue
            }
            unsafe cc_multi_remove(multi, easy)
            transfer.look()
            if unsafe !cc_multi_add(multi, easy) { end(transfer, .failure(LibraryFault.exhausted)) }
        }
        return hasEnded
    }

    private func end(_ transfer: Transfer, _ result: Result<Response, any Error>) {
        unsafe cc_multi_remove(multi, transfer.easy)
        // It points into the transfer.
        unsafe cc_easy_reset(transfer.easy)
        unsafe transfers[transfer.easy] = nil
        unsafe spare.append(transfer.easy)
        ended.append(Ended(order: transfer.order, result: result))
    }

    private func handOver() {
        for end in ended { end.order.continuation.resume(with: end.result) }
        ended.removeAll(keepingCapacity: true)
    }

    private var untilNextDeadline: Int32 {
        let deadlines = unsafe queue.map(\.deadline) + transfers.values.map(\.deadline)
        guard let next = deadlines.min() else { return 60_000 }
        let milliseconds = ((next - .now) / .milliseconds(1)).rounded(.up)
        return Int32(min(max(milliseconds, 0), 60_000))
    }
}

/// Why the network library can't be used.
enum LibraryFault {
    static func find() -> TransportError? {
        switch cc_load() {
        case CC_READY: nil
        case CC_MISSING: fault("libcurl is not installed: install the package libcurl4.")
        default: fault("The libcurl of this machine is too old: version 7.80 or later is needed.")
        }
    }

    static var exhausted: TransportError { fault("This machine has no room for another connection.") }

    private static func fault(_ message: String) -> TransportError {
        TransportError(.badAddress, message, surelyNotSent: true)
    }
}
