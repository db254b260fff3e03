// SPDX-License-Identifier: MIT
import HTTP

extension PloneDialect {
    /// Answers one REST call by its method and service.
    func serve(_ visit: Visit) throws(PloneFailure) -> Response {
        let name = visit.service.first ?? ""
        if visit.service.count == 1 || name.isEmpty {
            if let response = try serveContent(visit, name) { return response }
            if let response = try serveSearch(visit, name) { return response }
        }
        if let response = try serveSite(visit, name, Array(visit.service.dropFirst())) { return response }
        throw .notFound(url: visit.ownURL, nearest: book.visibleAncestor(of: visit.item, for: nil))
    }

    private func serveContent(_ visit: Visit, _ name: String) throws(PloneFailure) -> Response? {
        switch (visit.call.method, name) {
        case ("GET", ""): try getContent(visit)
        case ("PATCH", ""): try patchContent(visit)
        case ("DELETE", ""): try deleteContent(visit)
        case ("POST", ""): try postContent(visit)
        case ("GET", "@lock"), ("POST", "@lock"), ("PATCH", "@lock"), ("DELETE", "@lock"): try lockCall(visit)
        case ("GET", "@workingcopy"), ("POST", "@workingcopy"), ("PATCH", "@workingcopy"),
            ("DELETE", "@workingcopy"):
            try workingCopyCall(visit)
        case ("POST", "@move"): try relocate(visit, copying: false)
        case ("POST", "@copy"): try relocate(visit, copying: true)
        default: nil
        }
    }

    private func serveSearch(_ visit: Visit, _ name: String) throws(PloneFailure) -> Response? {
        switch (visit.call.method, name) {
        case ("GET", "@search"): try search(visit)
        case ("POST", "@querystring-search"): try querystringSearch(visit)
        case ("GET", "@actions"): .plone(try actionsOfVisible(visit))
        case ("GET", "@history"): .plone(try history(visit))
        default: nil
        }
    }

    /// The services that only the site itself has.
    private static let siteOnly: Set = [
        "@login", "@login-renew", "@logout", "@users", "@system", "@site", "@controlpanels",
    ]

    /// The calls that belong to the site or have more names after their own.
    private func serveSite(_ visit: Visit, _ name: String, _ more: [String]) throws(PloneFailure) -> Response? {
        if Self.siteOnly.contains(name), visit.item.type != .site { return nil }
        return switch (visit.call.method, name, more.count) {
        case ("POST", "@login", 0): try login(visit)
        case ("GET", "@login", 0): .plone(["options": []])
        case ("POST", "@login-renew", 0): try renew(visit)
        case ("POST", "@logout", 0): .noContent
        case ("GET", "@users", 0): try people(visit)
        case ("GET", "@users", 1): try user(more[0], visit)
        case ("GET", "@types", 0): try types(visit)
        case ("GET", "@system", 0): try system(visit)
        case ("GET", "@site", 0): .plone(siteInfo(visit))
        case ("GET", "@controlpanels", 1), ("PATCH", "@controlpanels", 1):
            try controlPanel(more[0], visit)
        case ("GET", "@workflow", 0): try workflow(visit)
        case ("POST", "@workflow", 1): try transition(more[0], visit)
        default: nil
        }
    }

    /// Refuses whoever may not do something with the item.
    func need(_ deed: Deed, _ visit: Visit, on item: Item? = nil) throws(PloneFailure) {
        let item = item ?? visit.item
        guard book.may(visit.user, deed, item) else {
            // The server names what anonymous may see, even when somebody is signed in.
            throw .unauthorized(nearest: book.visibleAncestor(of: item, for: nil))
        }
    }

    /// Refuses everybody but administrators.
    func needAdministrator(_ visit: Visit) throws(PloneFailure) {
        guard let user = visit.user, !user.roles.isDisjoint(with: .administrators) else {
            throw .unauthorized(nearest: book.visibleAncestor(of: visit.item, for: nil))
        }
    }
}
