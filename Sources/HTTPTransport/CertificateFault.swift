// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

/// Why a certificate does not verify.
enum CertificateFault: Hashable, Sendable {
    /// The day on which it ended, where it could be seen.
    case expired(String?)
    case notYetValid
    case selfSigned
    case otherHost
    case otherPurpose
    case unknownAuthority

    /// OpenSSL's word for a certificate whose time is over.
    static let hasExpired = 10

    /// The fault by OpenSSL's word.
    init(verdict: Int, expiry: String?) {
        switch verdict {
        case Self.hasExpired: self = .expired(expiry)
        case 9: self = .notYetValid
        case 18: self = .selfSigned
        case 26: self = .otherPurpose
        // libcurl compares the names itself, after OpenSSL had nothing against the certificate.
        case 0, 1, 62, 64: self = .otherHost
        default: self = .unknownAuthority
        }
    }

    /// The rest of a sentence that says why.
    var sentence: String {
        switch self {
        case .expired(let day?): "it expired on \(day)."
        case .expired(nil): "it has expired."
        case .notYetValid: "it is not valid yet."
        case .selfSigned: "it is self-signed."
        case .otherHost: "it is made out for another host."
        case .otherPurpose: "it is not made for a server."
        case .unknownAuthority: "its authority is not known here."
        }
    }

    /// The day in OpenSSL's way to write a time, `Jan  1 00:00:00 2021 GMT`, and whether that time is over.
    static func day(_ text: String, now: Date = Date()) -> (text: String, isPast: Bool)? {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count >= 4, let month = months.firstIndex(of: String(parts[0])), let day = Int(parts[1]),
            let year = Int(parts[3])
        else { return nil }
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(year)-\(padded(month + 1))-\(padded(day))"
        guard let moment = RFC3339.date("\(date)T\(parts[2])Z") else { return nil }
        return (date, moment < now)
    }
}
