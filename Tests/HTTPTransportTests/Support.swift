// SPDX-License-Identifier: MIT
import HTTP
import HTTPTransport
import Testing

/// The instant that is so far away.
func soon(_ span: Duration = .seconds(10)) -> ContinuousClock.Instant { .now + span }

/// Sends one request with a transport of its own.
@discardableResult
func send(
    _ request: Request, within span: Duration = .seconds(10), _ adjust: (inout NetworkOptions) -> Void = { _ in }
) async throws -> Response {
    var options = NetworkOptions()
    adjust(&options)
    let transport = try NetworkTransport(options)
    do {
        let response = try await transport.send(request, deadline: .now + span)
        await transport.shutdown()
        return response
    } catch {
        await transport.shutdown()
        throw error
    }
}

/// The error of a request that must not have an answer.
func failure(
    _ request: Request, within span: Duration = .seconds(10), _ adjust: (inout NetworkOptions) -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
) async throws -> TransportError {
    let error = await #expect(throws: TransportError.self, sourceLocation: sourceLocation) {
        try await send(request, within: span, adjust)
    }
    return try #require(error, sourceLocation: sourceLocation)
}

/// Waits until something is so; the only place here that sleeps.
func eventually(
    within span: Duration = .seconds(10), _ condition: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let end = ContinuousClock.now + span
    while !condition() {
        guard .now < end else {
            Issue.record("It did not become so in time.", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// The certificates beside this file: made once, valid from 2020 to 2119, the expired one to 2021, the future one from 2099.
enum Fixture {
    static func path(_ name: String) -> String {
        #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Certificates/" + name
    }

    static func server(_ name: String, wanting authority: String? = nil) -> ScriptedServer.TLS {
        ScriptedServer.TLS(
            certificate: path(name + ".pem"), key: path(name + ".key"), authority: authority.map { path($0 + ".pem") })
    }
}
