// SPDX-License-Identifier: MIT
import CCurl
import HTTP

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Says in plain words why there is no answer. No text of a library gets through.
struct Explanation {
    let server: WebAddress
    let options: NetworkOptions

    /// The error of ours for one of libcurl's.
    /// - Parameter expiry: the day on which the server's certificate ended, where it was looked at.
    func error(for failure: Failure, expiry: String? = nil) -> TransportError {
        let error = reason(for: failure, expiry: expiry)
        // Whatever came in between: what has begun to go may have arrived.
        guard failure.wasBegun, error.surelyNotSent else { return error }
        return TransportError(error.code, error.message, surelyNotSent: false)
    }

    private func reason(for failure: Failure, expiry: String?) -> TransportError {
        if let refusal = tunnel(failure) { return refusal }
        return switch failure.code {
        case CURLE_COULDNT_RESOLVE_HOST: hostNotFound
        case CURLE_COULDNT_RESOLVE_PROXY: proxy("can't be found: its name can't be resolved")
        case CURLE_PROXY: socks(failure.proxyRefusal)
        case CURLE_COULDNT_CONNECT: failure.systemError == ECONNREFUSED ? refused : unreachable
        case CURLE_OPERATION_TIMEDOUT: timedOut(failure)
        case CURLE_PEER_FAILED_VERIFICATION:
            certificate(CertificateFault(verdict: failure.verdict, expiry: expiry))
        case CURLE_SSL_CONNECT_ERROR: secure(failure)
        case CURLE_SSL_CERTPROBLEM:
            untrusted("The certificate of client_cert and the key of client_key can't be used together.")
        case CURLE_SSL_CACERT_BADFILE:
            untrusted(
                "The authorities to trust can't be read: check \(options.caFile == nil ? "SSL_CERT_FILE" : "ca_file").")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: malformed
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR: unreadable(failure.encodings)
        case CURLE_URL_MALFORMAT:
            TransportError(.badAddress, "The address of a request to \(name) is no valid URL.", surelyNotSent: true)
        // Its word for a line that is longer than it takes, too: later versions have one of their own.
        case CURLE_OUT_OF_MEMORY where failure.wasBegun, CURLcode(100): error(for: .lineTooLong)
        case CURLE_OUT_OF_MEMORY: LibraryFault.exhausted
        default: broken(failure)
        }
    }

    /// The error for an answer that was not read to its end.
    func error(for fault: AnswerReader.Fault) -> TransportError {
        switch fault {
        case .headTooLarge:
            TransportError(
                .tooLarge, "The head of the answer of \(name) is larger than 256 KiB, the most that is read.",
                surelyNotSent: false)
        case .lineTooLong:
            TransportError(
                .tooLarge, "A line in the head of the answer of \(name) is longer than 100 KB, the most that is read.",
                surelyNotSent: false)
        case .oddLength:
            TransportError(
                .malformed, "The answer of \(name) tells a length that is none, or two that differ.",
                surelyNotSent: false)
        case .bodyTooLarge:
            TransportError(
                .tooLarge, "The answer of \(name) is larger than \(limit), the most that is read.",
                surelyNotSent: false)
        }
    }

    func timedOut(surelyNotSent: Bool) -> TransportError {
        TransportError(.timedOut, "\(name) gave no whole answer in time.", surelyNotSent: surelyNotSent)
    }

    var busy: TransportError {
        TransportError(.timedOut, "All connections to \(name) were busy for too long.", surelyNotSent: true)
    }

    var unsendable: TransportError {
        TransportError(
            .badAddress, "The request to \(name) has a header with a line end or another control character in it.",
            surelyNotSent: true)
    }

    func addsSlash(to request: Request) -> TransportError {
        let path = request.url.prefix { $0 != "?" && $0 != "#" }
        let local = path.firstRange(of: "://").map { path[$0.upperBound...].drop { $0 != "/" } } ?? path
        return TransportError(
            .badAddress,
            "\(name) does nothing at \(local) but point to the same address with a slash at its end: what stands before "
                + "the server must not add one.",
            surelyNotSent: false)
    }

    private var limit: String {
        options.maximumBytes >= 1 << 20 ? "\(options.maximumBytes >> 20) MiB" : "\(options.maximumBytes) bytes"
    }

    var name: String {
        server.host.contains(":") ? "[\(server.host)]:\(server.port)" : "\(server.host):\(server.port)"
    }
}

extension Explanation {
    private func timedOut(_ failure: Failure) -> TransportError {
        if failure.wasBegun { return timedOut(surelyNotSent: false) }
        if failure.isConnected {
            if options.proxy != nil { return proxy("did not reach \(name) in time") }
            return TransportError(
                .timedOut, "\(name) did not agree on a secure connection in time.", surelyNotSent: true)
        }
        guard failure.isResolved else {
            if options.proxy != nil { return proxy("can't be found in time: the name server does not answer") }
            return TransportError(
                .timedOut, "The name \(server.host) was not resolved in time: check the name server.",
                surelyNotSent: true)
        }
        if options.proxy != nil { return proxy("did not connect in time") }
        return TransportError(.timedOut, "\(name) did not take the connection in time.", surelyNotSent: true)
    }

    func broken(_ failure: Failure) -> TransportError {
        // With TLS 1.3 a server looks at our certificate after we have begun to send.
        guard failure.text.contains("alert"),
            failure.text.contains("certificate") || failure.text.contains("unknown ca")
        else {
            if !failure.wasBegun, options.proxy != nil { return proxy("gave no connection to \(name)") }
            return TransportError(
                .connectionLost, "The connection to \(name) ended before the answer was whole.",
                surelyNotSent: !failure.wasBegun)
        }
        let message =
            options.clientCertificate == nil
            ? "\(name) wants a certificate of yours: set client_cert and client_key."
            : "\(name) does not take the certificate of client_cert."
        return TransportError(.untrusted, message, surelyNotSent: !failure.wasBegun)
    }

    private func unreadable(_ encodings: [String]) -> TransportError {
        let known = ["gzip", "x-gzip", "deflate", "br", "zstd"]
        guard let odd = encodings.first(where: { !known.contains($0) }) else {
            return TransportError(.malformed, "The compressed answer of \(name) is damaged.", surelyNotSent: false)
        }
        let isWord = odd.utf8.count <= 20 && odd.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return TransportError(
            .malformed,
            "\(name) packs its answer in a way that was not asked for\(isWord ? " (\(odd))" : "").",
            surelyNotSent: false)
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
        TransportError(
            .hostNotFound, "The name \(server.host) can't be resolved: check its spelling, and the name server.",
            surelyNotSent: true)
    }

    private var malformed: TransportError {
        TransportError(.malformed, "What \(name) answers is not HTTP.", surelyNotSent: false)
    }
}
