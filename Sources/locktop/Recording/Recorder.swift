// SPDX-License-Identifier: MIT
import Dashboard
import Dispatch
import FoundationEssentials
import Glibc
import Locks
import Synchronization

/// Writes down what a dashboard is told, on a thread of its own: the screen never waits for the disk.
final class Recorder: Sendable {
    private let queue = DispatchQueue(label: "recording")
    private let pen: Mutex<Pen>

    /// Begins a new file; one that is there is not written over.
    /// - Parameter complain: is told once when no more can be written.
    /// - Throws: `Problem`
    init(
        _ path: String, isAnonymous: Bool, servers: [ServerFacts], _ staleness: Staleness,
        views: [(name: String, filter: String)], at now: Date,
        complain: @escaping @Sendable (String) -> Void
    ) throws(Problem) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw Problem.usage(
                errno == EEXIST
                    ? "\(path) is there already, and no recording is written over another file: give another name."
                    : "\(path) can't be written: \(reason).")
        }
        pen = Mutex(Pen(file, path, isAnonymous: isAnonymous, complain))
        later { $0.begin(servers, staleness, views, at: now) }
    }

    /// Takes note of what the dashboard is told; what is not from a server is no part of a recording.
    func note(_ event: Event, at time: Date) {
        switch event {
        case .update(let update): later { $0.write(update, at: time) }
        case .ended(let result, _), .waited(let result): later { $0.write(result, at: time) }
        default: break
        }
    }

    /// Takes note of how the rows are looked at.
    func note(_ outlook: Outlook, at time: Date) { later { $0.write(outlook, at: time) } }

    /// Writes the end, and waits until all is written, for some seconds at most.
    func close(at time: Date) {
        let done = DispatchSemaphore(value: 0)
        later { pen in
            pen.end(at: time)
            done.signal()
        }
        if done.wait(timeout: .now() + .seconds(5)) == .timedOut {
            Out.say("The disk is too slow: the recording was left without its end.")
        }
    }

    private func later(_ work: @escaping @Sendable (inout Pen) -> Void) {
        queue.async { [self] in pen.withLock { work(&$0) } }
    }
}

/// What writes the lines, and knows what the lines before told.
private struct Pen {
    private struct Written {
        var catalog = Catalog()
        var readAt: [Date?] = []
        var signIn: RecordedSignIn?
    }

    private let file: Int32
    private let path: String
    private let veil: Veil?
    private let complain: @Sendable (String) -> Void
    private let encoder = JSONEncoder()
    private var servers: [String: Written] = [:]
    private var look: RecordedLook?
    private var hasFailed = false

    init(_ file: Int32, _ path: String, isAnonymous: Bool, _ complain: @escaping @Sendable (String) -> Void) {
        self.file = file
        self.path = path
        self.complain = complain
        veil = isAnonymous ? Veil() : nil
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    mutating func begin(
        _ servers: [ServerFacts], _ staleness: Staleness, _ views: [(name: String, filter: String)], at time: Date
    ) {
        // A filter may name somebody, and so may what it is called.
        let views = veil == nil ? views.map { RecordedView(name: $0.name, filter: $0.filter) } : []
        let beginning = RecordedBeginning(
            locktop: Version.text, servers: servers.map(RecordedServer.init), staleAfter: staleness.after,
            departed: staleness.departed.sorted().map { veil?.departed($0) ?? $0 }, views: views.isEmpty ? nil : views)
        write(RecordedEvent(begin: beginning), at: time)
    }

    mutating func write(_ update: ServerUpdate, at time: Date) {
        var written = servers[update.server] ?? Written()
        let before = written.catalog
        let rows = update.changed.sorted().compactMap { id in
            update.catalog[id].map { RecordedRow($0, number: id, veil) }
        }
        let gone = update.changed.sorted().compactMap { id in
            update.catalog.isThere(id) || id >= before.capacity ? nil : before[id]?.item.id
        }
        let events = update.events.map { RecordedChange($0, veil) }
        let signIn = RecordedSignIn(update.status, veil)
        let status = RecordedStatus(update.status, signIn: signIn == written.signIn ? nil : signIn, veil)
        let read = reads(update, &written)
        written.catalog = update.catalog
        written.signIn = signIn
        servers[update.server] = written
        write(
            RecordedEvent(
                update: RecordedUpdate(
                    server: update.server, rows: rows.isEmpty ? nil : rows, gone: gone.isEmpty ? nil : gone,
                    read: read.isEmpty ? nil : read, events: events.isEmpty ? nil : events, status: status)),
            at: time)
    }

    /// Rows that were read since and stayed as they were, in runs.
    private func reads(_ update: ServerUpdate, _ written: inout Written) -> [RecordedReads] {
        let missing = Int(update.catalog.capacity) - written.readAt.count
        if missing > 0 { written.readAt += Array(repeating: nil, count: missing) }
        var runs: [RecordedReads] = []
        for id in update.catalog.ids() {
            let time = update.catalog.observedAt(id)
            guard written.readAt[Int(id)] != time else { continue }
            written.readAt[Int(id)] = time
            if update.changed.contains(id) { continue }
            if let last = runs.last, last.from + last.count == id, last.at?.date == time {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(RecordedReads(from: id, count: 1, at: Moment(time)))
            }
        }
        return runs
    }

    mutating func write(_ outlook: Outlook, at time: Date) {
        let look = RecordedLook(outlook, veil)
        guard look != self.look else { return }
        self.look = look
        write(RecordedEvent(look: look), at: time)
    }

    mutating func write(_ result: OperationResult, at time: Date) {
        write(RecordedEvent(ended: RecordedResult(result, veil)), at: time)
    }

    mutating func end(at time: Date) {
        write(RecordedEvent(end: RecordedEnd()), at: time)
        close(file)
        hasFailed = true
    }

    private mutating func write(_ event: RecordedEvent, at time: Date) {
        guard !hasFailed, let data = try? encoder.encode(RecordedLine(at: Moment(time), event: event)) else { return }
        var bytes = Array(JSON.escaped(String(decoding: data, as: UTF8.self)).utf8)
        bytes.append(UInt8(ascii: "\n"))
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = unsafe String(cString: strerror(count < 0 ? errno : EIO))
                hasFailed = true
                close(file)
                return complain("The recording in \(path) ends here, for it can't be written any more: \(reason).")
            }
            rest = rest.dropFirst(count)
        }
    }
}
