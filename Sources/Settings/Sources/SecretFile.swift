// SPDX-License-Identifier: MIT

internal import Glibc

/// Reads a file that only we may read.
enum SecretFile {
    static let byteLimit = 65_536

    static func read(path: String) throws(SecretError) -> [UInt8] {
        do {
            let file = try OpenFile.open(path: path)
            guard file.isRegular else { throw SecretError.fileNotRegular(path: path) }
            guard file.isOurs else { throw SecretError.fileNotOurs(path: path) }
            guard file.isPrivate else { throw SecretError.fileNotPrivate(path: path) }
            let bytes = try file.bytes(limit: byteLimit)
            guard bytes.count <= byteLimit else { throw SecretError.fileWithoutSecret(path: path) }
            return bytes
        } catch let error as SystemError {
            throw .fileUnreadable(path: path, reason: error.reason)
        } catch let error as SecretError {
            throw error
        } catch {
            throw .fileUnreadable(path: path, reason: "unknown error")
        }
    }
}

/// A failed call to the system.
struct SystemError: Error {
    var code: Int32

    init(code: Int32 = errno) {
        self.code = code
    }

    /// The system's words, as `No such file or directory`.
    var reason: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// An open file; closed with its last use.
struct OpenFile: ~Copyable {
    private let descriptor: Int32
    private let status: stat

    private init(descriptor: Int32, status: stat) {
        self.descriptor = descriptor
        self.status = status
    }

    static func open(path: String) throws(SystemError) -> OpenFile {
        // Without O_NONBLOCK a pipe would hang us before we can see that it is one.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
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
    var isOurs: Bool { status.st_uid == geteuid() }
    /// Whether nobody but the owner has any right on it.
    var isPrivate: Bool { status.st_mode & 0o077 == 0 }

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
