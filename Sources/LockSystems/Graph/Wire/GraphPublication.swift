// SPDX-License-Identifier: MIT
import HTTP

/// Who has a file checked out.
struct GraphPublication: Decodable, Sendable {
    let level: String?
    let checkedOutBy: GraphIdentitySet?

    private enum CodingKeys: String, CodingKey { case level, checkedOutBy }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        level = box.word(.level)
        checkedOutBy = box.ifReadable(GraphIdentitySet.self, .checkedOutBy)
    }

    /// Whether it is checked out; `nil` where that is not told.
    var isCheckedOut: Bool? {
        if let level { return level.lowercased() == "checkout" }
        return checkedOutBy.flatMap { $0.anybody == nil ? nil : true }
    }
}
