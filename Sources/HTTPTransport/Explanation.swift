// SPDX-License-Identifier: MIT
import AsyncHTTPClient
import HTTP
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Says in plain words why there is no answer. No text of a library gets through.
struct Explanation {
    let server: WebAddress
    let options: NetworkOptions

    /// The error of ours for one of the network library's.
    func error(for error: any Error, deadline: ContinuousClock.Instant) async -> TransportError {
        switch error {
        case let known as TransportError: known
        case let known as HTTPClientError: client(known)
        case let known as NIOConnectionError: connection(known)
        case let known as NIOSSLError: await secure(known, deadline: deadline)
        case let known as BoringSSLError: alert(known)
        case is NIOSSLExtraError: await certificate(wrongHost: true, deadline: deadline)
        case let known as IOError: system(known)
        case HTTPParserError.invalidEOFState: lost
        case is HTTPParserError: malformed
        case ChannelError.connectTimeout: connectTimedOut
        case is ChannelError: lost
        case let known as SocketAddressError: unresolved(known)
        case let known as NIOHTTPDecompression.DecompressionError: decompression(known)
        case is NIOHTTPDecompression.ExtraDecompressionError: damaged
        default: lost
        }
    }

    func timedOut(surelyNotSent: Bool) -> TransportError {
        TransportError(.timedOut, "\(name) gave no whole answer in time.", surelyNotSent: surelyNotSent)
    }

    var unsendable: TransportError {
        TransportError(
            .badAddress, "The request to \(name) has a header with a line end or another control character in it.",
            surelyNotSent: true)
    }

    static func tooLarge(_ server: WebAddress, limit: Int) -> TransportError {
        let size = limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit) bytes"
        return TransportError(
            .tooLarge, "The answer of \(name(server)) is larger than \(size), the most that is read.",
            surelyNotSent: false)
    }

    private var name: String { Self.name(server) }

    private static func name(_ server: WebAddress) -> String {
        server.host.contains(":") ? "[\(server.host)]:\(server.port)" : "\(server.host):\(server.port)"
    }
}

extension Explanation {
    private func client(_ error: HTTPClientError) -> TransportError {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: timedOut(surelyNotSent: false)
        case .connectTimeout: connectTimedOut
        case .getConnectionFromPoolTimeout:
            TransportError(.timedOut, "All connections to \(name) were busy for too long.", surelyNotSent: true)
        case .tlsHandshakeTimeout:
            TransportError(.timedOut, "\(name) did not agree on a secure connection in time.", surelyNotSent: true)
        case .httpProxyHandshakeTimeout, .socksHandshakeTimeout:
            proxy("did not reach \(name) in time")
        case .proxyAuthenticationRequired: proxy("wants a user and a password, or refuses those it got")
        case .invalidProxyResponse: proxy("refused to connect to \(name)")
        case .cancelled, .alreadyShutdown, .remoteConnectionClosed, .requestStreamCancelled: lost
        case .invalidURL, .emptyHost, .emptyScheme:
            TransportError(.badAddress, "The address of a request to \(name) is no valid URL.", surelyNotSent: true)
        case .uncleanShutdown: lost
        default: lost
        }
    }

    private func connection(_ error: NIOConnectionError) -> TransportError {
        let causes = error.connectionErrors.map(\.error)
        if causes.isEmpty { return hostNotFound }
        if causes.contains(where: Self.isConnectTimeout) { return connectTimedOut }
        let code = causes.lazy.compactMap { ($0 as? IOError)?.errnoCode }.first
        return code == ECONNREFUSED ? refused : unreachable
    }

    private static func isConnectTimeout(_ error: any Error) -> Bool {
        if case ChannelError.connectTimeout = error { true } else { false }
    }

    private func system(_ error: IOError) -> TransportError {
        switch error.errnoCode {
        case ECONNREFUSED: refused
        // A connection that stood can end so too: then the request may have arrived.
        case EHOSTUNREACH, ENETUNREACH:
            TransportError(.connectionLost, "The network lost the way to \(name).", surelyNotSent: false)
        default: lost
        }
    }

    private func unresolved(_ error: SocketAddressError) -> TransportError {
        if case .unknown = error { hostNotFound } else { unreachable }
    }

    private func decompression(_ error: NIOHTTPDecompression.DecompressionError) -> TransportError {
        error == .limit ? Self.tooLarge(server, limit: options.maximumBytes) : damaged
    }

    private var damaged: TransportError {
        TransportError(.malformed, "The compressed answer of \(name) is damaged.", surelyNotSent: false)
    }

    private var refused: TransportError {
        if options.proxy != nil { return proxy("can't be reached: nothing listens there") }
        return TransportError(.refused, "Nothing listens at \(name).", surelyNotSent: true)
    }

    private var unreachable: TransportError {
        if options.proxy != nil { return proxy("can't be reached") }
        return TransportError(.refused, "\(name) can't be reached over this network.", surelyNotSent: true)
    }

    private var hostNotFound: TransportError {
        if options.proxy != nil { return proxy("can't be found: its name can't be resolved") }
        return TransportError(
            .hostNotFound, "The name \(server.host) can't be resolved: check its spelling, and the name server.",
            surelyNotSent: true)
    }

    private var connectTimedOut: TransportError {
        if options.proxy != nil { return proxy("did not connect in time") }
        return TransportError(.timedOut, "\(name) did not take the connection in time.", surelyNotSent: true)
    }

    private var lost: TransportError {
        TransportError(
            .connectionLost, "The connection to \(name) ended before the answer was whole.", surelyNotSent: false)
    }

    private var malformed: TransportError {
        TransportError(.malformed, "What \(name) answers is not HTTP.", surelyNotSent: false)
    }

    private func proxy(_ what: String) -> TransportError {
        let proxy = options.proxy.flatMap { try? ProxyAddress($0) }
        let address = proxy.map { "\($0.host):\($0.port)" } ?? ""
        return TransportError(.proxy, "The proxy \(address) \(what).", surelyNotSent: true)
    }
}

