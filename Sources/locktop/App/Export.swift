// SPDX-License-Identifier: MIT
import Dashboard
import FoundationEssentials
import Glibc
import Locks

/// Writes the rows that were shown to a new file, beside the screen. What is stopped or fails leaves no file behind,
/// and a file that has its name is whole, however the program ends.
struct Export: Sendable {
    let snapshot: Snapshot
    let asJSON: Bool
    let address: @Sendable (ServerFacts, Item) -> String
    /// Where the file comes to lie: the working directory.
    let folder: String
    /// What it is called; `nil`: after the time.
    let name: String?

    init(
        snapshot: Snapshot, asJSON: Bool, folder: String = ".", name: String? = nil,
        address: @escaping @Sendable (ServerFacts, Item) -> String
    ) {
        self.snapshot = snapshot
        self.asJSON = asJSON
        self.folder = folder
        self.name = name
        self.address = address
    }

    /// How it ended, as a sentence.
    enum End: Sendable {
        case done(String)
        case failed(String)
    }

    /// - Parameters:
    ///   - tell: is told now and then how many rows are written.
    /// - Returns: the sentence for the message line.
    func write(_ tell: (Int) -> Void) -> End {
        let name = name ?? "locktop-\(Int(Date().timeIntervalSince1970)).\(asJSON ? "json" : "csv")"
        let (path, part) = ("\(folder)/\(name)", "\(folder)/\(name).part")
        let descriptor = unsafe open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return .failed(Self.cant(name, errno)) }
        var isOpen = true
        do {
            // Looked for only now that the part is ours: another program may write its file in the same second.
            guard unsafe access(path, F_OK) != 0 else { throw Failure(number: EEXIST) }
            let count = try write(to: descriptor, tell)
            guard fsync(descriptor) == 0 || errno == EINVAL else { throw Failure(number: errno) }
            isOpen = false
            guard close(descriptor) == 0 else { throw Failure(number: errno) }
            guard unsafe rename(part, path) == 0 else { throw Failure(number: errno) }
            return .done("\(count) \(count == 1 ? "row is" : "rows are") in \(name).")
        } catch {
            if isOpen { _ = close(descriptor) }
            _ = unsafe unlink(part)
            let failure = error as? Failure
            return .failed(failure.map { Self.cant(name, $0.number) } ?? "Stopped: no file was written.")
        }
    }

    private struct Failure: Error { let number: Int32 }

    private func write(to descriptor: Int32, _ tell: (Int) -> Void) throws -> Int {
        let columns = Field.inPrint(servers: .max)
        let wording = Report.wording(for: .csv, snapshot.staleness, snapshot.time)
        var (buffer, count) = (asJSON ? "[" : Report.csvLine(columns.map(\.name)), 0)
        try snapshot.forEach { line in
            let row = ListedRow(
                server: line.facts.name, kind: line.facts.kind,
                address: { [address] in address(line.facts, line.row.item) }, row: line.row,
                isStale: line.isStale, operations: line.operations)
            if asJSON {
                buffer += (count == 0 ? "" : ",\n ") + JSON.row(row).line
            } else {
                buffer += Report.csvLine(row, columns: columns, wording)
            }
            count += 1
            guard count.isMultiple(of: 500) else { return true }
            try Task.checkCancellation()
            try flush(&buffer, to: descriptor)
            tell(count)
            return true
        }
        buffer += asJSON ? "]\n" : ""
        try flush(&buffer, to: descriptor)
        return count
    }

    private func flush(_ text: inout String, to descriptor: Int32) throws {
        let failure: Int32 = text.withUTF8 { bytes in
            var start = 0
            while start < bytes.count {
                let written = unsafe Glibc.write(
                    descriptor, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
                if written < 0, errno != EINTR { return errno }
                start += max(0, written)
            }
            return 0
        }
        guard failure == 0 else { throw Failure(number: failure) }
        text = ""
    }

    private static func cant(_ name: String, _ number: Int32) -> String {
        let reason = unsafe String(cString: strerror(number))
        return "\(name) can't be written in the working directory: \(reason)."
    }
}
