// SPDX-License-Identifier: MIT
public import HTTP
import Serving

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One request that the demo server got.
public struct LoggedRequest: Hashable, Sendable {
    /// The method's word.
    public let method: String
    /// The path with its query, as it was sent.
    public let path: String
    /// The id of whoever it counted as; `nil` for anonymous.
    public let user: String?
    /// The status of the answer, also of one that a fault kept back; 0 when the request was not even looked at.
    public let status: Int
    /// The bytes of the answer's body.
    public let bytes: Int
}

/// A lock server with made-up content and people, on the loopback interface. It answers as the real one would,
/// so that everything can be tried and tested without harm. Nothing is kept when it stops.
public actor DemoServer {
    /// Where the server's site is: `http://127.0.0.1:8080/site`.
    public nonisolated let address: String
    /// How a configuration reaches it.
    public nonisolated let entry: DemoEntry
    /// Who can sign in, the operator's account first.
    public nonisolated let accounts: [DemoAccount]

    private let core: Core
    private var server: HTTPServer?

    /// Starts a server and returns when it listens.
    /// - Throws: what the system says when the port can't be had.
    public static func start(_ options: DemoOptions = DemoOptions()) async throws -> DemoServer {
        let core = Core(options)
        let server = try await HTTPServer.serve(host: "127.0.0.1", port: options.port) { request in
            await core.deliver(request)
        }
        return DemoServer(core: core, server: server)
    }

    private init(core: Core, server: HTTPServer) {
        self.core = core
        self.server = server
        address = "http://127.0.0.1:\(server.port)\(core.kind.path)"
        entry = core.kind.entry(address)
        accounts = DemoAccount.everybody
    }

    /// Stops listening and ends all connections; later calls do nothing.
    public func stop() async {
        let running = server
        server = nil
        await running?.stop()
    }

    /// Moves the server's clock forward, in its seconds; the people do what they have to do in that time.
    public func advance(by seconds: Double) async { await core.advance(by: seconds) }

    /// The server's time, in seconds since 1970.
    public var now: Double {
        get async { await core.now }
    }

    /// Sets what goes wrong from the next request on.
    public func setFaults(_ faults: Faults) async { await core.setFaults(faults) }

    /// The latest requests, oldest first; at most 10,000.
    public var requestLog: [LoggedRequest] {
        get async { await core.requestLog }
    }

    /// How many requests have come since the start or the last reset, more than the log holds.
    public var requestCount: Int {
        get async { await core.requestCount }
    }

    /// Empties the log and starts counting anew.
    public func resetRequestLog() async { await core.resetRequestLog() }

    /// Answers a request without the network: the same as over it, but for the faults.
    public func answer(_ request: Request) async -> Response { await core.answer(request) }

    /// Does something with the items directly, past the protocol.
    /// - Throws: `DemoError` when there is no such item or person.
    public func perform(_ change: DemoChange) async throws { try await core.perform(change) }
}

