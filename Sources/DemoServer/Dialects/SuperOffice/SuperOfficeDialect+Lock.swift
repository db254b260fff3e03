// SPDX-License-Identifier: MIT
import HTTP

extension SuperOfficeDialect {
    /// The calls on one document.
    func document(
        _ id: String, _ rest: [String], _ call: Call, _ person: Person
    ) throws(SuperOfficeFailure) -> JSON {
        guard let number = Int32(id) else {
            throw .model("The parameters dictionary contains an invalid entry for parameter 'documentId'.")
        }
        guard let item = allDocuments[Int(number)] else {
            guard rest == ["lock"], call.method == "GET" else { throw .missing(id) }
            switch options.missing {
            case .notFound: throw .missing(id)
            case .free: return Self.state("NotCheckedOut", 0, "")
            case .failure:
                throw .exception(
                    500, type: "NullReferenceException",
                    message: "Object reference not set to an instance of an object.", source: "SuperOffice.Plugins")
            }
        }
        guard book.may(person, .view, item) else { throw sentry("read") }
        switch (call.method, rest.first) {
        case ("GET", nil): return entity(item, person)
        case ("GET", "lock"): return checkoutInfo(item, person)
        case ("POST", "lock"), ("PUT", "lock"), ("DELETE", "lock"): return try change(item, call.method, call, person)
        case ("GET", "version"): return .array(versions[item.number] ?? [])
        case ("GET", "property"): return properties(item, call.values("requestedProperties"))
        case ("GET", "command"): return []
        default: throw .noRoute
        }
    }

    private func sentry(_ verb: String) -> SuperOfficeFailure {
        .exception(
            options.sentryStatus, type: "SoSentryException",
            message: "You are not allowed to \(verb) this document")
    }

    // MARK: State

    /// Whether the archive of that document can lock.
    func isLockable(_ item: Item) -> Bool {
        item.type.isLockable && options.archive != .agreeable && options.archive != .silent
    }

    private func checkoutInfo(_ item: Item, _ person: Person) -> JSON {
        guard item.type.isLockable else { return Self.state("LockingNotSupported", 0, nil) }
        guard isLockable(item), let lock = book.lock(on: item) else { return Self.state("NotCheckedOut", 0, "") }
        let name = options.hidesNames ? "" : book.displayName(lock.creator)
        if lock.kind == .program { return Self.state("CheckedOutOther", -1, book.displayName(lock.creator)) }
        let number = associate(lock.creator)
        if lock.creator == person.id { return Self.state("CheckedOutOwn", number, name) }
        return Self.state("CheckedOutOther", number, number == 0 ? book.displayName(lock.creator) : name)
    }

    private static func state(_ word: String, _ associate: Int, _ name: String?) -> JSON {
        ["State": .string(word), "AssociateId": .int(associate), "Name": .optional(name)]
    }

    // MARK: Changes

    private enum Verdict {
        case done
        case refused(String?)
    }

    private func change(
        _ item: Item, _ method: String, _ call: Call, _ person: Person
    ) throws(SuperOfficeFailure) -> JSON {
        let allowed = call.values("allowedReturnTypes")
        let known = ["None", "Message", "SoProtocol", "CustomGui", "Other", "URL"]
        guard allowed.allSatisfy({ word in known.contains { $0.lowercased() == word.lowercased() } }) else {
            throw .model("The value '\(allowed.joined(separator: " "))' is not valid for allowedReturnTypes.")
        }
        guard book.may(person, .modify, item) else { throw sentry("update") }
        if let step = options.step {
            if step.isDone { _ = try carryOut(item, method, call, person) }
            return Self.reply(step.isSuccess, step.type, step.value, step.more)
        }
        switch try carryOut(item, method, call, person) {
        case .done: return Self.reply(true, "None", "", "")
        case .refused(let text):
            let mayTell = allowed.isEmpty || allowed.contains { $0.lowercased() == "message" }
            guard let text, mayTell else { return Self.reply(false, "None", nil, nil) }
            return Self.reply(false, "Message", text, nil)
        }
    }

    private func carryOut(
        _ item: Item, _ method: String, _ call: Call, _ person: Person
    ) throws(SuperOfficeFailure) -> Verdict {
        guard isLockable(item) else { return options.archive == .agreeable ? .done : .refused(nil) }
        switch method {
        case "POST": return try checkOut(item, person)
        case "PUT": return try checkIn(item, person, call.value("versionDescription") ?? "")
        default: return try undo(item, person)
        }
    }

