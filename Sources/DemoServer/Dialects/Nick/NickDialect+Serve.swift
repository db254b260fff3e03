// SPDX-License-Identifier: MIT
import HTTP

extension NickDialect {
    /// Answers one call by its method and name.
    func answer(_ visit: NickVisit) throws(NickFailure) -> Response {
        let method = visit.call.method == "HEAD" ? "GET" : visit.call.method
        let name = visit.service.first ?? ""
        switch (method, name, visit.service.count) {
        case ("GET", "", _): return try getContent(visit)
        case ("PATCH", "", _): return try patchContent(visit)
        case ("POST", "", _): return try postContent(visit)
        case ("DELETE", "", _): return try deleteContent(visit)
        case (_, "@lock", 1): return try lockCall(visit)
        case ("GET", "@search", 1): return try search(visit)
        case ("POST", "@querystring-search", 1): return try querystringSearch(visit)
        case ("POST", "@move", 1): return try relocate(visit, copying: false)
        case ("POST", "@copy", 1): return try relocate(visit, copying: true)
        case ("POST", "@login", 1): return try login(visit)
        case ("POST", "@login-renew", 1): return try renew(visit)
        case ("POST", "@logout", 1): return try logout(visit)
        default:
            if method == "GET" || method == "PATCH" || method == "POST", let response = try other(visit, method, name) {
                return response
            }
            throw missing(own(visit.item).split(separator: "/").map(String.init) + visit.service)
        }
    }

    private func other(_ visit: NickVisit, _ method: String, _ name: String) throws(NickFailure) -> Response? {
        let more = Array(visit.service.dropFirst())
        switch (method, name, more.count) {
        case ("GET", "@users", 1): return try person(more[0], visit)
        case ("GET", "@site", 0): return .nick(siteInfo(visit))
        case ("GET", "@system", 0):
            guard visit.user?.roles.isDisjoint(with: .administrators) == false else { throw unauthorized(visit.user) }
            return .nick([
                "@id": .string(visit.call.origin + "/@system"), "express_version": "5.2.1", "knex_version": "3.2.9",
                "nick_version": "2.8.0", "node_version": "v20.20.2", "objection_version": "3.1.5",
                "postgres_version": "15.18 (Debian 15.18-0+deb12u1)",
            ])
        case ("GET", "@history", 0): return try history(visit)
        case ("PATCH", "@history", 0): return try revert(visit)
        case ("GET", "@history", 1): return try version(more[0], visit)
        case ("GET", "@workflow", 0): return try workflow(visit)
        case ("POST", "@workflow", 1): return try step(more[0], visit)
        case ("GET", "@users", 0): return try people(visit)
        case ("POST", "@users", 0): return try addPerson(visit)
        default: return nil
        }
    }

    private func siteInfo(_ visit: NickVisit) -> JSON {
        [
            "@id": .string(visit.call.origin + "/@site"), "features": ["multilingual": false],
            "plone.available_languages": .array(nick.languages.sorted().map { .string($0) }),
            "plone.default_language": "en", "plone.robots_txt": "User-agent: *\nDisallow:\n", "plone.site_logo": .null,
            "plone.site_title": .string(book.root.title),
        ]
    }

    // MARK: Permissions

    /// Whether somebody may do something. Other than in Plone, owning an item gives no right to change it.
    func may(_ person: Person?, _ deed: Deed, _ item: Item) -> Bool {
        let state = sequence(first: item) { $0.parent }.lazy.compactMap(\.state).first ?? .published
        if deed == .view, state == .published { return true }
        guard let person else { return false }
        let allowed: Roles =
            switch (deed, state) {
            case (.view, _): [.administrators, .editor, .reader, .contributor, .reviewer]
            case (.add, _): [.administrators, .contributor]
            case (_, .pending): [.administrators, .reviewer]
            default: [.administrators, .editor]
            }
        if deed == .view, item.owner == person.id { return true }
        return !person.roles.isDisjoint(with: allowed)
    }

    /// Refuses whoever may not do something with the item.
    func need(_ deed: Deed, _ visit: NickVisit, on item: Item? = nil) throws(NickFailure) {
        guard may(visit.user, deed, item ?? visit.item) else { throw unauthorized(visit.user) }
    }

    func unauthorized(_ user: Person?) -> NickFailure {
        if isOld { return .plain(401, "You are not authorization to access this resource.") }
        return .plain(user == nil ? 401 : 403, NickFailure.unauthorized)
    }
}