extension Explanation {
    private func secure(_ error: NIOSSLError, deadline: ContinuousClock.Instant) async -> TransportError {
        switch error {
        case .handshakeFailed(.sslError(let stack)):
            let words = stack.map(\.description).joined(separator: " ")
            if words.contains("CERTIFICATE_VERIFY_FAILED") {
                return await certificate(wrongHost: false, deadline: deadline)
            }
            if words.contains("WRONG_VERSION_NUMBER") || words.contains("HTTP_REQUEST") {
                return untrusted("\(name) does not speak TLS: is it http:// instead of https://, or another port?")
            }
            return untrusted("No secure connection could be agreed on with \(name).")
        case .handshakeFailed:
            return untrusted("\(name) ended the connection while it was being secured.")
        case .unableToValidateCertificate, .noCertificateToValidate, .cannotMatchULabel, .cannotFindPeerIP:
            return await certificate(wrongHost: true, deadline: deadline)
        default: return lost
        }
    }

    /// With TLS 1.3 a server looks at our certificate after we have begun to send.
    private func alert(_ error: BoringSSLError) -> TransportError {
        guard case .sslError(let stack) = error else { return lost }
        let words = stack.map(\.description).joined(separator: " ")
        guard words.contains("CERTIFICATE") else { return lost }
        let message =
            options.clientCertificate == nil
            ? "\(name) wants a certificate of yours: set client_cert and client_key."
            : "\(name) does not take the certificate of client_cert."
        return TransportError(.untrusted, message, surelyNotSent: false)
    }

    private func certificate(wrongHost: Bool, deadline: ContinuousClock.Instant) async -> TransportError {
        let fault =
            wrongHost ? .otherHost : await CertificateProbe(server: server, options: options).fault(by: deadline)
        return untrusted("The certificate of \(name) does not verify: \(fault.sentence) \(advice(for: fault))")
    }

    private func advice(for fault: CertificateFault) -> String {
        switch fault {
        case .otherHost: "Use the name that the certificate is made out for."
        case .expired: "The server needs a new one."
        case .notYetValid: "Check this machine's clock."
        case .selfSigned, .unknownAuthority:
            options.caFile == nil
                ? "Set ca_file to the authority's certificate, if you trust it."
                : "The file of ca_file does not hold its authority."
        }
    }

    private func untrusted(_ message: String) -> TransportError {
        TransportError(.untrusted, message, surelyNotSent: true)
    }
}
