// SPDX-License-Identifier: MIT

extension ScriptedServer {
    /// An address of this server.
    func url(_ path: String, scheme: String = "http", host: String = "127.0.0.1") -> String {
        "\(scheme)://\(host):\(port)\(path)"
    }
}

extension ScriptedServer.Visit {
    /// 100,000 noughts in 133 bytes.
    func sendCompressed() {
        let bytes = Self.noughts
        reply("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bytes.count)\r\n\r\n")
        send(bytes)
    }

    static let noughts: [UInt8] =
        [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xED, 0xC1, 0x31, 0x01, 0x00, 0x00, 0x00, 0xC2,
            0xA0, 0x4A, 0xEB, 0x9F, 0xCE, 0x1A, 0x1E, 0x40, 0x01,
        ]
        + Array(repeating: 0x00, count: 96)
        + [0xAF, 0x06, 0x85, 0xC2, 0x4D, 0xC5, 0xA0, 0x86, 0x01, 0x00]
}
