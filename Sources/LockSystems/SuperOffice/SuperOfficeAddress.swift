// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// Where the interface is: a configured installation, or a tenant of SuperOffice Online that is asked for and moves
/// (superoffice.md section 2).
actor SuperOfficeAddress {
    private let sender: Sender
    private let errors: SuperOfficeErrors
    private let learn: @Sendable (WebAddress) -> Void

    private var api: WebAddress?
    private var goodUntil: ContinuousClock.Instant?
    /// Several requests find out at once that it is time: they share one question.
    private let asking = SingleFlight<WebAddress>()

    /// `learn` hears of each new address.
    init(_ sender: Sender, errors: SuperOfficeErrors, learn: @escaping @Sendable (WebAddress) -> Void) {
        self.sender = sender
        self.errors = errors
        self.learn = learn
    }

    private var profile: SystemProfile { sender.profile }

    /// The address of a configured installation without the endings that people copy along.
    static func root(of address: WebAddress) -> WebAddress {
        var text = address.description
        for ending in ["/v1", "/api"] where text.lowercased().hasSuffix(ending) { text.removeLast(ending.count) }
        return (try? WebAddress(text)) ?? address
    }

    /// The address below which `v1/Document` lies.
    /// - Throws: `LockError`
    func current() async throws -> WebAddress {
        if let api, goodUntil.map({ profile.time.now() < $0 }) ?? true { return api }
        guard profile.options.tenant != nil else {
            let root = Self.root(of: profile.address)
            let api = try address(root.description + "/api")
            self.api = api
            learn(root)
            return api
        }
        do {
            return try await resolve()
        } catch let error as LockError where error.code == .unreachable && error.retryAfter == nil {
            // The address that worked until now is better than none.
            guard let api else { throw error }
            return api
        }
    }

    /// After a 421: whether the tenant is elsewhere now.
    /// - Throws: `LockError`
    func hasMoved(from old: WebAddress) async throws -> Bool {
        guard profile.options.tenant != nil else { return false }
        if let api, api != old { return true }
        return try await resolve() != old
    }

    private func resolve() async throws -> WebAddress {
        try await asking.run { try await self.ask() }
    }

    private func ask() async throws -> WebAddress {
        let tenant = profile.options.tenant ?? ""
        let question = try stateAddress(tenant)
        let answer = try await sender.send(
            Request("GET", question, headers: ["Accept": "application/json"], for: .read))
        if answer.status == 404 || answer.status == 400 { throw errors.noTenant(tenant) }
        guard answer.status == 200 else { throw errors.refusal(answer, of: "tenant \(tenant)", changing: false) }
        guard let state = try? JSONBody.decode(SuperOfficeTenant.self, from: answer), state.state != nil else {
            throw errors.wrongSystem(answer)
        }
        let until = state.validUntil.flatMap { RFC3339.date($0) }.flatMap {
            sender.clock.ours($0.timeIntervalSince1970)
        }
        let seconds = until.map { $0.timeIntervalSince(profile.now()) }
        guard state.isUsable, let text = state.api else {
            throw errors.tenantAway(
                tenant, SuperOfficeErrors.shown(state.word), retryAfter: seconds.map { min(max($0, 1), 3600) })
        }
        let api = try address(text)
        guard isTrusted(api, by: try address(question)) else { throw errors.strangeHost(api.hostAndPort) }
        self.api = api
        // A clock that is off must not turn every request into two, nor a far day keep an old address.
        goodUntil = profile.time.now() + .seconds(min(max(seconds ?? 3600, 60), 86_400))
        learn((try? WebAddress(String(api.description.dropLast(api.path.hasSuffix("/api") ? 4 : 0)))) ?? api)
        return api
    }

    private func stateAddress(_ tenant: String) throws -> String {
        if let given = profile.options.stateURL {
            let base = try address(given)
            let isWhole = base.path.lowercased().hasSuffix("/" + tenant.lowercased())
            return isWhole ? base.description : base.appending([tenant])
        }
        let hosts = ["sod": "sod", "stage": "qaonline"]
        let host = profile.options.environment.flatMap { hosts[$0] } ?? "online"
        return "https://\(host).superoffice.com/api/state/" + WebAddress.encode(tenant)
    }

    private func address(_ text: String) throws -> WebAddress {
        do {
            return try WebAddress(text)
        } catch {
            throw errors.voice.unreachable(error, changing: false)
        }
    }

    /// Secrets go to the host that is named here: it must be a neighbour of the one that named it.
    private func isTrusted(_ api: WebAddress, by asked: WebAddress) -> Bool {
        guard api.scheme == asked.scheme || api.scheme == "https" else { return false }
        if api.isLoopback || asked.isLoopback { return api.isLoopback && asked.isLoopback }
        if api.host == asked.host { return true }
        let family = asked.host.split(separator: ".").dropFirst()
        return family.count >= 2 && api.host.hasSuffix("." + family.joined(separator: "."))
    }
}
