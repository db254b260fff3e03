// SPDX-License-Identifier: MIT
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files and directories that nobody but their owner may open, whatever the umask.
///
/// Trap: a file that SQLite has open must not be opened and closed here, because closing any descriptor of a file
/// gives up all of this process's record locks on it. So existing files are changed by path.
enum PrivateFile {
    /// What a call to the system failed with.
    struct Failure: Error {
        let code: Int32

        static var last: Failure { Failure(code: errno) }

        /// The system's words: "Permission denied".
        var words: String {
            var buffer = [CChar](repeating: 0, count: 256)
            guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
            return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Makes a directory 0700, with the ones above it where they are not there.
    static func makeDirectory(_ path: String) throws(Failure) {
        var made = path.hasPrefix("/") ? "/" : ""
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        for part in parts {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
            guard unsafe mkdir(made, 0o700) != 0 else {
                try restrict(made, to: 0o700)
                continue
            }
            let failure = Failure.last
            // What is there already may be refused for other reasons than being there: the next step tells.
            guard try isDirectory(made) else { throw failure.code == EEXIST ? Failure(code: ENOTDIR) : failure }
        }
        try restrict(path, to: 0o700)
    }

    private static func isDirectory(_ path: String) throws(Failure) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes an empty 0600 file if none is there, else takes others' rights away.
    static func make(_ path: String) throws(Failure) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor < 0 else {
            let result = fchmod(descriptor, 0o600)
            close(descriptor)
            if result != 0 { throw .last }
            return
        }
        guard errno == EEXIST else { throw .last }
        try restrict(path, to: 0o600)
    }

    /// Whether anybody but the owner may read or write it.
    static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    /// Gives a file exactly these rights, if it is there.
    static func restrict(_ path: String, to mode: mode_t) throws(Failure) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .last
        }
        guard status.st_mode & 0o7777 != mode else { return }
        if unsafe chmod(path, mode) != 0 { throw .last }
    }

    /// The bytes of a file up to a limit; `nil` where there is none.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .last
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe systemRead(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw .last }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            if bytes.count > limit { throw Failure(code: EFBIG) }
        }
    }

    /// Replaces a file by another with these bytes: after a crash there is the old one or the new one, whole.
    static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
        let draft = "\(path).\(getpid()).new"
        unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last }
        do throws(Failure) {
            defer { close(descriptor) }
            if fchmod(descriptor, 0o600) != 0 { throw .last }
            try write(bytes, to: descriptor)
            if fsync(descriptor) != 0 { throw .last }
        } catch {
            unsafe unlink(draft)
            throw error
        }
        if unsafe rename(draft, path) != 0 {
            let failure = Failure.last
            unsafe unlink(draft)
            throw failure
        }
        sync(directoryOf: path)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw .last }
            rest = rest.dropFirst(count)
        }
    }

    /// Gives a file another name in the same directory.
    static func move(_ path: String, to other: String) throws(Failure) {
        if unsafe rename(path, other) != 0, errno != ENOENT { throw .last }
    }

    /// Whether there is something of that name.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Does something while no other locktop does such a thing in that directory.
    static func alone<Value, E: Error>(in directory: String, _ body: () throws(E) -> Value) throws(E) -> Value {
        // Where the directory can't be locked the work is done all the same: better than not at all.
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        if descriptor >= 0 { while flock(descriptor, LOCK_EX) != 0, errno == EINTR {} }
        return try body()
    }

    private static func sync(directoryOf path: String) {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let descriptor = unsafe open(String(path[..<end]) + "/.", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            unsafe Glibc.read(descriptor, buffer, count)
        #else
            unsafe Darwin.read(descriptor, buffer, count)
        #endif
    }

    private static func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            unsafe Glibc.write(descriptor, buffer, count)
        #else
            unsafe Darwin.write(descriptor, buffer, count)
        #endif
    }
}
