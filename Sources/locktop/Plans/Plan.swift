// SPDX-License-Identifier: MIT
import Locks
import Settings

/// A bulk operation that is written down before it is carried out, so that somebody can look it over.
struct Plan: Sendable {
    /// One item with the hold that was seen when the plan was made.
    struct Row: Sendable {
        var ref: ItemRef
        var path: String
        /// Who had it; `nil`: nobody.
        var holder: Holder?
        /// Which lock that was; `nil`: it was free.
        var identity: LockIdentity?
    }

    /// The form that this program writes and reads.
    static let version = 1

    var operation: Operation
    var rows: [Row]

    /// What an operation is wished for with on one of its rows: only while that is as it was.
    func wish(for row: Row, reason: String?, isRehearsal: Bool) -> Wish {
        Wish(
            operation, expectedHolder: row.holder.flatMap { $0.id ?? $0.name },
            expecting: row.identity.map(Expectation.lock) ?? .free, mayTakeFromOthers: operation.endsSomething,
            reason: reason, isRehearsal: isRehearsal)
    }

    /// The file: a row a line.
    var text: String {
        let rows = rows.map { row in
            JSON.object([
                ("server", .text(row.ref.server)), ("id", .text(row.ref.id)), ("path", .text(row.path)),
                ("holder", .holder(row.holder)), ("identity", .text(row.identity?.digest)),
            ]).line
        }
        let list = rows.isEmpty ? "[]" : "[\n" + rows.joined(separator: ",\n") + "\n]"
        return "{\"version\":\(Self.version),\"operation\":\"\(operation.rawValue)\",\"rows\":\(list)}\n"
    }
}

extension Plan {
    /// Reads a plan that is whole and right.
    /// - Parameter servers: the names of the servers that are configured.
    /// - Throws: `Problem`, which names the file and the line.
    init(_ file: InputFile, servers: [String]) throws(Problem) {
        do {
            let reader = PlanReader(servers: servers)
            self = try reader.plan(try PlacedJSON.read(file.bytes))
        } catch {
            throw Problem.configuration(
                "\(file.name):\(error.line): \(error.sentence) Nothing was sent: make the plan anew, or mend it.")
        }
    }
}

/// What has to hold for a text to be a plan.
private struct PlanReader {
    let servers: [String]

    typealias Mistake = PlacedJSON.Mistake

    func plan(_ document: PlacedJSON) throws(Mistake) -> Plan {
        guard case .object(let members) = document.value else {
            throw Mistake(line: document.line, sentence: "a plan is an object, and this is \(document.kind).")
        }
        // A plan of another version may have other names too: that it is one has to be said first.
        if let version = members.first(where: { $0.name == "version" })?.value {
            guard case .number(Double(Plan.version)) = version.value else {
                throw Mistake(
                    line: version.line, sentence: "this locktop reads plans of version \(Plan.version) alone.")
            }
        }
        let fields = try fields(document, ["version", "operation", "rows"])
        let word = try text(fields[1], "operation")
        guard let operation = Operation(rawValue: word) else {
            let known = Operation.allCases.map(\.rawValue)
            throw Mistake(
                line: fields[1].line,
                sentence: "\(word) is no operation. There is: \(known.joined(separator: " ")).\(hint(word, known))")
        }
        guard case .array(let values) = fields[2].value else {
            throw Mistake(line: fields[2].line, sentence: "rows has to be a list, and is \(fields[2].kind).")
        }
        var lines: [ItemRef: Int] = [:]
        var rows: [Plan.Row] = []
        for value in values {
            let row = try row(value, operation)
            if let line = lines.updateValue(value.line, forKey: row.ref) {
                throw Mistake(line: value.line, sentence: "\(row.ref.server):\(row.ref.id) stands on line \(line) too.")
            }
            rows.append(row)
        }
        return Plan(operation: operation, rows: rows)
    }

    private func row(_ value: PlacedJSON, _ operation: Operation) throws(Mistake) -> Plan.Row {
        let fields = try fields(value, ["server", "id", "path", "holder", "identity"])
        let server = try text(fields[0], "server")
        guard servers.contains(server) else {
            throw Mistake(
                line: fields[0].line, sentence: "no server is called \(server).\(hint(server, servers))")
        }
        let holder = try holder(fields[3])
        let identity = try optionalText(fields[4], "identity")
        guard (holder == nil) == (identity == nil) else {
            throw Mistake(
                line: value.line, sentence: "holder and identity belong together: both, or both null where it is free.")
        }
        guard identity != nil || operation.takes else {
            throw Mistake(
                line: value.line, sentence: "nobody has this item, so there is nothing to \(operation.word).")
        }
        return Plan.Row(
            ref: ItemRef(server: server, id: try text(fields[1], "id")), path: try text(fields[2], "path"),
            holder: holder, identity: identity.map(LockIdentity.init(digest:)))
    }

    private func holder(_ value: PlacedJSON) throws(Mistake) -> Holder? {
        if case .null = value.value { return nil }
        let fields = try fields(value, ["id", "name", "isMe"])
        guard case .bool(let isMe) = fields[2].value else {
            throw Mistake(line: fields[2].line, sentence: "isMe has to be true or false, and is \(fields[2].kind).")
        }
        return Holder(
            id: try optionalText(fields[0], "id"), name: try optionalText(fields[1], "name"), isMe: isMe)
    }

    /// The values of exactly these names, in this order.
    private func fields(_ value: PlacedJSON, _ names: [String]) throws(Mistake) -> [PlacedJSON] {
        guard case .object(let members) = value.value else {
            throw Mistake(
                line: value.line,
                sentence: "an object with \(names.joined(separator: ", ")) belongs here, not \(value.kind).")
        }
        for member in members where !names.contains(member.name) {
            throw Mistake(
                line: member.line,
                sentence:
                    "\(member.name) does not belong here: there is \(names.joined(separator: ", ")).\(hint(member.name, names))"
            )
        }
        var values: [PlacedJSON] = []
        for name in names {
            guard let member = members.first(where: { $0.name == name }) else {
                throw Mistake(line: value.line, sentence: "\(name) is missing.")
            }
            values.append(member.value)
        }
        return values
    }

    private func text(_ value: PlacedJSON, _ name: String) throws(Mistake) -> String {
        guard let text = try optionalText(value, name), !text.isEmpty else {
            throw Mistake(
                line: value.line,
                sentence: "\(name) has to be a text, and is \(value.kind == "null" ? "null" : "empty").")
        }
        return text
    }

    private func optionalText(_ value: PlacedJSON, _ name: String) throws(Mistake) -> String? {
        switch value.value {
        case .null: return nil
        case .text(let text): return text
        default: throw Mistake(line: value.line, sentence: "\(name) has to be a text, and is \(value.kind).")
        }
    }

    private func hint(_ word: String, _ known: [String]) -> String {
        NearestWord.hint(for: word, among: known)
    }
}
