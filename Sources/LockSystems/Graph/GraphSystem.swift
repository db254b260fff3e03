// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
public import Locks

/// Microsoft Graph: check-out of files in SharePoint and OneDrive for work; in the beta also locks that run out.
///
/// Wire facts: msgraph.md. No status tells the whole: a held file answers 423, 409 or 500, and never by whom.
public struct GraphSystem: LockSystem {
    /// The longest time that the beta grants a lock for, in seconds.
    static let longestLock = 1_800

    private static let onlyBeta = "Edit locks are in the beta only: set api: beta."
    private static let waitForEnd = "This server does not let others end a lock: it runs out after 30 minutes at most."
    private static let onlyHolder = "Graph lets only its holder or an app-only sign-in end a check-out."
    private static let anybodys = "Anybody's: this sign-in is an application's."

    /// What Graph 1.0 does for any account; the rest is refused without a request.
    public static let allOperations: Operations = {
        let lacking: [Operation: String] = [
            .lock: onlyBeta, .unlock: onlyBeta, .refresh: "Locks on this server do not expire.",
            .forceUnlock: onlyHolder,
        ]
        var offered = Self.operations(of: GraphSystem.self, lacking: lacking)
        offered[.discard] = .depends("One's own; another's takes an app-only sign-in.")
        return offered
    }()

    /// What this version does for this way of signing in.
    public var operations: Operations {
        var operations = Self.allOperations
        if site.isBeta {
            for operation in [Operation.lock, .unlock, .refresh] { operations[operation] = .yes }
        }
        operations[.forceUnlock] = .no(whyNoForce)
        switch site.profile.login {
        case .program:
            operations[.checkOut] = .depends("As the application: no person can check it in.")
            operations[.discard] = .depends(Self.anybodys)
            operations[.forceUnlock] = .depends(
                site.isBeta ? "Ends anybody's check-out. \(Self.waitForEnd)" : "Ends anybody's check-out.")
        // Whose token it is shows when it is used.
        case .token: operations[.forceUnlock] = .depends(Self.onlyHolder)
        case .anonymous, .password, .code, .kerberos: break
        }
        return operations
    }

    private var whyNoForce: String { site.isBeta ? "\(Self.onlyHolder) \(Self.waitForEnd)" : Self.onlyHolder }

    /// One batch has at most so many parts.
    public var itemsPerRead: Int { GraphListing.batchSize }

    let site: GraphSite
    let listing: GraphListing

    /// Graph, as one tenant sees it.
    public init(_ profile: SystemProfile) {
        self.init(profile, sleep: { try await Task.sleep(for: .seconds($0)) })
    }

    /// `sleep` waits between two polls of a sign-in by code.
    init(_ profile: SystemProfile, sleep: @escaping @Sendable (Double) async throws -> Void) {
        site = GraphSite(profile, sleep: sleep)
        listing = GraphListing(site: site)
    }

    /// Signs in, and withdraws what the grant or the drives do not allow.
    public func signIn() async throws -> SignIn {
        if let nobody { return nobody }
        let account = try await site.whoAmI()
        let drives = try await listing.drives.all()
        var withdrawn: [Operation: String] = [:]
        if let why = await missingGrant {
            for operation in Operation.allCases { withdrawn[operation] = why }
        } else if !drives.isEmpty, drives.allSatisfy(\.isPersonal) {
            let why = "A personal OneDrive has no check-out and no locks."
            for operation in Operation.allCases { withdrawn[operation] = why }
        } else if await !site.session.isApplication {
            withdrawn[.forceUnlock] = whyNoForce
        }
        return SignIn(account: account, withdrawn: withdrawn)
    }

    private var nobody: SignIn? {
        switch site.profile.login {
        case .program, .code, .token: return nil
        case .anonymous, .password, .kerberos:
            return site.errors.voice.nobody(auth: "auth: {flow: device_code, client_id: …}")
        }
    }

    // A sign-in may be granted less than was asked for; who says nothing has granted it.
    private var missingGrant: String? {
        get async {
            guard let scope = await site.session.scope, !scope.isEmpty else { return nil }
            let words = scope.split(separator: " ").map { $0.split(separator: "/").last.map(String.init) ?? "" }
            let files = words.filter { $0.hasPrefix("Files.") || $0.hasPrefix("Sites.") }
            guard !files.isEmpty, !files.contains(where: Self.allowsChanges) else { return nil }
            return "The sign-in was granted reading only (\(files.joined(separator: " ")))."
        }
    }

    private static func allowsChanges(_ permission: String) -> Bool {
        ["ReadWrite", "Manage", "FullControl", "Selected"].contains { permission.contains($0) }
    }

    /// A part of a drive's tree or of a folder, with the locks.
    public func items(after mark: PageMark?) async throws -> ItemPage {
        _ = try await site.whoAmI()
        return try await listing.page(after: mark)
    }

    /// Reads items anew: one by itself, more by batches of 20.
    public func read(_ items: [Item]) async throws -> [ReadResult] {
        _ = try await site.whoAmI()
        return try await listing.read(items)
    }

    /// The item of that id or path.
    public func find(_ name: String) async throws -> Row {
        _ = try await site.whoAmI()
        return try await listing.find(name)
    }

    /// The file's page.
    public func webAddress(of item: Item) -> String { item.link ?? site.profile.address.description }

