// SPDX-License-Identifier: MIT
import Testing

@testable import LockSystems

@Suite("Work that several wait for", .timeLimit(.minutes(1)))
struct SingleFlightTests {
    /// Work that ends when it is told to, and counts how often it began and was cancelled.
    private actor Desk {
        private(set) var begun = 0
        private(set) var cancelled = 0
        private var end: CheckedContinuation<Void, Never>?

        func work() async throws -> Int {
            begun += 1
            let number = begun
            await withTaskCancellationHandler {
                await withCheckedContinuation { end = $0 }
            } onCancel: {
                Task { await self.stop() }
            }
            try Task.checkCancellation()
            return number
        }

        func finish() {
            end?.resume()
            end = nil
        }

        private func stop() {
            cancelled += 1
            finish()
        }
    }

    private func until(_ condition: () async -> Bool) async {
        while !(await condition()) { await Task.yield() }
    }

    @Test("Who began the work may be cancelled, and the others get their answer")
    func firstLeaves() async throws {
        let (flight, desk) = (SingleFlight<Int>(), Desk())
        let first = Task { try await flight.run { try await desk.work() } }
        await until { await desk.begun == 1 }
        let others = (0..<3).map { _ in Task { try await flight.run { try await desk.work() } } }
        await until { flight.waiters == 4 }
        first.cancel()
        // It does not wait for the work's end.
        await #expect(throws: CancellationError.self) { try await first.value }
        await desk.finish()
        for other in others { #expect(try await other.value == 1) }
        #expect(await desk.begun == 1)
        #expect(await desk.cancelled == 0)
    }

    @Test("When the last one leaves the work is cancelled, and the next one begins anew")
    func allLeave() async throws {
        let (flight, desk) = (SingleFlight<Int>(), Desk())
        let waiters = (0..<2).map { _ in Task { try await flight.run { try await desk.work() } } }
        await until { flight.waiters == 2 }
        await until { await desk.begun == 1 }
        for waiter in waiters { waiter.cancel() }
        for waiter in waiters { await #expect(throws: CancellationError.self) { try await waiter.value } }
        await until { await desk.cancelled == 1 }
        let next = Task { try await flight.run { try await desk.work() } }
        await until { await desk.begun == 2 }
        await desk.finish()
        #expect(try await next.value == 2)
    }

    @Test("A failure is everybody's, and not remembered")
    func failure() async throws {
        struct Broken: Error {}
        let flight = SingleFlight<Int>()
        await #expect(throws: Broken.self) { try await flight.run { throw Broken() } }
        #expect(try await flight.run { 7 } == 7)
    }

    @Test("Who was cancelled before begins nothing")
    func alreadyCancelled() async throws {
        let (flight, desk) = (SingleFlight<Int>(), Desk())
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await flight.run { try await desk.work() }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await desk.begun == 0)
    }
}
