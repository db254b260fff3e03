// SPDX-License-Identifier: MIT
import CPseudoTerminal
import Dispatch
import Glibc

/// A server on the loopback interface that answers every request with the same bytes: what is no lock server.
public final class StubServer: Sendable {
    /// The port.
    public let port: Int
    private let listener: Int32

    /// Listens. Each connection is answered once and then closed.
    public init(answer: String) throws {
        var port: Int32 = 0
        listener = unsafe cpt_listen(&port)
        guard listener >= 0 else { throw Missing(description: "No port is free: errno \(errno)") }
        self.port = Int(port)
        let (listener, bytes) = (listener, Array(answer.utf8))
        DispatchQueue(label: "stub server").async {
            while true {
                let connection = cpt_accept(listener)
                guard connection >= 0 else { return }
                Self.converse(connection, bytes)
                close(connection)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private static func converse(_ connection: Int32, _ answer: [UInt8]) {
        var seen: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !String(decoding: seen, as: UTF8.self).contains("\r\n\r\n") {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(connection, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            seen += buffer[..<count]
        }
        unsafe answer.withUnsafeBytes { _ = unsafe send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