    private func target(_ item: Item, _ action: String) async throws -> String {
        let (drive, id) = try await listing.address(of: item.id)
        guard !drive.isPersonal else { throw site.errors.personal(item.path) }
        guard item.type == "file" else {
            throw LockError(.notLockable, "\(item.path) is no file: only files can be held.")
        }
        return drive.path(of: id) + "/" + action
    }

    private func key(_ item: Item) -> String { String(item.id.split(separator: "/").last ?? "") }
}

extension GraphSystem: Locking {
    /// `POST lock` of the beta, for whole minutes up to 30.
    @discardableResult
    public func lock(_ item: Item, _ options: LockOptions) async throws -> Receipt {
        try onlyInBeta()
        if options.stealable == true {
            throw LockError(
                .unsupported, "Graph's locks can't be taken by others: a stealable lock is not to be had.",
                advice: "Leave that option out.")
        }
        return try await hold(item, seconds: options.timeout ?? Self.longestLock)
    }

    /// `POST releaseLock` of the beta. 409 means not locked or not mine: the reading after it tells which.
    @discardableResult
    public func unlock(_ item: Item, held: Lock) async throws -> Receipt {
        try onlyInBeta()
        try await site.change(try await target(item, "releaseLock"), item.path)
        own.giveBack(key(item))
        return Receipt()
    }

    private var own: GraphOwnDeeds { listing.own }

    private func onlyInBeta() throws {
        guard site.isBeta else { throw LockError(.unsupported, Self.onlyBeta) }
    }

    private func hold(_ item: Item, seconds: Int) async throws -> Receipt {
        guard (60...Self.longestLock).contains(seconds), seconds % 60 == 0 else {
            throw LockError(
                .unsupported, "Graph grants a lock for 1 to 30 whole minutes, not for \(Self.text(seconds)).",
                advice: "Give another --timeout, and keep the lock alive if it has to last.")
        }
        let body = Array("{\"durationMinutes\":\(seconds / 60)}".utf8)
        try await site.change(try await target(item, "lock"), item.path, body: body)
        own.lock(key(item), minutes: seconds / 60)
        return Receipt(granted: seconds)
    }

    private static func text(_ seconds: Int) -> String {
        seconds % 60 == 0 ? "\(seconds / 60) minutes" : "\(seconds) seconds"
    }
}

extension GraphSystem: Refreshing {
    /// `POST lock` again: the new end is counted from now, and replaces the old one.
    @discardableResult
    public func refresh(_ item: Item, held: Lock) async throws -> Receipt {
        try onlyInBeta()
        let seconds = min(max(held.timeout ?? Self.longestLock, 60), Self.longestLock)
        return try await hold(item, seconds: seconds - seconds % 60)
    }
}

extension GraphSystem: ForceUnlocking {
    /// A check-out is discarded. For the beta's locks there is no such call: nothing is sent.
    @discardableResult
    public func forceUnlock(_ item: Item, seen: Lock) async throws -> Receipt {
        guard seen.kind == .checkout else { throw LockError(.unsupported, Self.waitForEnd) }
        return try await discard(item, held: seen)
    }
}

extension GraphSystem: CheckingOut {
    /// The longest comment that SharePoint keeps.
    private static let longestComment = 1_023

    /// `POST checkout`. For the holder it does nothing and agrees, so agreement does not prove that the file was free.
    @discardableResult
    public func checkOut(_ item: Item) async throws -> Receipt {
        try await site.change(try await target(item, "checkout"), item.path)
        own.take(key(item))
        return Receipt()
    }

    /// `POST checkin`, published as a version with the comment.
    @discardableResult
    public func checkIn(_ item: Item, held: Lock, comment: String?) async throws -> Receipt {
        if let comment, comment.utf16.count > Self.longestComment {
            throw LockError(
                .unsupported, "SharePoint keeps a comment of at most \(Self.longestComment) characters.",
                advice: "Shorten it.")
        }
        let body = try JSONBody.encode(CheckIn(comment: comment, checkInAs: "published"))
        try await site.change(try await target(item, "checkin"), item.path, body: body)
        own.giveBack(key(item))
        return Receipt()
    }

    private struct CheckIn: Encodable {
        var comment: String?
        var checkInAs: String
    }

    /// `POST discardCheckout`. Anybody's with an app-only sign-in; else another's is tried, and refused by the server.
    @discardableResult
    public func discard(_ item: Item, held: Lock) async throws -> Receipt {
        do {
            try await site.change(try await target(item, "discardCheckout"), item.path)
            own.giveBack(key(item))
            return Receipt()
        } catch let error as LockError where [.conflict, .forbidden].contains(error.code) && !held.holder.isMe {
            throw await site.session.isApplication ? error : site.errors.onlyHolder(held.holder, item.path)
        }
    }
}

extension GraphSystem: ChangeFeed {
    /// What the links tell with which the listing of each drive ended.
    public func changes() async throws -> ListingChanges {
        _ = try await site.whoAmI()
        return try await listing.changes()
    }
}

extension GraphSystem: SigningInByCode {
    /// Shows a code and an address, and waits until a person has confirmed it there.
    public func signIn(show: @Sendable (SignInCode) -> Void) async throws -> SignIn {
        try await site.session.signIn(show: show)
        return try await signIn()
    }
}