/// The state behind a server: one request at a time.
actor Core {
    private let book: LockBook
    private let dialects: [any Dialect]
    /// Which lock system it is.
    nonisolated let kind: DialectKind
    private let options: DemoOptions
    private var clock: VirtualClock
    private var faults = Faults()
    private var story: Story?
    private var log: [LoggedRequest] = []
    private(set) var requestCount = 0
    private static let logLimit = 10_000

    init(_ options: DemoOptions) {
        self.options = options
        clock = VirtualClock(start: Self.unixNow(), speed: options.speed)
        book = LockBook(options: options, now: clock.now)
        if options.documents > 0 { DemoSite.build(in: book, options: options) }
        if options.people {
            let story = Story(options: options, cast: Cast(book))
            book.begin(story.prologue)
            self.story = story
        }
        kind = options.dialect
        dialects = [kind.make(book, options)]
    }

    private static func unixNow() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    var now: Double { clock.now }
    var requestLog: [LoggedRequest] { Array(log.suffix(Self.logLimit)) }

    func advance(by seconds: Double) {
        clock.push(seconds)
        catchUp()
    }

    func setFaults(_ faults: Faults) { self.faults = faults }

    func resetRequestLog() {
        log = []
        requestCount = 0
    }

    func perform(_ change: DemoChange) throws {
        catchUp()
        try book.perform(change)
    }

    /// Lets the people do what they have done by now: nobody can see the difference to doing it in time.
    private func catchUp() {
        let elapsed = clock.elapsed
        let start = clock.now - elapsed
        while let action = story?.next(until: elapsed) {
            book.now = start + action.time
            book.apply(action)
        }
        book.now = clock.now
    }

    func answer(_ request: Request) -> Response {
        catchUp()
        let call = Call(request)
        guard let dialect = dialects.first(where: { call.target.hasPrefix($0.root) }) ?? dialects.first else {
            return Response(status: 404)
        }
        var response = dialect.answer(call)
        response.headers["Date"] = date
        note(call, dialect.user(of: call), response.status, bytes: response.body.count)
        return response
    }

    private var date: String { CivilTime(unix: clock.now + faults.clockOffset).http }

    private func note(_ call: Call, _ user: String?, _ status: Int, bytes: Int = 0) {
        requestCount += 1
        log.append(
            LoggedRequest(method: call.method, path: call.target, user: user, status: status, bytes: bytes))
        if log.count >= 2 * Self.logLimit { log.removeFirst(Self.logLimit) }
    }

    /// Answers a request with whatever goes wrong at present.
    func deliver(_ request: Request) async -> Delivery {
        let call = Call(request)
        var kinds = faults.take(call.method, call.target)
        if options.scenario == .outage, kinds.isEmpty { kinds = Self.outage(at: clock.elapsed) }
        for case .delay(let time) in kinds { try? await Task.sleep(for: time) }
        if case .delay? = kinds.last { kinds = [] }
        switch kinds.last {
        case .dropBeforeEffect:
            note(call, nil, 0)
            return .dropped
        case .hang:
            note(call, nil, 0)
            return .never
        case .status(let status, let retryAfter):
            note(call, nil, status)
            return .whole(unavailable(status, retryAfter))
        case .loginPage:
            note(call, nil, 200)
            return .whole(loginPage())
        case .dropAfterEffect:
            _ = answer(request)
            return .dropped
        case .truncatedJSON:
            var response = answer(request)
            response.body.removeLast((response.body.count + 1) / 2)
            return .whole(response)
        case .emptyBody:
            var response = answer(request)
            response.body = []
            return .whole(response)
        case .hugeBody(let bytes):
            var response = answer(request)
            response.body = [UInt8](repeating: UInt8(ascii: " "), count: max(bytes, 0))
            return .whole(response)
        case .slowDrip(let bytes, let pause):
            return .dripping(answer(request), bytes: bytes, pause: pause)
        case .delay, nil:
            return .whole(answer(request))
        }
    }

    /// Gone for 20 seconds of each minute, after a few slow ones.
    private static func outage(at elapsed: Double) -> [Fault.Kind] {
        let second = elapsed.truncatingRemainder(dividingBy: 60)
        if (20..<40).contains(second) { return [.status(503, retryAfter: Int((40 - second).rounded(.up)))] }
        return (15..<20).contains(second) ? [.delay(.milliseconds(700))] : []
    }

    private func unavailable(_ status: Int, _ retryAfter: Int?) -> Response {
        var headers: Headers = ["Content-Type": "text/html", "Date": date]
        headers["Retry-After"] = retryAfter.map { String($0) }
        let text = "<html><body><h1>\(status)</h1><p>Come back later.</p></body></html>\n"
        return Response(status: status, headers: headers, body: Array(text.utf8))
    }

    private func loginPage() -> Response {
        let text = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>\n"
        return Response(
            status: 200, headers: ["Content-Type": "text/html;charset=utf-8", "Date": date], body: Array(text.utf8))
    }
}
