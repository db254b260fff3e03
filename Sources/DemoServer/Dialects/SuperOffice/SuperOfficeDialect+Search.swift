// SPDX-License-Identifier: MIT
import HTTP

extension SuperOfficeDialect {
    /// A page of the listing of documents.
    func search(
        _ call: Call, _ query: [(name: String, value: String)], _ person: Person
    ) throws(SuperOfficeFailure) -> JSON {
        func option(_ name: String) -> String? {
            query.first { $0.name.lowercased() == name.lowercased() }?.value
        }
        let filter = try SuperOfficeFilter(option("$filter") ?? "")
        let columns = (option("$select") ?? "documentId,name").split(separator: ",").map { String($0.trimmed) }
        for column in columns where !Self.columns.contains(column) { throw Self.noColumn(column) }
        var found: [Item] = []
        if !filter.isEmpty || !options.needsFilter {
            for item in allDocuments.values where book.may(person, .view, item) {
                if try filter.matches({ column throws(SuperOfficeFailure) in try value(column, item) }) {
                    found.append(item)
                }
            }
        }
        found = try sorted(found, by: option("$orderBy") ?? "documentId")
        let page = found.dropFirst(try number(option("$skip"), else: 0)).prefix(try number(option("$top"), else: 1000))
        var rows: [JSON] = []
        for item in page {
            var fields = [
                JSON.Field(key: "PrimaryKey", value: .string(String(item.number))),
                JSON.Field(key: "EntityName", value: "document"),
            ]
            for column in columns { fields.append(JSON.Field(key: column, value: try value(column, item))) }
            rows.append(.object(fields))
        }
        return [
            "odata.metadata": .string(
                call.origin + "/" + call.segments.prefix(2).joined(separator: "/")
                    + "/v1/Archive//$metadata"),
            "odata.nextLink": nil, "value": .array(rows),
        ]
    }

    private func number(_ text: String?, else standard: Int) throws(SuperOfficeFailure) -> Int {
        guard let text else { return standard }
        guard let number = Int32(text), number >= 0 else { throw .model("The value '\(text)' is not valid.") }
        return Int(number)
    }

    private static func noColumn(_ name: String) -> SuperOfficeFailure {
        .exception(500, type: "SoIllegalOperationException", message: "Unknown column: \(name)")
    }

    // MARK: Columns

    static let columns: Set = [
        "documentId", "name", "text", "subject", "type", "associateId", "associate/fullName", "associate/associateDbId",
        "updatedDate", "registeredDate", "completed", "snum", "isMail", "getAllRows", "contact/name", "userGroup",
    ]

    private func value(_ column: String, _ item: Item) throws(SuperOfficeFailure) -> JSON {
        switch column {
        case "documentId": .int(item.number)
        case "name": .string(Self.fileName(item))
        case "text", "subject": .string(item.title)
        case "type": .string(item.type.title)
        case "associateId": .string(Self.initials(item.owner))
        case "associate/fullName": .string(book.displayName(item.owner))
        case "associate/associateDbId": .int(associate(item.owner))
        case "updatedDate": .string(String(CivilTime(unix: item.modified).iso.dropLast(6)))
        case "registeredDate": .string(String(CivilTime(unix: item.created).iso.dropLast(6)))
        case "snum": .int(item.number + 10_000)
        case "completed", "isMail": false
        case "getAllRows": true
        case "contact/name", "userGroup": nil
        default: throw Self.noColumn(column)
        }
    }

    /// The name of the file that the document is: its title, as people leave it.
    static func fileName(_ item: Item) -> String { item.title }

    private func sorted(_ items: [Item], by order: String) throws(SuperOfficeFailure) -> [Item] {
        var keys: [(column: String, isDescending: Bool)] = []
        for part in order.split(separator: ",") {
            let words = part.split(separator: " ").map(String.init)
            guard let column = words.first, Self.columns.contains(column) else { throw Self.noColumn(String(part)) }
            keys.append((column, words.last?.lowercased() == "desc"))
        }
        var lines: [(item: Item, values: [JSON])] = []
        for item in items {
            var values: [JSON] = []
            for key in keys { values.append(try value(key.column, item)) }
            lines.append((item, values))
        }
        lines.sort { one, other in
            for (key, pair) in zip(keys, zip(one.values, other.values)) where pair.0 != pair.1 {
                return SuperOfficeFilter.precedes(pair.0, pair.1) != key.isDescending
            }
            return one.item.number < other.item.number
        }
        return lines.map(\.item)
    }

    // MARK: Users and archives

    /// The listing of users.
    func users(_ query: [(name: String, value: String)]) throws(SuperOfficeFailure) -> JSON {
        let filter = try SuperOfficeFilter(query.first { $0.name == "$filter" }?.value ?? "")
        var rows: [JSON] = []
        for person in book.people.values.sorted(by: { $0.id < $1.id }) where !person.isDeleted {
            let row: JSON = [
                "PrimaryKey": .string(String(associate(person.id))), "EntityName": "associate",
                "associateDbId": .int(associate(person.id)), "fullName": .string(person.account.fullName),
                "userName": .string(person.id),
            ]
            if try filter.matches({ column throws(SuperOfficeFailure) in row[column] ?? nil }) { rows.append(row) }
        }
        return ["odata.metadata": nil, "odata.nextLink": nil, "value": .array(rows)]
    }

    /// What the archive says of itself.
    var pluginCapabilities: JSON {
        switch options.archive {
        case .standard:
            [
                "locking": "mandatory", "fast-lock-status": "", "versioning": "", "fast-version-list": "",
                "fast-exists": "", "max-document-size": "0", "timeout": "0", "can-create-document-templates": "True",
            ]
        case .polite:
            [
                "locking": "True", "fast-lock-status": "True", "versioning": "True", "fast-version-list": "True",
                "fast-exists": "True", "can-create-document-templates": "False",
            ]
        case .agreeable, .silent: ["locking": "False", "versioning": "False"]
        }
    }

    /// What is asked of a document's archive.
    func properties(_ item: Item, _ names: [String]) -> JSON {
        let known: [String: String] = [
            "has-locking": options.archive == .standard ? "mandatory" : isLockable(item) ? "True" : "False",
            "has-versioning": options.archive == .polite ? "True" : "", "file-name": Self.fileName(item),
        ]
        return .object(names.map { JSON.Field(key: $0, value: .string(known[$0] ?? "")) })
    }

    /// A document as an entity.
    func entity(_ item: Item, _ person: Person) -> JSON {
        let mask = book.may(person, .modify, item) ? "FULL" : "R"
        return [
            "DocumentId": .int(item.number), "Name": .string(Self.fileName(item)), "Header": .string(item.title),
            "UpdatedDate": .string(String(CivilTime(unix: item.modified).iso.dropLast(6))),
            "LockSemantics": .string(isLockable(item) ? "Locking" : "None"),
            "Associate": [
                "AssociateId": .int(associate(item.owner)), "Name": .string(Self.initials(item.owner)),
                "FullName": .string(book.displayName(item.owner)),
            ],
            "DocumentTemplate": ["Name": .string(item.type.title), "AutoeventId": 0],
            "TableRight": ["Mask": .string(mask), "Reason": ""],
        ]
    }
}

extension Substring {
    /// Without the blanks around it.
    fileprivate var trimmed: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
