// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

extension NetworkOptions {
    /// Reads the certificate files that the options name.
    /// - Throws: `.badAddress` for a file that is missing, can't be read or holds something else.
    func checkFiles() throws(TransportError) {
        if let caFile { try Self.checkCertificates(caFile, as: "ca_file") }
        if let clientCertificate {
            try Self.checkCertificates(clientCertificate, as: "client_cert")
            try Self.checkKey(clientKey ?? clientCertificate)
        } else if clientKey != nil {
            throw Self.bad("client_key is set without client_cert: the certificate that belongs to the key is missing.")
        }
    }

    private static func checkCertificates(_ path: String, as key: String) throws(TransportError) {
        guard try blocks(path, as: key).contains(where: { $0.label.hasSuffix("CERTIFICATE") }) else {
            throw bad("The file of \(key), \(path), holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).")
        }
    }

    private static func checkKey(_ path: String) throws(TransportError) {
        let keys = try blocks(path, as: "client_key").filter { $0.label.hasSuffix("PRIVATE KEY") }
        guard let key = keys.first, !key.label.contains("ENCRYPTED"), !key.isEncrypted else {
            throw bad("The file of client_key, \(path), holds no private key in PEM form without a passphrase.")
        }
    }

    private struct Block {
        let label: Substring
        let isEncrypted: Bool
    }

    /// The blocks whose bytes are Base64.
    private static func blocks(_ path: String, as key: String) throws(TransportError) -> [Block] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw bad("The file of \(key), \(path), can't be read: it is missing, or not yours to read.")
        }
        var blocks: [Block] = []
        var rest = String(decoding: data, as: UTF8.self)[...]
        while let begin = rest.firstRange(of: "-----BEGIN ") {
            rest = rest[begin.upperBound...]
            guard let dashes = rest.firstRange(of: "-----") else { break }
            let label = rest[..<dashes.lowerBound]
            guard let end = rest.firstRange(of: "-----END \(label)-----") else { continue }
            let lines = rest[dashes.upperBound..<end.lowerBound].split(whereSeparator: \.isNewline)
            let base64 = lines.filter { !$0.contains(":") }.joined()
            if let bytes = Data(base64Encoded: base64.filter { !$0.isWhitespace }), !bytes.isEmpty {
                blocks.append(Block(label: label, isEncrypted: lines.contains { $0.hasPrefix("Proc-Type:") }))
            }
            rest = rest[end.upperBound...]
        }
        return blocks
    }

    private static func bad(_ message: String) -> TransportError {
        TransportError(.badAddress, message, surelyNotSent: true)
    }
}
