// SPDX-License-Identifier: MIT
public import HTTP
import Synchronization

/// An address at which it is to be found out what stands there. Kinds ask it for their signs; what one of them has asked
/// already, the next one gets without a request.
public final class Probe: Sendable {
    /// What a person named, which may be any page of the site.
    public let address: WebAddress
    /// What answers at the address itself, as a browser would ask for it.
    public let page: Response

    private let transport: any Transport
    private let authorization: String?
    private let seconds: Double
    private let known: Mutex<[Request: Response]>

    /// Asks for the page first: where nobody answers at all, no kind need be asked.
    /// - Parameters:
    ///   - credentials: for servers that tell nothing before one signs in; `nil`: as anybody.
    ///   - seconds: how long each request may take.
    /// - Throws: `TransportError`; `.badAddress`, and nothing is sent, for credentials where all on the way can read them.
    init(_ address: WebAddress, over transport: any Transport, credentials: Credentials?, seconds: Double) async throws
    {
        guard credentials == nil || address.scheme == "https" || address.isLoopback else {
            throw TransportError(
                .badAddress,
                "Nobody signs in at \(address), for everybody on the way could read the password: write https://.",
                surelyNotSent: true)
        }
        let authorization = credentials?.header
        self.address = address
        self.transport = transport
        self.authorization = authorization
        self.seconds = seconds
        let request = Self.request("GET", address.appending([]), ["Accept": "text/html"], authorization, of: address)
        page = try await Self.page(request, of: address, over: transport, seconds)
        known = Mutex([request: page])
    }

    // An address is kept without the slash at its end, and there are web servers that know a page only by its whole name.
    private static func page(
        _ request: Request, of address: WebAddress, over transport: any Transport, _ seconds: Double
    ) async throws -> Response {
        var slashed = request
        slashed.url += "/"
        let answer: Response
        do {
            answer = try await transport.send(request, deadline: .now + .seconds(seconds))
        } catch let error as TransportError where error.code == .badAddress && !address.path.isEmpty {
            return try await transport.send(slashed, deadline: .now + .seconds(seconds))
        }
        guard answer.status == 404, !address.path.isEmpty else { return answer }
        let other = try await transport.send(slashed, deadline: .now + .seconds(seconds))
        return other.status == 404 ? answer : other
    }

    /// Asks. Only readings are sent, and no redirect is followed.
    /// - Throws: `TransportError`
    public func ask(_ method: HTTP.Method, _ url: String, headers: Headers = [:], body: [UInt8]? = nil) async throws
        -> Response
    {
        let request = Self.request(method, url, headers, authorization, of: self.address, body)
        if let answer = known.withLock({ $0[request] }) { return answer }
        let answer = try await transport.send(request, deadline: .now + .seconds(seconds))
        known.withLock { $0[request] = answer }
        return answer
    }

    /// The addresses that the site's root may be at, each with the path below it that was named: the address itself
    /// first, then what is above it. A mark of the interface at the end is taken off.
    /// - Parameter marks: ends of addresses that people copy along, as `/++api++`.
    public func roots(without marks: [String] = []) -> [(address: WebAddress, path: String?)] {
        var text = address.description
        for mark in marks where text.lowercased().hasSuffix(mark.lowercased()) { text.removeLast(mark.count) }
        var left = (try? WebAddress(text)) ?? address
        var (found, path) = ([(left, nil as String?)], "")
        while let slash = left.path.lastIndex(of: "/"), found.count < 8 {
            path = (WebAddress.decode(left.path[slash...]) ?? String(left.path[slash...])) + path
            guard let above = try? WebAddress(left.origin + left.path[..<slash]) else { break }
            left = above
            found.append((left, path))
        }
        return found
    }

    private static func request(
        _ method: HTTP.Method, _ url: String, _ headers: Headers, _ authorization: String?, of address: WebAddress,
        _ body: [UInt8]? = nil
    ) -> Request {
        var request = Request(method, url, headers: headers, body: body, for: .read)
        // A kind may ask elsewhere, and what signs in here is nobody else's.
        guard (try? WebAddress(originOf: url))?.origin == address.origin else { return request }
        if request.headers["Authorization"] == nil { request.headers["Authorization"] = authorization }
        return request
    }
}
