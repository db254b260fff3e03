// SPDX-License-Identifier: MIT
import Locks

extension SuperOfficeSystem {
    /// What this kind of server is called, what its configuration knows, and how one is made.
    public static let kind = SystemKind(
        name: "SuperOffice", options: options, standardAddress: "https://online.superoffice.com",
        operations: allOperations,
        listing: "`GET Document`, 100 a request, newest first; then one `GET …/Lock` each",
        calls: [
            .checkOut: "POST Document/{id}/Lock", .checkIn: "PUT Document/{id}/Lock",
            .discard: "DELETE Document/{id}/Lock", .forceUnlock: "DELETE Document/{id}/Lock",
        ],
        login: { said in
            let scheme = said.values.text("scheme")
            if let token = said.secrets["token"] { return .token(token, isTicket: scheme == "soticket") }
            guard let password = said.password else { return .anonymous }
            return .password(user: said.user ?? "", secret: password, isBasic: scheme == "basic")
        },
        signs: signs,
        make: { SuperOfficeSystem($0) })
}
