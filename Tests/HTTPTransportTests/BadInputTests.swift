// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BadInputTests {
    @Test("A line of a head without an end is read up to a limit")
    func endlessLine() async throws {
        let sent = ScriptedServer.Tally()
        let server = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 200 OK\r\nX-A: ")
            visit.flood(Array(repeating: 0x78, count: 64 << 10), counting: sent)
        }
        let error = try await failure(Request("POST", server.url("/")))
        #expect(
            error
                == TransportError(
                    .tooLarge,
                    "A line in the head of the answer of 127.0.0.1:\(server.port) is longer than 100 KB, the most that is "
                        + "read.", surelyNotSent: false))
        try await eventually { server.closedConnections == 1 }
        #expect(sent.value < 16 << 20)
    }

    @Test("A first line without an end is read up to a limit too")
    func endlessFirstLine() async throws {
        let server = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 200 ")
            visit.flood(Array(repeating: 0x78, count: 64 << 10), counting: ScriptedServer.Tally())
        }
        let error = try await failure(Request("POST", server.url("/")))
        #expect(error.code == .tooLarge)
        #expect(!error.surelyNotSent)
        try await eventually { server.closedConnections == 1 }
    }

    @Test("A body of 1 GB that nobody announced: refused at the limit, in the memory of the limit")
    func gigabyte() async throws {
        let sent = ScriptedServer.Tally()
        let piece = "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n"
        let server = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            visit.flood(Array(piece.utf8), counting: sent)
        }
        let before = try ThisProcess.peak
        let error = try await failure(Request("GET", server.url("/"), for: .read), within: .seconds(30)) {
            $0.maximumBytes = 16 << 20
        }
        #expect(
            error
                == TransportError(
                    .tooLarge, "The answer of 127.0.0.1:\(server.port) is larger than 16 MiB, the most that is read.",
                    surelyNotSent: false))
        try await eventually { server.closedConnections == 1 }
        #expect(sent.value < 64 << 20)
        #expect(try ThisProcess.peak - before < 128 << 20)
    }

    @Test("10,000 redirects, each to the next: the first is the answer, and the second address hears nothing")
    func redirects() async throws {
        let server = try await ScriptedServer { visit in
            visit.answer("302 Found", headers: "Location: /\(visit.number)-\r\n")
        }
        let response = try await send(Request("GET", server.url("/0-"), for: .read))
        #expect(response.status == 302)
        #expect(response.headers["Location"] == "/1-")
        #expect(server.visits.map(\.line) == ["GET /0- HTTP/1.1"])
    }

    @Test("A server that ends every connection after its answer, without a word: every reading is answered")
    func closingServer() async throws {
        let server = try await ScriptedServer { visit in
            visit.answer(body: "x")
            visit.close()
        }
        let transport = try NetworkTransport()
        for _ in 0..<100 {
            let answer = try await transport.send(Request("GET", server.url("/"), for: .read), deadline: soon())
            #expect(answer.body == [0x78])
        }
        await transport.shutdown()
    }

    @Test(
        "An answer whose length is a lie is not taken for whole",
        arguments: [
            "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "Content-Length: -1\r\n\r\nhello",
            "Content-Length: 99999999999999999999999\r\n\r\nhello",
            "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
            "Content-Length: 10\r\n\r\nhello",
        ])
    func wrongLength(rest: String) async throws {
        let server = try await ScriptedServer { visit in
            visit.reply("HTTP/1.1 200 OK\r\n" + rest)
            visit.close()
        }
        let error = try await failure(Request("POST", server.url("/"), body: [1]))
        #expect(!error.surelyNotSent)
        #expect(server.visits.count == 1)
    }
}

/// What this process uses.
enum ThisProcess {
    struct Unreadable: Error {}

    /// The most bytes of memory that it ever had.
    static var peak: Int { get throws { try status("VmHWM") } }
    /// The bytes of memory that it has.
    static var memory: Int { get throws { try status("VmRSS") } }
    /// How many descriptors are open.
    static var descriptors: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    }

    private static func status(_ field: String) throws -> Int {
        let file = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
        let line = String(decoding: file, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(field + ":") }
        guard let number = line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first,
            let kilobytes = Int(number)
        else { throw Unreadable() }
        return kilobytes << 10
    }
}
