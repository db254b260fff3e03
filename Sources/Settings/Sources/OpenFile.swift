// SPDX-License-Identifier: MIT

internal import Glibc

/// An open file; closed with its last use.
struct OpenFile: ~Copyable {
    private let descriptor: Int32
    private let status: stat

    private init(descriptor: Int32, status: stat) {
        self.descriptor = descriptor
        self.status = status
    }

    deinit { close(descriptor) }

    /// Opens a file for reading; a pipe is waited for until somebody writes into it. `-` is standard input.
    static func open(path: String) throws(SystemError) -> OpenFile {
        if path == "-" { return try make(from: fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)) }
        // Without O_NONBLOCK a pipe would hang us before we can see that it is one.
        let file = try make(from: unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY))
        guard !file.isRegular else { return file }
        // A pipe without a writer yet would seem to be empty.
        return try make(from: unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY))
    }

    private static func make(from descriptor: Int32) throws(SystemError) -> OpenFile {
        guard descriptor >= 0 else { throw SystemError() }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let error = SystemError()
            close(descriptor)
            throw error
        }
        return OpenFile(descriptor: descriptor, status: status)
    }

    var isRegular: Bool { status.st_mode & S_IFMT == S_IFREG }
    var isPipe: Bool { status.st_mode & S_IFMT == S_IFIFO }
    /// Whether bytes come from it one after another: a pipe, a connection, a terminal.
    var isStream: Bool { isPipe || [S_IFSOCK, S_IFCHR].contains(status.st_mode & S_IFMT) }

    /// Who may read and change it.
    var access: FileAccess {
        var system = statvfs()
        let isKnown = unsafe fstatvfs(descriptor, &system) == 0
        return FileAccess(
            isOurs: status.st_uid == geteuid(), mode: status.st_mode,
            isMountedReadOnly: isKnown && system.f_flag & UInt(ST_RDONLY) != 0)
    }

    /// At most `limit` bytes and one more, by which the caller sees that there are too many.
    func bytes(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while bytes.count <= limit {
            let count = unsafe Glibc.read(descriptor, &chunk, min(chunk.count, limit + 1 - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError() }
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }
}
