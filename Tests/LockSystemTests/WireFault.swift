// SPDX-License-Identifier: MIT
import HTTP
import LockSystemContract
import Locks
import Testing

/// What goes wrong with the answer to a change.
enum WireFault: String, CaseIterable, Sendable {
    case lostBefore, lostAfter, notSent, page, emptyBody, halfBody, otherJSON, error500, error502, error503, error429
    case error400, error401, error403, error404, error405, error409, error412, error423, error504, redirect,
        redirectLoop

    /// Whether the server carries the change out all the same.
    var happens: Bool { [.lostAfter, .emptyBody, .halfBody].contains(self) }

    func bend(_ request: Request, _ next: Wire.Next) async throws -> Response {
        switch self {
        case .lostBefore: throw TransportError(.timedOut, "No answer in time.", surelyNotSent: false)
        case .notSent: throw TransportError(.refused, "Nobody listens there.", surelyNotSent: true)
        case .lostAfter:
            _ = try await next(request)
            throw TransportError(.connectionLost, "The connection was lost.", surelyNotSent: false)
        case .page:
            return Response(
                status: 200, headers: ["Content-Type": "text/html"], body: Array("<html>Sign in</html>".utf8))
        case .emptyBody:
            var answer = try await next(request)
            answer.body = []
            return answer
        case .halfBody:
            var answer = try await next(request)
            answer.body.removeLast(answer.body.count / 2)
            return answer
        case .otherJSON: return Response(status: 200, body: Array("[1, 2]".utf8))
        case .error429:
            return Response(
                status: 429, headers: ["Retry-After": "7"], body: Array(#"{"message":"Too many requests"}"#.utf8))
        case .error503: return Response(status: 503, headers: ["Retry-After": "Sat, 21 Nov 2026 06:00:00 GMT"])
        case .redirectLoop: return Response(status: 302, headers: ["Location": request.url])
        case .redirect: return Response(status: 301, headers: ["Location": "https://elsewhere.example.org/x"])
        default: return Response(status: Int(rawValue.dropFirst(5)) ?? 500, body: Array("<html></html>".utf8))
        }
    }
}

extension WireFault {
    /// Takes or ends a lock while the answers to changes are bent: what is told is what is so, and it was asked for once.
    /// - Returns: how it ended, and whether the item is free then.
    @discardableResult
    func strike(_ operation: Locks.Operation, _ item: String, by client: Client) async throws -> OperationResult {
        _ = try await client.row(item)
        client.wire.forget()
        client.wire.bendChanges { try await bend($0, $1) }
        let result = await client.perform(operation, item)
        client.wire.bend(nil)
        let wanted: LockState = operation == .lock ? .held : .free
        let isSo = try await client.row(item).reading.state == wanted
        #expect((result.outcome == .done) == isSo && isSo == happens, "\(operation): \(result.why)")
        #expect(client.wire.changes.count == 1)
        return result
    }

    /// The word for a reading that went so, but for what a system has words of its own for.
    func word(_ own: [WireFault: LockError.Code]) -> LockError.Code {
        if let code = own[self] { return code }
        return switch self {
        case .lostBefore, .lostAfter, .notSent: .unreachable
        case .error429, .error503: .slowDown
        case .error401: .notSignedIn
        case .error403: .forbidden
        case .page, .redirect, .redirectLoop: .wrongSystem
        default: .nonsense
        }
    }

    /// Reads while all answers are bent, one item and then all: the error is the right one, and nothing is told as free.
    func strike(_ items: [Item], by client: Client, is code: LockError.Code) async throws {
        client.wire.bend { request, next in try await bend(request, next) }
        for batch in [Array(items.prefix(1)), items] {
            do {
                for result in try await client.system.read(batch) {
                    let row = try result.get()
                    Issue.record("It was read as \(row.reading.state).")
                }
            } catch let error as LockError {
                #expect(error.code == code, "\(self): \(error)")
                #expect(!error.mayHaveHappened)
            }
        }
    }

    /// Takes an item while the server points elsewhere: no credential goes there.
    static func staysThere(_ client: Client, _ item: String, _ address: String) async throws {
        _ = try await client.row(item)
        client.wire.bend { try await WireFault.redirect.bend($0, $1) }
        _ = await client.perform(.lock, item)
        #expect(client.wire.requests.allSatisfy { $0.url.hasPrefix(address) })
    }
}
