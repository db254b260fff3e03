// SPDX-License-Identifier: MIT
import HTTP

extension PloneDialect {
    /// GET, POST, PATCH and DELETE of `@lock`: all answer what the lock is afterwards.
    func lockCall(_ visit: Visit) throws(PloneFailure) -> Response {
        let item = visit.item
        try need(visit.call.method == "GET" ? .view : .modify, visit)
        guard visit.call.method != "GET", let user = visit.user else { return .plone(lockInfo(item, visit)) }
        let body = try visit.object(in: book)
        guard item.type.isLockable else { return .plone([:]) }
        switch visit.call.method {
        case "POST":
            let before = (item.locks, item.isNonStealable)
            book.take(item, by: user.id)
            if let stealable = body["stealable"], !stealable.isTruthy { item.isNonStealable = true }
            do throws(PloneFailure) {
                if let timeout = body["timeout"] { try set(timeout, visit) }
            } catch {
                (item.locks, item.isNonStealable) = before
                throw error
            }
        case "PATCH":
            book.refresh(item)
        default:
            book.release(item, by: user.id, force: body["force"]?.isTruthy ?? false)
        }
        return .plone(lockInfo(item, visit))
    }

    private func set(_ timeout: JSON, _ visit: Visit) throws(PloneFailure) {
        let seconds: Int
        switch timeout {
        case .int(let value): seconds = value
        case .string("Infinite"): seconds = 720
        case .string(let text):
            guard let value = Int(text) else { fallthrough }
            seconds = value
        default:
            throw .exception(500, "TypeError", "'>' not supported between instances of 'str' and 'int'", visit, book)
        }
        let length = seconds.magnitude
        guard length <= 4_294_967_295 else {
            throw .exception(500, "ValueError", "['Timeout request is greater than 4294967295']", visit, book)
        }
        guard book.setTimeout(visit.item, Int(length)) else {
            throw .exception(500, "AttributeError", "'NoneType' object has no attribute 'setTimeout'", visit, book)
        }
    }

    /// The lock of an item as somebody sees it; an empty object for what can't be locked.
    func lockInfo(_ item: Item, _ visit: Visit) -> JSON {
        guard item.type.isLockable else { return [:] }
        let stealable = JSON.bool(book.isStealable(item, by: visit.user?.id))
        guard let lock = book.lock(on: item) else { return ["locked": false, "stealable": stealable] }
        let info: [JSON.Field] = [
            .init(key: "created", value: .string(CivilTime(unix: lock.refreshed).iso)),
            .init(key: "creator", value: .string(lock.creator)),
            .init(key: "creator_name", value: .string(book.displayName(lock.creator))),
            .init(key: "creator_url", value: .string(visit.site + "/author/" + lock.creator)),
            .init(key: "locked", value: true),
        ]
        let name: [JSON.Field] =
            switch lock.kind {
            case .edit: [.init(key: "name", value: "plone.locking.stealable")]
            case .checkOut: [.init(key: "name", value: "iterate.lock")]
            case .program: []
            }
        return .object(
            info + name + [
                .init(key: "stealable", value: stealable),
                .init(key: "time", value: .double(lock.refreshed)),
                .init(key: "timeout", value: .int(lock.timeout)),
                .init(key: "token", value: .string(lock.token)),
            ])
    }

    // MARK: Working copies

    /// GET, POST, PATCH and DELETE of `@workingcopy`.
    func workingCopyCall(_ visit: Visit) throws(PloneFailure) -> Response {
        let item = visit.item
        switch visit.call.method {
        case "GET":
            try need(.view, visit)
            let info = workingCopyInfo(item, visit)
            return .plone(["working_copy": info.copy, "working_copy_of": info.original])
        case "POST":
            try need(.checkOut, visit)
            let copy = try copyStep(visit, refusal: "Checkout not allowed") { () throws(CopyRefusal) in
                try book.checkOut(item, by: visit.user)
            }
            var response = Response.plone(["@id": .string(visit.url(of: copy))], status: 201)
            response.headers["Location"] = visit.url(of: item)
            return response
        case "PATCH":
            try need(.checkOut, visit)
            try copyStep(visit, refusal: "Checkin not allowed") { () throws(CopyRefusal) in try book.checkIn(item) }
            return .noContent
        default:
            try need(.delete, visit)
            try copyStep(visit, refusal: "Cancel not allowed") { () throws(CopyRefusal) in try book.discard(item) }
            return .noContent
        }
    }

    private func copyStep<Value>(
        _ visit: Visit, refusal: String, _ step: () throws(CopyRefusal) -> Value
    ) throws(PloneFailure) -> Value {
        do throws(CopyRefusal) {
            return try step()
        } catch .notAllowed {
            throw .refused(403, type: "Not authorized", message: refusal)
        } catch .noLocation {
            throw .refused(500, type: "InternalServerError", message: "Cannot find checkout location")
        } catch {
            let policy = "<InterfaceClass plone.app.iterate.interfaces.ICheckinCheckoutPolicy>"
            throw .exception(500, "TypeError", "('Could not adapt', None, \(policy))", visit, book)
        }
    }

    /// The two working copy fields; both null for whoever may not check the item out.
    func workingCopyInfo(_ item: Item, _ visit: Visit) -> (copy: JSON, original: JSON) {
        guard item.copy != nil || item.original != nil, let (original, copy) = book.pair(item),
            book.may(visit.user, .checkOut, item)
        else { return (.null, .null) }
        let info: JSON = [
            "@id": .string(visit.url(of: copy)),
            "created": .string(CivilTime(unix: copy.created).iso),
            "creator_name": .string(book.displayName(copy.checkedOutBy)),
            "creator_url": .string(visit.site + "/author/" + copy.checkedOutBy),
            "title": .string(copy.title),
        ]
        let of: JSON =
            item === copy
            ? ["@id": .string(visit.url(of: original)), "title": .string(original.title)] : .null
        return (info, of)
    }
}
