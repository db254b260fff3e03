// SPDX-License-Identifier: MIT
import CKerberos
import HTTP

extension Explanation {
    func noTicket(_ result: ck_result) -> TransportError {
        let why =
            switch result {
            case CK_MISSING: "Kerberos is not installed here: install the package libgssapi-krb5-2."
            case CK_NO_TICKET: "There is no Kerberos ticket to show to \(name): run kinit first."
            case CK_EXPIRED: "The Kerberos ticket to show to \(name) has run out: run kinit."
            case CK_UNKNOWN_SERVER:
                "Kerberos knows no service HTTP/\(server.host): use the name in url under which the realm knows it."
            case CK_NO_REALM:
                "No Kerberos server answers for \(server.host): check the network, and krb5.conf."
            case CK_CLOCK: "The clock of this machine differs from that of the Kerberos servers: set it right."
            default: "Kerberos gives no ticket for HTTP/\(server.host): run kinit anew."
            }
        return TransportError(.noTicket, why, surelyNotSent: true)
    }

    var ticketTimedOut: TransportError {
        TransportError(
            .timedOut, "The Kerberos servers gave no ticket for \(server.host) in time.", surelyNotSent: true)
    }

    var ticketRefused: TransportError {
        TransportError(
            .noTicket,
            "\(name) does not take the Kerberos ticket: run kinit anew, or ask who runs the server for its keytab.",
            surelyNotSent: true)
    }
}
