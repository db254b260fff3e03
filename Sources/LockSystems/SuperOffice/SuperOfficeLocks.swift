// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

/// SuperOffice's state of a check-out as a reading (superoffice.md section 5.1). It tells no time: neither since when,
/// nor until when.
struct SuperOfficeLocks: Sendable {
    static let heldByOffice =
        "Microsoft Office has the file open on the archive's file server: SuperOffice can't end that."
    static let outsider = "Held by somebody who is no user of this SuperOffice."

    let site: SuperOfficeSite
    let names: SuperOfficeNames
    let remarks: SuperOfficeRemarks

    /// A document's row from its state.
    func row(_ item: Item, _ wire: SuperOfficeCheckout) async -> Row {
        var item = item
        item.isLockable = wire.state != .unsupported
        remarks.note(isLockable: item.isLockable, item.id)
        let now = site.profile.now()
        switch wire.state {
        case .free, .unsupported:
            remarks.forget(item.id)
            return Row(item: item, reading: .known([], at: now))
        case .own: return Row(item: item, reading: .known([await mine(item, wire)], at: now))
        case .other:
            remarks.forget(item.id)
            return Row(item: item, reading: .known([await others(wire)], at: now))
        case .unknown(let word):
            let said = SuperOfficeErrors.shown(word)
            let why = "\(site.profile.name) says “\(said)” of it, which this program does not know."
            return Row(item: item, reading: Reading.never.failed(why))
        }
    }

    private func mine(_ item: Item, _ wire: SuperOfficeCheckout) async -> Lock {
        let me = await site.session.known
        let id = wire.associate.flatMap { $0 > 0 ? String($0) : nil } ?? me?.id
        let name = wire.name.isEmpty ? me?.name : wire.name
        let said = remarks.remark(on: item.id).map { "SuperOffice said: \($0)" }
        return lock(Holder(id: id, name: name, isMe: true), identity: "associate \(id ?? "")", said.map { [$0] } ?? [])
    }

    private func others(_ wire: SuperOfficeCheckout) async -> Lock {
        let name = wire.name.isEmpty ? nil : wire.name
        switch wire.associate {
        case nil:
            // The state alone says that it is held; by whom, only the name can tell, if there is one.
            return lock(Holder(id: nil, name: name), identity: "name \(wire.name)", [])
        case let number? where number > 0:
            let known = if let name { Optional(name) } else { await names.name(of: number) }
            return lock(Holder(id: String(number), name: known), identity: "associate \(number)", [])
        case 0:
            let holder = Holder(id: nil, name: name ?? "outside SuperOffice")
            return lock(holder, identity: "outside \(wire.name)", [Self.outsider])
        default:
            return lock(
                Holder(id: nil, name: name ?? "Microsoft Office"), identity: "office \(wire.name)", [Self.heldByOffice],
                origin: .openFile)
        }
    }

    private func lock(
        _ holder: Holder, identity: String, _ notes: [String], origin: Lock.Origin = .usual
    ) -> Lock {
        Lock(kind: .checkout, holder: holder, identity: LockIdentity(of: identity), origin: origin, notes: notes)
    }
}

/// The names of holders whom the server names by number only. Each is asked for once; what could not be had is asked for
/// again after a while.
actor SuperOfficeNames {
    private static let patience = Duration.seconds(300)

    private let site: SuperOfficeSite
    private var names: [Int: String] = [:]
    private var failedAt: [Int: ContinuousClock.Instant] = [:]
    private var questions: [Int: SingleFlight<String?>] = [:]

    init(site: SuperOfficeSite) { self.site = site }

    /// The full name of a user; `nil` when this account may not know it.
    func name(of associate: Int) async -> String? {
        if let known = names[associate] { return known }
        if let failed = failedAt[associate], site.profile.time.now() - failed < Self.patience { return nil }
        let question = questions[associate] ?? SingleFlight()
        questions[associate] = question
        let answer: String?
        do {
            answer = try await question.run { [site] in await Self.ask(associate, site) }
        } catch {
            return nil
        }
        questions[associate] = nil
        names[associate] = answer
        failedAt[associate] = answer == nil ? site.profile.time.now() : nil
        return answer
    }

    private static func ask(_ associate: Int, _ site: SuperOfficeSite) async -> String? {
        let query = [
            ("$select", "associateDbId,fullName,userName"), ("$filter", "associateDbId eq \(associate)"), ("$top", "1"),
        ]
        let page = try? await site.get(
            ["Archive", "InternalUsers"], query: query, of: "the list of users",
            as: SuperOfficePage<SuperOfficeUser>.self)
        guard let user = page?.value.first else { return nil }
        return [user.fullName?.text, user.userName?.text].compactMap(\.self).first { !$0.isEmpty }
    }
}

/// What the server said of documents that no listing and no later reading repeats: the message that a success may carry,
/// and which documents can't be locked.
final class SuperOfficeRemarks: Sendable {
    private let texts = Mutex<[String: String]>([:])
    private let unlockable = Mutex<Set<String>>([])

    func note(isLockable: Bool, _ id: String) {
        unlockable.withLock { if isLockable { $0.remove(id) } else { $0.insert(id) } }
    }
    func isLockable(_ id: String) -> Bool { !unlockable.withLock { $0.contains(id) } }

    func remember(_ text: String, on id: String) { texts.withLock { $0[id] = text.isEmpty ? nil : text } }
    func forget(_ id: String) { texts.withLock { $0[id] = nil } }
    func remark(on id: String) -> String? { texts.withLock { $0[id] } }
}
