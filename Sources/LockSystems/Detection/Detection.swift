// SPDX-License-Identifier: MIT
public import HTTP
import Locks

/// Finds out what stands at an address, by asking it.
public struct Detection: Sendable {
    /// What was found.
    public enum Finding: Sendable {
        /// A lock system.
        case found(SystemKind, Sighting)
        /// It tells nothing before one signs in with every request (Basic); asked again with a name and a password it
        /// may, at the address to which the one that was named led. `realm` is its own word for what it keeps.
        case closed(at: WebAddress, realm: String)
    }

    private let kinds: [SystemKind]
    private let transport: any Transport
    private let seconds: Double

    /// - Parameters:
    ///   - kinds: the kinds to look for, in this order.
    ///   - transport: how servers are reached.
    ///   - seconds: how long each request may take.
    public init(_ kinds: [SystemKind] = Registry.kinds, over transport: any Transport, seconds: Double = 15) {
        self.kinds = kinds
        self.transport = transport
        self.seconds = seconds
    }

    /// Finds out, as anybody.
    /// - Throws: `LockError`: `unreachable` where nobody answers, `wrongSystem` where another program does, with its name.
    public func look(at address: WebAddress) async throws -> Finding {
        do {
            return try await find(at: address, isFirst: true)
        } catch let error as TransportError {
            throw Self.refusal(error)
        }
    }

    /// Finds out at a closed address, signed in with every request. Nothing is sent where it could be read on the way.
    /// - Throws: `LockError`: `notSignedIn` where the credentials are not accepted, else as for anybody.
    public func look(
        at address: WebAddress, with credentials: Credentials
    ) async throws -> (kind: SystemKind, sighting: Sighting) {
        do {
            let probe = try await Probe(address, over: transport, credentials: credentials, seconds: seconds)
            if let found = try await signs(at: probe) { return found }
            let answer = try await landing(of: probe)
            guard answer.status != 401 else {
                throw LockError(.notSignedIn, "\(address) does not accept this user and password.")
            }
            throw Stranger.refusal(answer, at: address)
        } catch let error as TransportError {
            throw Self.refusal(error)
        }
    }

    private func find(at address: WebAddress, isFirst: Bool) async throws -> Finding {
        let probe = try await Probe(address, over: transport, credentials: nil, seconds: seconds)
        if let found = try await signs(at: probe) { return .found(found.kind, found.sighting) }
        let answer = try await landing(of: probe)
        // Many names are only there to lead to the secure one.
        if isFirst, let secure = Self.upgrade(address, by: answer) {
            return try await find(at: secure, isFirst: false)
        }
        if answer.status == 401, let realm = Self.basicRealm(answer) { return .closed(at: address, realm: realm) }
        throw Stranger.refusal(answer, at: address)
    }

    private func signs(at probe: Probe) async throws -> (kind: SystemKind, sighting: Sighting)? {
        for kind in kinds {
            if let sighting = try await kind.signs(probe) { return (kind, sighting) }
        }
        return nil
    }

    // The page behind redirects that stay on the server tells more than they do: a Grafana answers its root with one.
    private func landing(of probe: Probe) async throws -> Response {
        var (url, answer) = (probe.address.appending([]), probe.page)
        for step in 0..<Redirect.maximumSteps {
            let asked = Request("GET", url, for: .read)
            guard let next = try? Redirect.next(after: answer, to: asked, step: step) else { break }
            url = next.url
            answer = try await probe.ask("GET", url, headers: ["Accept": "text/html"])
        }
        return answer
    }

    private static func upgrade(_ address: WebAddress, by answer: Response) -> WebAddress? {
        guard address.scheme == "http", let location = answer.headers["Location"],
            let target = try? WebAddress(originOf: location), target.scheme == "https", target.host == address.host
        else { return nil }
        return try? WebAddress(target.origin + address.path)
    }

    private static func basicRealm(_ answer: Response) -> String? {
        for challenge in answer.headers.all("WWW-Authenticate") where challenge.lowercased().hasPrefix("basic") {
            guard let start = challenge.firstRange(of: "realm=\"") else { return "" }
            return String(challenge[start.upperBound...].prefix { $0 != "\"" })
        }
        return nil
    }

    private static func refusal(_ error: TransportError) -> LockError {
        let advice =
            switch error.code {
            case .refused: "Check the port, and that the server runs."
            case .badAddress: "Check the address."
            case .malformed: "Check the scheme and the port: this may be no web server, or one that wants https://."
            case .timedOut, .connectionLost: "Try again, or look at the server and at what stands before it."
            case .hostNotFound, .untrusted, .noTicket, .tooLarge: ""
            case .proxy: "Check the proxy in the environment."
            }
        return LockError(.unreachable, error.message, advice: advice)
    }
}
