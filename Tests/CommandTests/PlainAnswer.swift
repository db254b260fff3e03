// SPDX-License-Identifier: MIT
import TestSupport

/// What a server on loopback answers to a few lines: without a client that would mend or follow anything.
struct PlainAnswer {
    /// The status code; `nil`: the connection was closed without an answer.
    let status: Int?
    /// The header lines.
    let head: String
    let body: String

    /// Asks once, on a connection of its own.
    static func of(_ path: String, on port: Int, method: String = "GET") async throws -> PlainAnswer {
        let ending = try await Program.run(
            "/bin/bash",
            [
                "-c",
                #"exec 3<>"/dev/tcp/127.0.0.1/$1" && printf '%s %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" "$3" >&3; cat <&3"#,
                "ask", "\(port)", method, path,
            ], environment: ["PATH": "/usr/bin:/bin"])
        let halves = ending.output.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let head = halves.first.map(String.init) ?? ""
        return PlainAnswer(
            status: head.firstMatch(of: /^HTTP\/1\.[01] (\d\d\d)/).flatMap { Int($0.output.1) }, head: head,
            body: halves.count == 2 ? String(halves[1]) : "")
    }
}
