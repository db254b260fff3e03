// SPDX-License-Identifier: MIT
import Locks

extension OptionKey {
    /// The customer or organisation of a service that has many.
    static let tenant = OptionKey("tenant", .form(tenantName), "the customer or organisation: its id or domain")

    // It becomes part of an address.
    private static let tenantName: @Sendable (String) throws(Complaint) -> String = { text throws(Complaint) in
        let isName = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                || "-_.".unicodeScalars.contains(scalar)
        }
        guard text.utf8.count <= 128, isName else {
            throw Complaint("\(Quote.value(text)) is no tenant; expected its id or domain")
        }
        return text
    }
}

extension OptionValues {
    /// The customer or organisation.
    var tenant: String? {
        get { text("tenant") }
        set { put("tenant", newValue) }
    }
}
