// SPDX-License-Identifier: MIT
import Glibc

/// A file that a command is given to read whole; `-` is standard input.
struct InputFile {
    /// What it is called in messages.
    let name: String
    /// All of it.
    let bytes: [UInt8]

    /// Reads it to its end.
    /// - Parameters:
    ///   - limit: how many bytes it has at most.
    ///   - what: what such a file is, for the sentence that says it is too long.
    /// - Throws: `Problem`
    init(_ path: String, limit: Int = 64 << 20, what: String = "plan") throws(Problem) {
        name = path == "-" ? "standard input" : path
        let file = path == "-" ? 0 : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Self.unreadable(name) }
        defer { if file > 0 { close(file) } }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.unreadable(name) }
            if count == 0 { break }
            bytes += piece[..<count]
            guard bytes.count <= limit else {
                throw Problem.configuration("\(name) has more than \(limit >> 20) MB: no \(what) is so long.")
            }
        }
        self.bytes = bytes
    }

    private static func unreadable(_ name: String) -> Problem {
        .configuration("\(name) can't be read: \(unsafe String(cString: strerror(errno))).")
    }
}
