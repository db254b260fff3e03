// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Testing
import Watching

@testable import LockSystems

@Suite("What goes wrong between SuperOffice and this program")
struct SuperOfficeFaultTests {
    /// An answer or an error in the place of the real one.
    struct Fault: CustomTestStringConvertible, Sendable {
        let name: String
        /// Whether the change happens all the same.
        let happens: Bool
        let outcome: Outcome
        let reason: Reason?
        let result: @Sendable (Response) throws -> Response

        var testDescription: String { name }
    }

    private static func page(_ status: Int, _ headers: Headers = [:]) -> Response {
        var headers = headers
        headers["Content-Type"] = "text/html"
        return Response(status: status, headers: headers, body: Array("<!DOCTYPE html><html>\(status)</html>".utf8))
    }

    private static func lost(_ code: TransportError.Code) -> TransportError {
        TransportError(code, "It went wrong.", surelyNotSent: false)
    }

    static let faults: [Fault] = [
        Fault(name: "refused", happens: false, outcome: .failed, reason: .unreachable) { _ in
            throw TransportError(.refused, "Nobody listens.", surelyNotSent: true)
        },
        Fault(name: "no such host", happens: false, outcome: .failed, reason: .unreachable) { _ in
            throw TransportError(.hostNotFound, "No such host.", surelyNotSent: true)
        },
        Fault(name: "certificate", happens: false, outcome: .failed, reason: .unreachable) { _ in
            throw TransportError(.untrusted, "The certificate is not trusted.", surelyNotSent: true)
        },
        Fault(name: "lost before", happens: false, outcome: .failed, reason: .unreachable) { _ in
            throw lost(.connectionLost)
        },
        Fault(name: "timed out before", happens: false, outcome: .failed, reason: .unreachable) { _ in
            throw lost(.timedOut)
        },
        Fault(name: "lost after", happens: true, outcome: .done, reason: nil) { _ in throw lost(.connectionLost) },
        Fault(name: "timed out after", happens: true, outcome: .done, reason: nil) { _ in throw lost(.timedOut) },
        Fault(name: "too large", happens: true, outcome: .done, reason: nil) { _ in throw lost(.tooLarge) },
        Fault(name: "truncated", happens: true, outcome: .done, reason: nil) { answer in
            Response(status: 200, headers: answer.headers, body: Array(answer.body.prefix(answer.body.count / 2)))
        },
        Fault(name: "empty", happens: true, outcome: .done, reason: nil) { Response(status: 200, headers: $0.headers) },
        Fault(name: "null", happens: true, outcome: .done, reason: nil) {
            Response(status: 200, headers: $0.headers, body: Array("null".utf8))
        },
        Fault(name: "bomb", happens: true, outcome: .done, reason: nil) {
            Response(status: 200, headers: $0.headers, body: [UInt8](repeating: UInt8(ascii: "["), count: 100_000))
        },
        Fault(name: "sign-in page", happens: false, outcome: .failed, reason: .server) { _ in page(200) },
        Fault(name: "302", happens: false, outcome: .failed, reason: .server) { _ in
            Response(status: 302, headers: ["Location": "https://evil.example.org/"])
        },
        Fault(name: "401", happens: false, outcome: .failed, reason: .signIn) { _ in page(401) },
        Fault(name: "403", happens: false, outcome: .refused, reason: .forbidden) { _ in page(403) },
        Fault(name: "405", happens: false, outcome: .refused, reason: .unsupported) { _ in page(405) },
        Fault(name: "409", happens: false, outcome: .refused, reason: .conflict) { _ in page(409) },
        Fault(name: "423", happens: false, outcome: .refused, reason: .conflict) { _ in page(423) },
        Fault(name: "429", happens: false, outcome: .failed, reason: .throttled) { _ in page(429, ["Retry-After": "7"])
        },
        Fault(name: "500", happens: false, outcome: .failed, reason: .server) { _ in page(500) },
        Fault(name: "500 after", happens: true, outcome: .done, reason: nil) { _ in page(500) },
        Fault(name: "502", happens: false, outcome: .failed, reason: .server) { _ in page(502) },
        Fault(name: "503", happens: false, outcome: .failed, reason: .throttled) { _ in page(503) },
    ]

    @Test("A change meets a fault: the outcome is right, and nothing is sent twice", arguments: faults)
    func change(_ fault: Fault) async throws {
        let stage = try await SuperOfficeStage.open()
        let id = try await stage.add()
        for operation in [Locks.Operation.checkOut, .checkIn] {
            let client = try stage.client()
            if operation == .checkIn {
                try await stage.server.unlock(path: stage.sitePath(id))
                try await stage.hold(id, as: "alice")
            }
            client.wire.bendChanges { request, next in
                let answer = fault.happens ? try await next(request) : Response(status: 200)
                return try fault.result(answer)
            }
            let result = await client.perform(operation, id)
            #expect(result.outcome == fault.outcome, "\(result.why)")
            #expect(result.reason == fault.reason)
            #expect(client.wire.changes.count == 1)
            client.wire.bend(nil)
            let isHeld = operation == .checkOut ? fault.happens : !fault.happens
            #expect(try await client.row(id).reading.state == (isHeld ? .held : .free))
        }
        await stage.close()
    }

    @Test("A reading meets a fault: it is unknown or an error, never free", arguments: faults)
    func reading(_ fault: Fault) async throws {
        let stage = try await SuperOfficeStage.open()
        let id = try await stage.add()
        try await stage.hold(id, as: "bob")
        let client = try stage.client()
        let item = try await client.row(id).item
        client.wire.bend { request, next in
            guard request.url.contains("/Lock") else { return try await next(request) }
            return try fault.result(try await next(request))
        }
        do {
            if case .success(let row) = try await client.system.read([item])[0] {
                Issue.record("\(fault.name) was read as \(row.reading.state)")
            }
        } catch let error as LockError {
            #expect(!error.message.isEmpty)
        }
        await stage.close()
    }

    @Test("A passing fault in one reading is looked past")
    func passing() async throws {
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client()
        let item = try await client.row(try await stage.add()).item
        let count = Counter()
        client.wire.bend { request, next in
            let answer = try await next(request)
            guard request.url.contains("/Lock"), await count.next() == 1 else { return answer }
            return Response(status: 200, headers: answer.headers, body: Array(answer.body.prefix(9)))
        }
        #expect(try await client.system.read([item])[0].get().reading.state == .free)
        await stage.close()
    }

    private actor Counter {
        private var count = 0
        func next() -> Int {
            count += 1
            return count
        }
    }

    @Test("Told to wait, it says how long, and asks no further")
    func retryAfter() async throws {
        let stage = try await SuperOfficeStage.open()
        let client = try stage.client { $0.connections = 1 }
        var items: [Item] = []
        for _ in 0..<6 { items.append(try await client.row(try await stage.add()).item) }
        client.wire.forget()
        client.wire.bend { _, _ in Self.page(429, ["Retry-After": "30"]) }
        let error = try await lockError { _ = try await client.system.read(items) }
        #expect(error.code == .slowDown && error.retryAfter == 30)
        #expect(client.wire.requests.count <= 2)
        await stage.close()
    }
}
