// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

// From the program's values to those of a recording, and back. Who is written down goes through `Veil`.

extension RecordedServer {
    init(_ facts: ServerFacts) {
        self.init(
            name: facts.name, kind: facts.kind, url: Self.withoutSecrets(facts.url), readOnly: facts.isReadOnly,
            protected: facts.isProtected, insecurity: facts.insecurity, color: facts.color, poll: facts.pace.poll,
            ownPoll: facts.pace.isOwn, floor: facts.pace.floor, budget: facts.budget)
    }

    // Neither a user before the host nor anything behind a question mark.
    private static func withoutSecrets(_ address: String) -> String {
        var text = String(address.prefix { $0 != "?" && $0 != "#" })
        if let scheme = text.firstRange(of: "://") {
            let host = text[scheme.upperBound...]
            let authority = host.prefix { $0 != "/" }
            if let at = authority.lastIndex(of: "@") {
                text.removeSubrange(scheme.upperBound...at)
            }
        }
        return text
    }

    var facts: ServerFacts {
        ServerFacts(
            name: name, kind: kind, url: url, isReadOnly: readOnly, isProtected: protected, insecurity: insecurity,
            color: color, pace: Pace(poll: poll, isOwn: ownPoll, floor: floor), budget: budget)
    }
}

extension RecordedHolder {
    init(_ holder: Holder, _ veil: Veil?) {
        let shown = veil?.holder(holder) ?? holder
        self.init(id: shown.id, name: shown.name, ownership: shown.ownership.rawValue)
    }

    var holder: Holder { Holder(id: id, name: name, ownership: Ownership(rawValue: ownership) ?? .unknown) }
}

extension RecordedLock {
    init(_ lock: Lock, _ veil: Veil?) {
        self.init(
            kind: lock.kind.rawValue, holder: RecordedHolder(lock.holder, veil), since: Moment(lock.since),
            sinceIs: lock.sinceIs.rawValue, expires: Moment(lock.expires), timeout: lock.timeout,
            stealable: lock.stealable, comment: veil == nil ? lock.comment : nil,
            identity: (veil?.identity(lock.identity) ?? lock.identity).digest, tokenKnown: lock.token != nil,
            through: lock.folder, isTree: lock.scope == .tree ? true : nil,
            origin: lock.origin == .usual ? nil : lock.origin.rawValue,
            notes: lock.notes.isEmpty ? nil : lock.notes.map { veil?.text($0) ?? $0 })
    }

    var lock: Lock {
        Lock(
            kind: Lock.Kind(rawValue: kind) ?? .lock, holder: holder.holder, since: since?.date,
            sinceIs: Lock.SinceIs(rawValue: sinceIs) ?? .firstSeen, expires: expires?.date, timeout: timeout,
            stealable: stealable, comment: comment, identity: LockIdentity(digest: identity),
            scope: through.map { .through($0) } ?? (isTree == true ? .tree : .item),
            origin: origin.flatMap(Lock.Origin.init(rawValue:)) ?? .usual,
            // That there was one is all that is known of it.
            token: tokenKnown ? Token("") : nil, notes: notes ?? [])
    }
}

extension RecordedRow {
    init(_ row: Row, number: UInt32, _ veil: Veil?) {
        let (item, reading) = (row.item, row.reading)
        self.init(
            number: number, id: item.id, path: item.path == item.id ? nil : item.path, title: item.title,
            type: item.type, modified: Moment(item.modified), isLockable: item.isLockable ? nil : false,
            workingCopyOf: item.workingCopyOf, state: reading.state.rawValue, observedAt: Moment(reading.observedAt),
            error: reading.error.map { veil?.text($0) ?? $0 },
            locks: reading.locks.isEmpty ? nil : reading.locks.map { RecordedLock($0, veil) })
    }

    var row: Row {
        Row(
            item: Item(
                id: id, path: path ?? id, title: title, type: type, modified: modified?.date,
                isLockable: isLockable ?? true, workingCopyOf: workingCopyOf),
            reading: Reading(
                locks: (locks ?? []).map(\.lock), state: LockState(rawValue: state) ?? .unknown,
                observedAt: observedAt?.date, error: error))
    }
}

extension RecordedChange {
    init(_ event: LockEvent, _ veil: Veil?) {
        let (by, before) = (event.by.map { RecordedHolder($0, veil) }, event.before.map { RecordedLock($0, veil) })
        let after = event.after.map { RecordedLock($0, veil) }
        // Last, when everybody who may be named in it is known.
        let text = veil?.text(event.text) ?? event.text
        self.init(
            seq: event.seq, at: Moment(event.at), id: event.ref.id,
            path: event.path == event.ref.id ? nil : event.path, title: event.title, kind: event.kind.rawValue,
            by: by, before: before, after: after, isOurs: event.isOurs, text: text)
    }

