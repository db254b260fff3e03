// SPDX-License-Identifier: MIT
import HTTP
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LimitedTests {
    /// A server that answers when it is told to.
    final class Door: Sendable {
        private let state = Mutex<(inside: [(String, CheckedContinuation<Void, Never>)], most: Int, log: [String])>(
            ([], 0, []))
        var inside: Int { state.withLock { $0.inside.count } }
        var most: Int { state.withLock { $0.most } }
        var log: [String] { state.withLock { $0.log } }

        var transport: MemoryTransport {
            MemoryTransport { request in
                await withCheckedContinuation { wake in
                    self.state.withLock { state in
                        state.inside.append((request.url, wake))
                        state.log.append(request.url)
                        state.most = max(state.most, state.inside.count)
                    }
                }
                return Response(status: 200)
            }
        }

        func letOneOut() {
            state.withLock { $0.inside.isEmpty ? nil : $0.inside.removeFirst().1 }?.resume()
        }
    }

    @Test("No more requests at a time than allowed, in the order of asking, and all get their turn")
    func connections() async throws {
        let time = ManualTime()
        let door = Door()
        let limited = Limited(door.transport, connections: 3, perSecond: nil, time: time.source)
        try await withThrowingTaskGroup { group in
            for number in 0..<12 {
                group.addTask {
                    _ = try await limited.send(
                        Request("GET", "\(number)", for: .read), deadline: time.begin + .seconds(60))
                }
                #expect(await eventually { door.inside + limited.waiting == number + 1 })
            }
            #expect(door.inside == 3)
            for gone in 1...12 {
                door.letOneOut()
                #expect(await eventually { door.log.count == min(12, 3 + gone) })
            }
            try await group.waitForAll()
        }
        #expect(door.most == 3)
        #expect(door.log == (0..<12).map { "\($0)" })
    }

    @Test("Two accounts on one server share its connections")
    func sharing() async throws {
        let time = ManualTime()
        let door = Door()
        let connections = Limited.Connections(2)
        let limits = (0..<2).map { _ in
            Limited(door.transport, sharing: connections, perSecond: nil, time: time.source)
        }
        try await withThrowingTaskGroup { group in
            for number in 0..<6 {
                group.addTask {
                    _ = try await limits[number % 2].send(
                        Request("PUT", "\(number)", for: .change), deadline: time.begin + .seconds(60))
                }
                #expect(await eventually { door.inside + limits[0].waiting == number + 1 })
            }
            for gone in 1...6 {
                #expect(await eventually { door.log.count >= gone })
                door.letOneOut()
            }
            try await group.waitForAll()
        }
        #expect(door.most == 2)
    }

    @Test("The budget is kept in every second, also with many at a time", arguments: [10, 2, 2.5, 0.5])
    func budget(perSecond: Double) async throws {
        let time = ManualTime()
        let starts = Lines<Duration>()
        let limited = Limited(
            MemoryTransport { _ in
                starts.add(time.elapsed)
                return Response(status: 200)
            }, connections: 8, perSecond: perSecond, time: time.source)
        let finished = Lines<Int>()
        try await withThrowingTaskGroup { group in
            for number in 0..<50 {
                group.addTask {
                    _ = try await limited.send(
                        Request("GET", "\(number)", for: .read), deadline: time.begin + .seconds(3600))
                    finished.add(number)
                }
            }
            #expect(
                await eventually {
                    while time.advanceToSleeper(within: .seconds(10)) {}
                    return finished.all.count == 50
                })
            try await group.waitForAll()
        }
        let times = starts.all.sorted()
        let most = max(1, Int(perSecond))
        let span: Duration = perSecond < 1 ? .seconds(2) : .seconds(Double(most) / perSecond)
        for (early, late) in zip(times, times.dropFirst(most)) { #expect(late - early >= span - .nanoseconds(1)) }
        #expect(times.count == 50)
        // Nothing is left lying either: it is as fast as the budget allows.
        #expect(try #require(times.last) <= span * (50 / most))
    }

    @Test("What changes something, and what is urgent, goes past the budget and to the front")
    func urgent() async throws {
        let time = ManualTime()
        let door = Door()
        let limited = Limited(door.transport, connections: 1, perSecond: nil, time: time.source)
        let deadline = time.begin + .seconds(60)
        try await withThrowingTaskGroup { group in
            for (number, method) in (["GET", "GET", "GET", "LOCK"] as [HTTP.Method]).enumerated() {
                let purpose: Request.Purpose = method == "GET" ? .read : .change
                group.addTask {
                    _ = try await limited.send(Request(method, method.rawValue, for: purpose), deadline: deadline)
                }
                #expect(await eventually { door.inside + limited.waiting == number + 1 })
            }
            group.addTask {
                try await Limited.$isUrgent.withValue(true) {
                    _ = try await limited.send(Request("GET", "urgent", for: .read), deadline: deadline)
                }
            }
            #expect(await eventually { limited.waiting == 4 })
            for gone in 1...5 {
                door.letOneOut()
                #expect(await eventually { door.log.count == min(5, 1 + gone) })
            }
            try await group.waitForAll()
        }
        // One reading had gone through the gate and waited for the connection already.
        #expect(door.log == ["GET", "LOCK", "urgent", "GET", "GET"])
    }

    @Test("A reading by POST keeps to the budget, and a change or a sign-in by any verb does not")
    func purposeNotVerb() async throws {
        let time = ManualTime()
        let memory = MemoryTransport { _ in Response(status: 200) }
        let limited = Limited(memory, connections: 8, perSecond: 1, time: time.source)
        let deadline = time.begin + .milliseconds(900)
        _ = try await limited.send(Request("POST", "/$batch", for: .read), deadline: deadline)
        for purpose in [Request.Purpose.change, .signIn] {
            _ = try await limited.send(Request("GET", "x", for: purpose), deadline: deadline)
        }
        let error = await #expect(throws: TransportError.self) {
            try await limited.send(Request("POST", "/$batch", for: .read), deadline: deadline)
        }
        #expect(error?.code == .timedOut)
        #expect(memory.requests.count == 3)
    }

    @Test("A repetition counts against the budget, and holds no connection while it waits")
    func repetition() async throws {
        let time = ManualTime()
        let starts = Lines<Duration>()
        let server = MemoryTransport { request in
            starts.add(time.elapsed)
            if request.url == "flaky", starts.all.count == 1 {
                throw TransportError(.connectionLost, "The connection was lost.", surelyNotSent: false)
            }
            return Response(status: 200)
        }
        let limited = Limited(server, connections: 1, perSecond: 1, time: time.source)
        let retrying = Retrying(limited, time: time.source, random: { 1 })
        let deadline = time.begin + .seconds(9)
        let flaky = Task { try await retrying.send(Request("GET", "flaky", for: .read), deadline: deadline) }
        #expect(await eventually { time.sleepers == 1 })
        // The only connection is free for somebody else meanwhile.
        _ = try await retrying.send(Request("POST", "change", for: .change), deadline: deadline)
        time.advance(by: .milliseconds(200))
        #expect(await eventually { time.sleepers == 1 })
        #expect(starts.all.count == 2)
        time.advance(by: .milliseconds(800))
        #expect(try await flaky.value.status == 200)
        #expect(starts.all == [.zero, .zero, .seconds(1)])
    }

    @Test("A change is sent at once though the budget is used up")
    func changeAside() async throws {
        let time = ManualTime()
        let memory = MemoryTransport { _ in Response(status: 200) }
        let limited = Limited(memory, connections: 8, perSecond: 1, time: time.source)
        let deadline = time.begin + .milliseconds(900)
        _ = try await limited.send(Request("GET", "1", for: .read), deadline: deadline)
        for _ in 0..<5 { _ = try await limited.send(Request("DELETE", "2"), deadline: deadline) }
        let error = await #expect(throws: TransportError.self) {
            try await limited.send(Request("GET", "3", for: .read), deadline: deadline)
        }
        #expect(error?.code == .timedOut)
        #expect(error?.surelyNotSent == true)
        #expect(memory.requests.count == 6)
        limited.perSecond = nil
        _ = try await limited.send(Request("GET", "4", for: .read), deadline: deadline)
        #expect(limited.perSecond == nil)
    }

    @Test("Who is cancelled or late leaves the queue, and takes no turn along")
    func leaving() async throws {
        let time = ManualTime()
        let door = Door()
        let limited = Limited(door.transport, connections: 1, perSecond: nil, time: time.source)
        let first = Task {
            try await limited.send(Request("GET", "first", for: .read), deadline: time.begin + .seconds(60))
        }
        #expect(await eventually { door.inside == 1 })
        let cancelled = Task {
            try await limited.send(Request("GET", "cancelled", for: .read), deadline: time.begin + .seconds(60))
        }
        #expect(await eventually { limited.waiting == 1 })
        let late = Task {
            try await limited.send(Request("GET", "late", for: .read), deadline: time.begin + .seconds(5))
        }
        let last = Task { try await limited.send(Request("POST", "last"), deadline: time.begin + .seconds(60)) }
        #expect(await eventually { limited.waiting == 3 && time.sleepers == 3 })
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        time.advance(by: .seconds(6))
        let error = await #expect(throws: TransportError.self) { try await late.value }
        #expect(error?.code == .timedOut)
        #expect(error?.surelyNotSent == true)
        door.letOneOut()
        _ = try await first.value
        #expect(await eventually { door.inside == 1 })
        door.letOneOut()
        _ = try await last.value
        #expect(door.log == ["first", "last"])
        #expect(limited.waiting == 0)
    }

    @Test("After a storm of cancellations every turn is there again")
    func storm() async throws {
        let door = Door()
        let memory = door.transport
        let limited = Limited(
            MemoryTransport { request in
                await Task.yield()
                if request.url == "storm" { return Response(status: 200) }
                return try await memory.send(request, deadline: .now)
            }, connections: 2, perSecond: nil, time: .machine)
        await withTaskGroup { group in
            for number in 0..<2000 {
                group.addTask {
                    let task = Task {
                        try await limited.send(Request("POST", "storm"), deadline: .now + .seconds(30))
                    }
                    for _ in 0..<number % 7 { await Task.yield() }
                    task.cancel()
                    _ = try? await task.value
                }
            }
        }
        #expect(limited.waiting == 0)
        try await withThrowingTaskGroup { group in
            for _ in 0..<2 {
                group.addTask {
                    _ = try await limited.send(Request("GET", "after", for: .read), deadline: .now + .seconds(5))
                }
            }
            #expect(await eventually { door.inside == 2 })
            door.letOneOut()
            door.letOneOut()
            try await group.waitForAll()
        }
    }
}