    private func checkOut(_ item: Item, _ person: Person) throws(SuperOfficeFailure) -> Verdict {
        guard let lock = book.lock(on: item) else {
            book.take(item, by: person.id)
            return book.lock(on: item) == nil ? .refused(nil) : .done
        }
        if options.archive == .standard {
            let name = "C:\\SO_ARC\\\(Self.initials(item.owner))\\2026.1\\\(Self.fileName(item)).lock"
            throw .exception(
                500, type: "IOException", message: "The file '\(name)' already exists.", source: "mscorlib")
        }
        return lock.creator == person.id ? .done : .refused("Checked out by \(Self.initials(lock.creator))")
    }

    private func checkIn(
        _ item: Item, _ person: Person, _ remark: String
    ) throws(SuperOfficeFailure) -> Verdict {
        guard let lock = book.lock(on: item), lock.kind != .program else {
            guard options.archive == .standard else { return .refused("Not checked out") }
            throw .exception(
                500, type: "FileNotFoundException", message: "Could not find file '\(Self.fileName(item))'.",
                source: "mscorlib")
        }
        // The standard archive does not look who asks.
        guard lock.creator == person.id || options.archive == .standard else {
            return .refused("Checked out to \(Self.initials(lock.creator))")
        }
        if item.copy != nil { try? book.checkIn(item) }
        item.locks = []
        item.modified = book.now
        book.changed()
        addVersion(item, person, remark)
        return .done
    }

    private func undo(_ item: Item, _ person: Person) throws(SuperOfficeFailure) -> Verdict {
        guard let lock = book.lock(on: item) else {
            return options.archive == .standard ? .done : .refused("Not checked out")
        }
        guard lock.kind != .program else {
            throw .exception(
                500, type: "SoException",
                message: "Document is locked by another system. (Locked by: \(book.displayName(lock.creator))). "
                    + "SuperOffice is unable to revert this.")
        }
        if lock.creator != person.id {
            if options.force == .ignored { return .done }
            let mayForce = options.force == .administrators && rights(person).contains("admin-all")
            guard mayForce else { return .refused("Checked out to \(Self.initials(lock.creator))") }
        }
        if item.copy != nil { try? book.discard(item) }
        item.locks = []
        return .done
    }

    private func addVersion(_ item: Item, _ person: Person, _ remark: String) {
        let number = (versions[item.number]?.count ?? 0) + 1
        versions[item.number, default: []].append([
            "ExternalReference": .string("x-\(item.number)"), "DocumentId": .int(item.number),
            "VersionId": .string(String(number)),
            "CheckedInDate": .string(CivilTime(unix: book.now).iso.dropLast(6) + "Z"),
            "CheckedInByName": .string(person.displayName), "CheckedInByAssociateId": .int(associate(person.id)),
            "Description": .string(remark),
            "DisplayText": .string("\(number) \(Self.initials(person.id)) \(remark)"), "ExtraFields": [],
        ])
    }

    private static func reply(_ success: Bool, _ type: String, _ value: String?, _ more: String?) -> JSON {
        let blank: JSON = success && value != nil ? "" : nil
        return [
            "ExternalReference": blank, "VersionId": blank, "Success": .bool(success), "Type": .string(type),
            "Value": .optional(value), "AdditionalInfo": .optional(more),
        ]
    }

    // MARK: The same as procedures

    /// The older calls of the same: always POST, the arguments in the body.
    func agent(_ name: String, _ call: Call, _ person: Person) throws(SuperOfficeFailure) -> JSON {
        let methods = [
            "getcheckoutstate": "GET", "checkoutdocument": "POST", "checkindocument": "PUT",
            "undocheckoutdocument": "DELETE",
        ]
        guard let method = methods[name] else { throw .noRoute }
        guard let body = try? JSON(reading: call.body), case .int(let id)? = body["DocumentId"] else {
            throw .model("The request body has no 'DocumentId'.")
        }
        let types = body["AllowedReturnTypes"]?.elements?.compactMap(\.text) ?? []
        let remark = body["VersionDescription"]?.text.map { [("versionDescription", $0)] } ?? []
        let query = (types.map { ("allowedReturnTypes", $0) } + remark)
            .map { "\($0.0)=\(Call.quoted($0.1))" }.joined(separator: "&")
        let twin = Call(Request(Method(rawValue: method), "http://x/?\(query)"))
        return try document(String(id), ["lock"], twin, person)
    }
}
