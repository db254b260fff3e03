// SPDX-License-Identifier: MIT
import HTTP
import Serving
import TestSupport
import Testing

@Suite("The server that the exporter stands on, and those who hold its connections")
struct ServingTests {
    private func serving(
        atMost: Int? = nil, patience: Duration? = nil, _ work: (HTTPServer) async throws -> Void
    ) async throws {
        let server = try await HTTPServer.serve(host: "127.0.0.1", port: 0, atMost: atMost, patience: patience) { _ in
            .whole(Response(status: 200, body: Array("here".utf8)))
        }
        do {
            try await work(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// Opens a connection, says a part of a request, and waits until the server closes it.
    private func silent(_ server: HTTPServer) throws -> Program {
        try Program(
            "/bin/bash",
            [
                "-c", #"exec 3<>"/dev/tcp/127.0.0.1/$1"; printf 'GET / HTTP/1.1\r\n' >&3; echo open; exec cat <&3"#,
                "hold",
                "\(server.port)",
            ],
            environment: ["PATH": "/usr/bin:/bin"])
    }

    private func ask(_ server: HTTPServer) async throws -> String {
        try await PlainAnswer.of("/", on: server.port).body
    }

    @Test("a connection on which nothing comes is closed after a while, and others are answered meanwhile")
    func silence() async throws {
        try await serving(patience: .milliseconds(300)) { server in
            let silent = try silent(server)
            try await silent.waitUntil("it is open") { $0 == "open\n" }
            #expect(try await ask(server) == "here")
            #expect(try await silent.finish(within: 10).status == 0)
        }
    }

    @Test("who comes beyond the connections that there may be is turned away, until one has left")
    func room() async throws {
        try await serving(atMost: 1) { server in
            let silent = try silent(server)
            try await silent.waitUntil("it is open") { $0 == "open\n" }
            #expect(try await ask(server) == "")
            silent.send(signal: 15)
            _ = try await silent.finish()
            try await eventually("there is room again") { try await ask(server) == "here" }
        }
    }
}
