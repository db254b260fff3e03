// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Synchronization
import Testing

private let canary = "CANARY-7f3a"

private func lost(_ code: TransportError.Code = .connectionLost, notSent: Bool = false) -> TransportError {
    TransportError(code, "Gone.", surelyNotSent: notSent)
}

struct DecoratorTests {
    private let secretRequest = Request(
        "POST", "https://me:\(canary)@h/x?a=1&access_token=\(canary)&%74oken=\(canary)&key=\(canary)&b#\(canary)",
        headers: [
            "Authorization": "Bearer \(canary)", "Cookie": canary, "Lock-Token": "<\(canary)>", "If": "(<\(canary)>)",
            "X-My-Token": canary, "Accept": "a/b",
        ], body: Array(canary.utf8))

    @Test("A log line has method, address, outcome and time, and no secret")
    func log() async throws {
        let time = ManualTime()
        let lines = Lines<String>()
        let memory = MemoryTransport { _ in
            time.advance(by: .milliseconds(12))
            return Response(
                status: 201, headers: ["Set-Cookie": canary, "X-Request-ID": "94fb-3b52"], body: Array(canary.utf8))
        }
        _ = try await Logged(memory, time: time.source, to: { lines.add($0) }).send(secretRequest, deadline: time.now)
        let failing = MemoryTransport([.failure(lost(.timedOut))])
        _ = try? await Logged(failing, time: time.source, to: { lines.add($0) }).send(
            Request("GET", "http://h/", for: .read), deadline: time.now)
        #expect(
            lines.all == [
                "POST https://•••@h/x?a=1&access_token=•••&%74oken=•••&key=•••&b 201 12 ms id=94fb-3b52",
                "GET http://h/ timedOut 0 ms",
            ])
    }

    @Test("Requests, errors, bytes and times are counted; a cancelled request is no error")
    func count() async throws {
        let time = ManualTime()
        let memory = MemoryTransport { request in
            time.advance(by: .milliseconds(Int(request.url) ?? 0))
            if request.url == "lost" { throw lost() }
            if request.url == "cancel" { throw CancellationError() }
            return Response(status: 200, body: [1, 2, 3])
        }
        let counted = Counted(memory, time: time.source)
        #expect(counted.counts == Counted.Counts())
        for url in ["10", "30", "20", "lost", "cancel"] {
            _ = try? await counted.send(Request("POST", url, body: [1]), deadline: time.now)
        }
        #expect(counted.counts.requests == 5)
        #expect(counted.counts.errors == 1)
        #expect(counted.counts.bytesSent == 5)
        #expect(counted.counts.bytesReceived == 9)
        #expect(counted.counts.roundTrip == .milliseconds(20))
        // Only the last nine count.
        for _ in 0..<9 { _ = try await counted.send(Request("GET", "70", for: .read), deadline: time.now) }
        #expect(counted.counts.roundTrip == .milliseconds(70))
    }

    @Test("Answers by which a server asks to be left alone are counted apart")
    func throttled() async throws {
        let time = ManualTime()
        let memory = MemoryTransport { Response(status: Int($0.url) ?? 0) }
        let counted = Counted(memory, time: time.source)
        for url in ["200", "429", "500", "503", "404"] {
            _ = try await counted.send(Request("GET", url, for: .read), deadline: time.now)
        }
        #expect(counted.counts.throttled == 2)
        #expect(counted.counts.errors == 0)
    }

    @Test("A request that nobody has called a reading is taken for a change")
    func standard() {
        #expect(Request("GET", "x").purpose == .change)
    }

    @Test(
        "A reading whose connection was lost is sent once more, after a short wait, whatever its verb",
        arguments: ["GET", "PROPFIND", "POST", "REPORT"] as [HTTP.Method])
    func retry(method: HTTP.Method) async throws {
        let time = ManualTime()
        let memory = MemoryTransport([.failure(lost()), .success(Response(status: 200))])
        let retrying = Retrying(memory, time: time.source, random: { 1 })
        let task = Task {
            try await retrying.send(Request(method, "x", for: .read), deadline: time.begin + .seconds(9))
        }
        #expect(await eventually { time.sleepers == 1 })
        #expect(memory.requests.count == 1)
        time.advance(by: .milliseconds(200))
        #expect(try await task.value.status == 200)
        #expect(memory.requests.count == 2)
    }

    @Test("The wait doubles, and the last error is the one that is told")
    func retryTimes() async throws {
        let time = ManualTime()
        let memory = MemoryTransport(Array(repeating: .failure(lost(.refused, notSent: true)), count: 5))
        let retrying = Retrying(memory, times: 3, time: time.source, random: { 0 })
        let task = Task { try await retrying.send(Request("GET", "x", for: .read), deadline: time.begin + .seconds(9)) }
        for (count, wait) in [(1, 100), (2, 200), (3, 400)] {
            #expect(await eventually { time.sleepers == 1 })
            #expect(memory.requests.count == count)
            time.advance(by: .milliseconds(wait - 1))
            #expect(time.sleepers == 1)
            time.advance(by: .milliseconds(1))
        }
        await #expect(throws: lost(.refused, notSent: true)) { try await task.value }
        #expect(memory.requests.count == 4)
    }

    @Test(
        "A change or a sign-in is never repeated, whatever its verb and whatever went wrong",
        arguments: [
            "POST", "PUT", "PATCH", "DELETE", "LOCK", "UNLOCK", "MOVE", "PROPPATCH", "get", "REPORT", "GET", "HEAD",
        ] as [HTTP.Method], [Request.Purpose.change, .signIn])
    func neverAChange(method: HTTP.Method, purpose: Request.Purpose) async {
        for error in [lost(), lost(.refused, notSent: true), lost(.timedOut)] {
            let memory = MemoryTransport([.failure(error), .success(Response(status: 200))])
            let retrying = Retrying(memory, times: 5, time: .machine)
            await #expect(throws: error) {
                try await retrying.send(Request(method, "x", for: purpose), deadline: .now + .seconds(9))
            }
            #expect(memory.requests.count == 1)
        }
    }

    @Test(
        "What a repetition does not help is not repeated",
        arguments: [
            lost(.timedOut), lost(.untrusted, notSent: true), lost(.hostNotFound, notSent: true), lost(.tooLarge),
            lost(.malformed), lost(.badAddress, notSent: true), lost(.proxy, notSent: true), lost(.refused),
        ])
    func notWorthwhile(error: TransportError) async {
        let memory = MemoryTransport([.failure(error), .success(Response(status: 200))])
        await #expect(throws: error) {
            try await Retrying(memory, time: .machine).send(
                Request("GET", "x", for: .read), deadline: .now + .seconds(9))
        }
        #expect(memory.requests.count == 1)
    }

    @Test("An answer is never asked for again, not even “too many requests”", arguments: [429, 500, 503])
    func answersSurface(status: Int) async throws {
        let memory = MemoryTransport(answers: [Response(status: status), Response(status: 200)])
        let response = try await Retrying(memory, time: .machine).send(Request("GET", "x", for: .read), deadline: .now)
        #expect(response.status == status)
        #expect(memory.remaining == 1)
    }

    @Test("Nothing is repeated past the deadline")
    func retryDeadline() async {
        let time = ManualTime()
        let memory = MemoryTransport([.failure(lost()), .success(Response(status: 200))])
        await #expect(throws: lost()) {
            try await Retrying(memory, time: time.source, random: { 1 })
                .send(Request("GET", "x", for: .read), deadline: time.begin + .milliseconds(200))
        }
        #expect(memory.requests.count == 1)
    }

    @Test("A script that has run out refuses")
    func scriptEnd() async throws {
        let memory = MemoryTransport(answers: [Response(status: 204)])
        #expect(try await memory.send(Request("GET", "x", for: .read), deadline: .now).status == 204)
        let error = await #expect(throws: TransportError.self) {
            try await memory.send(Request("GET", "x", for: .read), deadline: .now)
        }
        #expect(error?.code == .refused)
        #expect(memory.requests.count == 2)
    }
}
