// SPDX-License-Identifier: MIT

internal import Glibc

/// Reads a file that holds a secret and that is trusted with it.
enum SecretFile {
    static let byteLimit = 65_536

    static func read(path: String) throws(SecretError) -> [UInt8] {
        do {
            let file = try OpenFile.open(path: path)
            guard file.isRegular else { throw SecretError.fileNotRegular(path: path) }
            if let fault = file.access.fault {
                throw fault == .notOurs ? SecretError.fileNotOurs(path: path) : .fileNotPrivate(path: path)
            }
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
