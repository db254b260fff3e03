// SPDX-License-Identifier: MIT
import HTTP

/// Who has a file checked out.
struct GraphPublication: Decodable, Sendable {
    @IfWord var level: String?
    @IfReadable var checkedOutBy: GraphIdentitySet?

    /// Whether it is checked out; `nil` where that is not told.
    var isCheckedOut: Bool? {
        if let level { return level.lowercased() == "checkout" }
        return checkedOutBy.flatMap { $0.anybody == nil ? nil : true }
    }
}
