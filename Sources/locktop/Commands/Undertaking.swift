// SPDX-License-Identifier: MIT
import Locks

/// What a command is to do on one item.
struct Undertaking: Sendable {
    let connection: Connection
    /// The item's id or path.
    let name: String
    var wish: Wish
    /// Where a plan says that the item is; `nil` where the operator named it just now.
    var path: String?

    /// A result of it for which nothing was sent.
    func ended(_ judgement: Judgement, _ row: Row? = nil) -> OperationResult {
        OperationResult(
            ref: ItemRef(server: connection.facts.name, id: row?.item.id ?? name),
            path: row?.item.path ?? path ?? name, operation: wish.operation, outcome: judgement.outcome,
            reason: judgement.reason, why: judgement.why, before: row?.lock, after: row?.lock)
    }
}
