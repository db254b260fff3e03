// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import NIOSSL

extension NetworkOptions {
    /// What the options say about certificates.
    /// - Throws: `.badAddress` for a file that is missing, can't be read or holds something else.
    func tlsConfiguration() throws(TransportError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if insecureTLS { tls.certificateVerification = .none }
        if let caFile { tls.trustRoots = .certificates(try Self.certificates(caFile, as: "ca_file")) }
        if let clientCertificate {
            tls.certificateChain = try Self.certificates(clientCertificate, as: "client_cert").map { .certificate($0) }
            tls.privateKey = .privateKey(try Self.key(clientKey ?? clientCertificate))
        } else if clientKey != nil {
            throw Self.bad("client_key is set without client_cert: the certificate that belongs to the key is missing.")
        }
        return tls
    }

    private static func certificates(_ path: String, as key: String) throws(TransportError) -> [NIOSSLCertificate] {
        try check(path, as: key)
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw bad("The file of \(key), \(path), holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).")
        }
        return certificates
    }

    private static func key(_ path: String) throws(TransportError) -> NIOSSLPrivateKey {
        try check(path, as: "client_key")
        guard let key = try? NIOSSLPrivateKey(file: path, format: .pem) else {
            throw bad("The file of client_key, \(path), holds no private key in PEM form without a passphrase.")
        }
        return key
    }

    private static func check(_ path: String, as key: String) throws(TransportError) {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw bad("The file of \(key), \(path), can't be read: it is missing, or not yours to read.")
        }
    }

    private static func bad(_ message: String) -> TransportError {
        TransportError(.badAddress, message, surelyNotSent: true)
    }
}