    func event(on server: String) -> LockEvent? {
        LockEvent.Kind(rawValue: kind).map { kind in
            LockEvent(
                seq: seq, at: at.date, ref: ItemRef(server: server, id: id), path: path ?? id, title: title,
                kind: kind, by: by?.holder, before: before?.lock, after: after?.lock, isOurs: isOurs, text: text)
        }
    }
}

extension RecordedResult {
    init(_ result: OperationResult, _ veil: Veil?) {
        let (before, after) = (
            result.before.map { RecordedLock($0, veil) }, result.after.map { RecordedLock($0, veil) }
        )
        self.init(
            server: result.ref.server, id: result.ref.id, path: result.path, operation: result.operation.rawValue,
            outcome: result.outcome.rawValue, reason: result.reason?.rawValue,
            why: veil?.text(result.why) ?? result.why, before: before, after: after)
    }

    var result: OperationResult? {
        guard let operation = Operation(rawValue: operation), let outcome = Outcome(rawValue: outcome) else {
            return nil
        }
        return OperationResult(
            ref: ItemRef(server: server, id: id), path: path, operation: operation, outcome: outcome,
            reason: reason.flatMap(Reason.init(rawValue:)), why: why, before: before?.lock, after: after?.lock)
    }
}

extension RecordedError {
    init(_ error: LockError, _ veil: Veil?) {
        self.init(
            code: error.code.rawValue, message: veil?.text(error.message) ?? error.message,
            advice: error.advice.isEmpty ? nil : veil?.text(error.advice) ?? error.advice)
    }

    var error: LockError { LockError(LockError.Code(rawValue: code) ?? .nonsense, message, advice: advice ?? "") }
}

extension RecordedSignIn {
    init(_ status: ServerStatus, _ veil: Veil?) {
        let account = status.account.map { veil?.account($0) ?? $0 }
        self.init(
            account: account.map { RecordedAccount(id: $0.id, name: $0.name) },
            operations: Dictionary(
                uniqueKeysWithValues: Operation.allCases.map { operation in
                    let offer = status.operations[operation]
                    return (
                        operation.rawValue,
                        RecordedOffer(offered: offer.isOffered, why: offer.why.map { veil?.text($0) ?? $0 })
                    )
                }))
    }

    func put(into status: inout ServerStatus) {
        status.account = account.map { Account(id: $0.id, name: $0.name) }
        status.operations = Operations(
            Dictionary(
                operations.compactMap { word, offer in
                    Operation(rawValue: word).map { ($0, offer.offer) }
                }, uniquingKeysWith: { one, _ in one }))
    }
}

extension RecordedOffer {
    fileprivate var offer: Offer { offered ? why.map(Offer.depends) ?? .yes : .no(why ?? "") }
}

extension RecordedStatus {
    init(_ status: ServerStatus, signIn: RecordedSignIn?, _ veil: Veil?) {
        self.init(
            phase: "", signIn: signIn, readAt: Moment(status.readAt), roundTrip: status.roundTrip,
            requests: status.requests, failures: status.failures, isCut: status.isCut ? true : nil,
            isPaused: status.isPaused ? true : nil, poll: status.poll,
            lacks: status.lacks.map { RecordedError($0, veil) },
            waits: status.waits.isEmpty ? nil : status.waits.sorted(),
            kept: status.kept.isEmpty ? nil : status.kept.sorted())
        switch status.phase {
        case .connecting: phase = "connecting"
        case .listing(let read, let total): (phase, self.read, self.total) = ("listing", read, total)
        case .watching: phase = "watching"
        case .failing(let error, let nextTry):
            (phase, self.error, self.nextTry) = ("failing", RecordedError(error, veil), Moment(nextTry))
        }
    }

    /// The status, after the one of the line before.
    func status(after before: ServerStatus) -> ServerStatus {
        var status = before
        signIn?.put(into: &status)
        status.phase =
            switch phase {
            case "listing": .listing(read: read ?? 0, total: total)
            case "watching": .watching
            case "failing":
                .failing(error?.error ?? LockError(.nonsense, ""), nextTry: nextTry?.date ?? .distantFuture)
            default: .connecting
            }
        status.readAt = readAt?.date
        status.roundTrip = roundTrip
        status.requests = requests
        status.failures = failures
        status.isCut = isCut ?? false
        status.isPaused = isPaused ?? false
        status.poll = poll
        status.lacks = lacks?.error
        status.waits = Set(waits ?? [])
        status.kept = Set(kept ?? [])
        return status
    }
}
