// SPDX-License-Identifier: MIT

internal import Glibc

extension ConfigurationFile {
    /// Why a file can't be replaced, before anything is asked for it; says nothing of a file that is not there yet.
    public static func checkReplaceable(path: String) throws(ConfigurationErrors) {
        let target = try target(of: path)
        let folder = folder(of: target)
        if unsafe access(target, F_OK) == 0 { _ = try existing(target, named: path) }
        // The folder may be made; then it is its nearest neighbour that must let us.
        var nearest = folder
        while unsafe access(nearest, F_OK) != 0, nearest != "/", nearest != "." { nearest = self.folder(of: nearest) }
        guard unsafe access(nearest, W_OK | X_OK) == 0 else {
            throw refused(path, "its folder can't be written: \(SystemError().reason)")
        }
    }

    /// Puts a text in the place of a file's: whole or not at all, private (0600), on the disk when this returns. The old
    /// file is kept beside it, with `~` behind its name. A link stays, and what it leads to is replaced.
    /// - Parameter old: what the file held when the new text was made; `nil`: there was none.
    /// - Returns: false, and nothing is written, where the file holds something else by now.
    public static func replace(path: String, old: String?, with text: String) throws(ConfigurationErrors) -> Bool {
        let target = try target(of: path)
        let folder = folder(of: target)
        try makeFolder(folder, for: path)
        let lock = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw refused(path, "its folder can't be opened: \(SystemError().reason)") }
        defer { close(lock) }
        // Two of us at once would each leave the other's server out.
        while flock(lock, LOCK_EX) != 0, errno == EINTR {}
        if unsafe access(target, F_OK) == 0 {
            guard try existing(target, named: path) == old else { return false }
        } else if old != nil {
            return false
        }
        let part = "\(target).\(getpid()).part"
        do throws(SystemError) {
            try write(Array(text.utf8), to: part)
            if old != nil { try keepOld(target) }
            guard unsafe rename(part, target) == 0 else { throw SystemError() }
        } catch {
            _ = unsafe unlink(part)
            throw refused(path, "can't be written: \(error.reason)")
        }
        fsync(lock)
        return true
    }

    /// Writes a file that was not there, private (0600) and on the disk when this returns: for a secret beside the
    /// configuration. One that is there is replaced.
    public static func writeSecret(_ text: String, path: String) throws(ConfigurationErrors) {
        try makeFolder(folder(of: path), for: path)
        let part = "\(path).\(getpid()).part"
        do throws(SystemError) {
            try write(Array((text + "\n").utf8), to: part)
            guard unsafe rename(part, path) == 0 else { throw SystemError() }
        } catch {
            _ = unsafe unlink(part)
            throw refused(path, "can't be written: \(error.reason)")
        }
    }

    // MARK: Parts

    private static func refused(_ path: String, _ message: String) -> ConfigurationErrors {
        ConfigurationErrors([ConfigurationError(file: name(of: path), message: message)])
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What is really to be replaced.
    private static func target(of path: String) throws(ConfigurationErrors) -> String {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
        guard let real = unsafe realpath(path, nil) else {
            throw refused(path, "it is a link that leads nowhere: \(SystemError().reason)")
        }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// The text of a file that may be replaced.
    private static func existing(_ target: String, named path: String) throws(ConfigurationErrors) -> String {
        var status = stat()
        guard unsafe stat(target, &status) == 0 else { throw refused(path, "can't be read: \(SystemError().reason)") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw refused(path, "this is no regular file") }
        guard status.st_uid == geteuid() else {
            throw refused(path, "it belongs to another user, who would not own the new one; change it as that user")
        }
        guard status.st_mode & 0o200 != 0 else {
            throw refused(path, "it is read-only; run `chmod u+w \(ShellWord.quote(path))` if it may be changed")
        }
        return try load(path: target).text
    }

    private static func makeFolder(_ folder: String, for path: String) throws(ConfigurationErrors) {
        guard unsafe access(folder, F_OK) != 0 else { return }
        try makeFolder(self.folder(of: folder), for: path)
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw refused(path, "its folder can't be made: \(SystemError().reason)")
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        _ = unsafe unlink(path)
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw SystemError() }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = SystemError()
                close(file)
                throw error
            }
            written += count
        }
        guard fsync(file) == 0 else {
            let error = SystemError()
            close(file)
            throw error
        }
        guard close(file) == 0 else { throw SystemError() }
    }

    // The old file itself, under another name: at no moment is there none.
    private static func keepOld(_ target: String) throws(SystemError) {
        let (old, part) = (target + "~", target + "~.part")
        _ = unsafe unlink(part)
        guard unsafe link(target, part) == 0 else { throw SystemError() }
        guard unsafe rename(part, old) == 0 else {
            let error = SystemError()
            _ = unsafe unlink(part)
            throw error
        }
    }
}
