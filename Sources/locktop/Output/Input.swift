// SPDX-License-Identifier: MIT
import Glibc

/// Reading standard input.
enum Input {
    /// The next line without its end; `nil` when there is none. A signal that ends the command ends the wait for it too.
    /// What follows the line is left for whoever reads next, as a command that runs under a lock.
    /// - Throws: `CancellationError`
    static func line() throws -> String? {
        var bytes: [UInt8] = []
        while true {
            var on = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&on, 1, 100)
            if Interrupt.signal != 0 || Task.isCancelled { throw CancellationError() }
            guard ready > 0 else { continue }
            var byte: UInt8 = 0
            let count = unsafe read(0, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
            if byte == 0x0A {
                return String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes[...], as: UTF8.self)
            }
            bytes.append(byte)
        }
    }
}
