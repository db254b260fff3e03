// SPDX-License-Identifier: MIT
import HTTP
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why a certificate does not verify, as far as it can be seen in it.
enum CertificateFault: Hashable, Sendable {
    /// The last second it was good, since 1970.
    case expired(Int)
    case notYetValid
    case selfSigned
    case otherHost
    case unknownAuthority

    /// The rest of a sentence that says why.
    var sentence: String {
        switch self {
        case .expired(let second): "it expired on \(Self.day(second))."
        case .notYetValid: "it is not valid yet."
        case .selfSigned: "it is self-signed."
        case .otherHost: "it is made out for another host."
        case .unknownAuthority: "its authority is not known here."
        }
    }

    private static func day(_ second: Int) -> String { String(RFC3339.text(secondsSince1970: second).prefix(10)) }
}

/// Looks at the certificate of a server that could not be trusted. The network library only says that it failed, not
/// why; so one more connection is made, and ended before a byte of a request is sent.
struct CertificateProbe {
    let server: WebAddress
    let options: NetworkOptions

    /// What is wrong with the server's certificate. Takes three seconds at most, and none beyond the deadline.
    func fault(by deadline: ContinuousClock.Instant) async -> CertificateFault {
        // Behind a proxy the certificate could only be had by a second tunnel.
        guard options.proxy == nil, let chain = await chain(within: min(deadline - .now, .seconds(3))),
            let leaf = chain.first
        else { return .unknownAuthority }
        let now = time(nil)
        if let old = chain.first(where: { $0.notValidAfter < now }) { return .expired(Int(old.notValidAfter)) }
        if chain.contains(where: { $0.notValidBefore > now }) { return .notYetValid }
        guard let names = (try? leaf.toDERBytes()).flatMap(CertificateNames.init) else { return .unknownAuthority }
        return names.issuer == names.subject ? .selfSigned : .unknownAuthority
    }

    private func chain(within span: Duration) async -> [NIOSSLCertificate]? {
        guard span > .zero, var tls = try? options.tlsConfiguration() else { return nil }
        tls.certificateVerification = .noHostnameVerification
        guard let context = try? NIOSSLContext(configuration: tls) else { return nil }
        let seen = SeenChain()
        // No server name is sent for an address: TLS knows none there.
        let name = (try? SocketAddress(ipAddress: server.host, port: 0)) == nil ? server.host : nil
        let channel: (any Channel)? = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(span.timeAmount)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(context: context, serverHostname: name) { chain, verdict in
                        seen.chain.withLock { $0 = chain }
                        verdict.succeed(NIOSSLVerificationResult.failed)
                    }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: server.host, port: server.port).get()
        guard let channel else { return nil }
        let giveUp = channel.eventLoop.scheduleTask(in: span.timeAmount) { channel.close(mode: .all, promise: nil) }
        // A failed handshake closes the channel.
        await withTaskCancellationHandler {
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(mode: .all, promise: nil)
        }
        giveUp.cancel()
        return seen.chain.withLock { $0 }
    }
}

/// What the verification was shown: it runs on the network's thread.
private final class SeenChain: Sendable {
    let chain = Mutex<[NIOSSLCertificate]?>(nil)
}

/// The two names in a certificate, each as its bytes: enough to know whether it has signed itself.
struct CertificateNames {
    let issuer: ArraySlice<UInt8>
    let subject: ArraySlice<UInt8>

    /// Walks RFC 5280's `TBSCertificate`: version, serial number, algorithm, issuer, validity, subject.
    init?(_ der: [UInt8]) {
        guard let certificate = Self.content(of: der[...]), let body = Self.content(of: certificate.value) else {
            return nil
        }
        var rest = body.value
        if rest.first == 0xA0 {
            guard let version = Self.content(of: rest) else { return nil }
            rest = version.after
        }
        var fields: [ArraySlice<UInt8>] = []
        for _ in 0..<5 {
            guard let field = Self.content(of: rest) else { return nil }
            fields.append(field.value)
            rest = field.after
        }
        issuer = fields[2]
        subject = fields[4]
    }

    private static func content(of bytes: ArraySlice<UInt8>) -> (value: ArraySlice<UInt8>, after: ArraySlice<UInt8>)? {
        guard bytes.count >= 2 else { return nil }
        var rest = bytes.dropFirst(2)
        var length = Int(bytes[bytes.startIndex + 1])
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...3).contains(count), rest.count >= count else { return nil }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        guard rest.count >= length else { return nil }
        return (rest.prefix(length), rest.dropFirst(length))
    }
}
