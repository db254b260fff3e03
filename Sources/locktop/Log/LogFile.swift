// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Glibc
import HTTP
import Synchronization

/// The file of `--log`: one line a request, private. When it has grown to 10 MB it becomes `FILE.1`, and a new one begins.
final class LogFile: Sendable {
    private struct State {
        var descriptor: Int32
        var size: Int
    }

    private static let limit = 10 << 20
    private static let opened = Mutex<[String: LogFile]>([:])
    private let path: String
    private let state: Mutex<State>

    /// The file at a path; the same one for all who name it.
    /// - Throws: `Problem`
    static func at(_ path: String) throws -> LogFile {
        if let known = opened.withLock({ $0[path] }) { return known }
        let file = try LogFile(path)
        opened.withLock { $0[path] = file }
        return file
    }

    private init(_ path: String) throws {
        self.path = path
        let descriptor = Self.open(path)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw Problem("The log \(path) can't be written: \(reason).", 73)
        }
        var facts = stat()
        state = Mutex(State(descriptor: descriptor, size: unsafe fstat(descriptor, &facts) == 0 ? facts.st_size : 0))
    }

    /// Writes a line with its time. What can't be written is left out: a log must not stop the work.
    func line(_ text: String) {
        let bytes = Array("\(RFC3339.text(Date())) \(getpid()) \(Text.clean(text))\n".utf8)
        state.withLock { state in
            if state.size + bytes.count > Self.limit { turn(&state) }
            guard state.descriptor >= 0 else { return }
            let written = unsafe bytes.withUnsafeBytes { unsafe write(state.descriptor, $0.baseAddress, $0.count) }
            state.size += max(0, written)
        }
    }

    private func turn(_ state: inout State) {
        if state.descriptor >= 0 { close(state.descriptor) }
        _ = unsafe rename(path, path + ".1")
        state = State(descriptor: Self.open(path), size: 0)
    }

    private static func open(_ path: String) -> Int32 {
        unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
}
