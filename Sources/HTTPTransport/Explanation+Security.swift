// SPDX-License-Identifier: MIT
import CCurl
import HTTP

extension Explanation {
    func secure(_ failure: Failure) -> TransportError {
        if failure.text.contains("wrong version number") || failure.text.contains("http request") {
            return untrusted("\(name) does not speak TLS: is it http:// instead of https://, or another port?")
        }
        if failure.text.contains("alert"), failure.text.contains("certificate") { return broken(failure) }
        return untrusted("No secure connection could be agreed on with \(name).")
    }

    func certificate(_ fault: CertificateFault) -> TransportError {
        untrusted("The certificate of \(name) does not verify: \(fault.sentence) \(advice(for: fault))")
    }

    private func advice(for fault: CertificateFault) -> String {
        switch fault {
        case .otherHost: "Use the name that the certificate is made out for."
        case .expired: "The server needs a new one."
        case .otherPurpose: "The server needs another one."
        case .notYetValid: "Check this machine's clock."
        case .selfSigned, .unknownAuthority:
            options.caFile == nil
                ? "Set ca_file to the authority's certificate, if you trust it."
                : "The file of ca_file does not hold its authority."
        }
    }

    func untrusted(_ message: String) -> TransportError {
        TransportError(.untrusted, message, surelyNotSent: true)
    }
}
