// SPDX-License-Identifier: MIT
import Locks

/// What a clause found otherwise than promised.
public struct Broken: Error, CustomStringConvertible {
    /// What was promised, and what was there.
    public let description: String
}

/// One promise that every lock system keeps, as something to try on a server.
public struct Clause: Sendable, CustomStringConvertible {
    /// The promise, as a sentence.
    public let sentence: String
    private let body: @Sendable (any ContractServer) async throws -> Void

    init(_ sentence: String, _ body: @escaping @Sendable (any ContractServer) async throws -> Void) {
        self.sentence = sentence
        self.body = body
    }

    /// The sentence.
    public var description: String { sentence }

    /// Tries it on a server of its own.
    /// - Throws: `Broken` where the promise is not kept.
    public func hold(on backend: Backend) async throws {
        try await backend.open().during { try await body($0) }
    }

    /// All of them.
    public static let all: [Clause] = taking + refreshing + ending + checkingOut + trouble + listing + oddities
}

// MARK: Promises

func promise(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    guard holds else { throw Broken(description: "It is not so that \(what()).") }
}

func promise<Value: Equatable>(_ found: Value, is expected: Value, _ what: @autoclosure () -> String) throws {
    guard found == expected else { throw Broken(description: "\(what()): \(found), and not \(expected).") }
}

/// A result in one line, for a failed promise.
func line(_ result: OperationResult) -> String {
    "\(result.operation) ended \(result.outcome), \(result.reason?.rawValue ?? "-"), after "
        + "\(result.after?.holder.label ?? "nobody"): \(result.why)"
}

func expect(
    _ result: OperationResult, _ outcome: Outcome, _ reason: Reason? = nil, exit: Int32? = nil
) throws {
    try promise(
        result.outcome == outcome && result.reason == reason,
        "\(result.operation) ends \(outcome), \(reason?.rawValue ?? "-"); \(line(result))")
    if let exit { try promise(result.exitCode, is: exit, "exit code of \(line(result))") }
    if outcome != .done, outcome != .planned {
        try promise(!result.why.isEmpty, "\(line(result)) says why")
    }
}

/// Whether the clients' server does all of these; what it does not is asserted to be refused unasked.
func offered(_ operations: [Operation], _ client: Client, _ item: String) async throws -> Bool {
    var all = true
    for operation in operations where !client.offers(operation) {
        try await refusedUnasked(operation, client, item)
        all = false
    }
    return all
}

func refusedUnasked(_ operation: Operation, _ client: Client, _ item: String) async throws {
    _ = try await client.system.signIn()
    client.wire.forget()
    try expect(await client.perform(operation, item), .refused, .unsupported, exit: 1)
    try promise(client.wire.requests.count, is: 0, "requests for \(operation), which is not offered")
}

/// Takes an item for an account, by a lock or where there are none by a check-out.
@discardableResult
func occupy(_ item: String, by client: Client) async throws -> Lock {
    let operation: Operation = client.offers(.lock) ? .lock : .checkOut
    let result = await client.perform(operation, item)
    try expect(result, .done, nil, exit: 0)
    guard let lock = result.after else { throw Broken(description: "\(line(result)) shows the lock.") }
    return lock
}
