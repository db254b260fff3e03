// SPDX-License-Identifier: MIT
import HTTP

extension GraphDialect {
    /// Who has a file checked out: whatever the book holds, but for Office locks.
    func checkOut(_ item: Item) -> HeldLock? {
        item.locks.first { $0.kind != .program && $0.isValid(at: book.now) }
    }

    /// The lock of an office program or of the beta. Independent of a check-out.
    func officeLock(_ item: Item) -> HeldLock? {
        item.locks.first { $0.kind == .program && $0.isValid(at: book.now) }
    }

    /// `checkout`, `checkin`, `discardCheckout`, and in the beta `lock` and `releaseLock`.
    func act(_ action: String, on item: Item, _ drive: GraphDemoDrive, _ visit: GraphVisit) throws(GraphFailure)
        -> Response
    {
        let word = action.lowercased()
        let isLocking = ["lock", "releaselock"].contains(word)
        guard ["checkout", "checkin", "discardcheckout"].contains(word) || (visit.isBeta && isLocking) else {
            throw .unknownSegment(action)
        }
        if drive.type == "personal" { throw .invalid("API not found") }
        guard visit.grant.mayChange, mayEdit(visit, item) else { throw .denied() }
        guard !item.type.isFolder else { throw .invalid("The lock API applies to files only.") }
        switch word {
        case "checkout": try takeOut(item, visit)
        case "checkin": try takeIn(item, visit)
        case "discardcheckout": try throwAway(item, visit)
        case "lock": return .graph(lockJSON(try lock(item, visit)))
        default: try releaseLock(item, visit)
        }
        return .noContent
    }

    private func mayEdit(_ visit: GraphVisit, _ item: Item) -> Bool {
        guard let person = visit.grant.person else { return true }
        return book.may(book.people[person], .modify, item)
    }

    private func takeOut(_ item: Item, _ visit: GraphVisit) throws(GraphFailure) {
        if let held = checkOut(item) {
            guard held.creator == visit.grant.holder else {
                guard switches.heldStatus == 500 else {
                    throw GraphFailure(
                        status: switches.heldStatus, code: "accessDenied", message: GraphFailure.heldByOther().message)
                }
                throw GraphFailure(status: 500, code: "generalException", message: "An unspecified error has occurred.")
            }
            if switches.refusesSecondCheckout { throw .invalid("The file is already checked out.") }
            return
        }
        if let lock = officeLock(item), lock.creator != visit.grant.holder { throw .heldByOther() }
        item.locks.append(
            HeldLock(
                token: book.token(), creator: visit.grant.holder, kind: .checkOut, timeout: LockBook.checkOutTimeout,
                created: book.now, refreshed: book.now))
    }

    private static let notCheckedOut = GraphFailure.invalid("The file is not checked out.")

    private func takeIn(_ item: Item, _ visit: GraphVisit) throws(GraphFailure) {
        guard visit.call.headers["Content-Type"]?.hasPrefix("application/json") ?? false else {
            throw GraphFailure(
                status: 415, code: "BadRequest", message: "A missing or empty content type header was found.")
        }
        guard let body = try? JSON(reading: visit.call.body), body.fields != nil else {
            throw GraphFailure(status: 400, code: "BadRequest", message: "Unable to read JSON request payload.")
        }
        if let kind = body["checkInAs"]?.text, !["published", "unspecified", ""].contains(kind) {
            throw .invalid("Invalid value for checkInAs.")
        }
        guard (body["comment"]?.text ?? "").utf16.count < 1024 else { throw .invalid("The comment is too long.") }
        guard let held = checkOut(item) else { throw Self.notCheckedOut }
        guard held.creator == visit.grant.holder else { throw .heldByOther() }
        comments[Self.id(of: item)] = body["comment"]?.text
        if item.copy == nil || (try? book.checkIn(item)) == nil { item.modified = book.now }
        end(item)
    }

    private func throwAway(_ item: Item, _ visit: GraphVisit) throws(GraphFailure) {
        guard let held = checkOut(item) else { throw Self.notCheckedOut }
        guard held.creator == visit.grant.holder || visit.grant.person == nil else { throw .heldByOther() }
        if item.copy != nil { try? book.discard(item) }
        end(item)
    }

    private func end(_ item: Item) {
        item.locks.removeAll { $0.kind != .program }
        item.isNonStealable = false
        if switches.deltaSeesCheckout { book.changed() }
    }

    // MARK: The beta's locks

    private static let lockedByOther = GraphFailure(
        status: 409, code: "conflict", message: "The file is locked by another user.")

    private func lock(_ item: Item, _ visit: GraphVisit) throws(GraphFailure) -> HeldLock {
        let body = try? JSON(reading: visit.call.body)
        guard case .int(let minutes)? = body?["durationMinutes"], (1...30).contains(minutes) else {
            throw .invalid("The value of durationMinutes must be between 1 and 30.")
        }
        if let held = officeLock(item) {
            guard held.creator == visit.grant.holder else { throw Self.lockedByOther }
            var renewed = held
            // The new end replaces the old one: a shorter time shortens.
            (renewed.refreshed, renewed.timeout) = (book.now, minutes * 60)
            item.locks.removeAll { $0.kind == .program }
            item.locks.append(renewed)
            return renewed
        }
        let lock = HeldLock(
            token: book.token(), creator: visit.grant.holder, kind: .program, timeout: minutes * 60, created: book.now,
            refreshed: book.now)
        item.locks.removeAll { $0.kind == .program }
        item.locks.append(lock)
        return lock
    }

    private func releaseLock(_ item: Item, _ visit: GraphVisit) throws(GraphFailure) {
        guard let held = officeLock(item), held.creator == visit.grant.holder else {
            throw GraphFailure(status: 409, code: "conflict", message: "The file is not locked by the caller.")
        }
        item.locks.removeAll { $0.kind == .program }
    }
}
