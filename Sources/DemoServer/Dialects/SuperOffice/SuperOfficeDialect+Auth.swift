// SPDX-License-Identifier: MIT
import HTTP

extension SuperOfficeDialect {
    /// Who sent a request; `nil` for wrong or expired credentials.
    func person(of call: Call, isOnline: Bool) -> Person? {
        guard let header = call.headers["Authorization"] else { return personByCookie(call) }
        let parts = header.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "basic": return isOnline ? nil : person(basic: parts[1])
        case "soticket":
            guard parts[1].hasPrefix("7T:") else { return nil }
            guard !isOnline || call.headers["SO-AppToken"] == options.appToken else { return nil }
            return person(ticket: parts[1])
        case "bearer": return parts[1].hasPrefix("8A:") ? person(ticket: parts[1]) : nil
        default: return nil
        }
    }

    private func person(basic text: String) -> Person? {
        guard let bytes = Base64.decoded(text) else { return nil }
        let pair = String(decoding: bytes, as: UTF8.self)
        // A ticket stands in the place of a user whose password is blank, and has a colon of its own.
        if pair.hasPrefix("7T:"), pair.hasSuffix(":") { return person(ticket: String(pair.dropLast())) }
        return book.person(basic: text)
    }

    private func personByCookie(_ call: Call) -> Person? {
        var cookies: [String: String] = [:]
        for pair in (call.headers["Cookie"] ?? "").split(separator: ";") {
            let sides = pair.split(separator: "=", maxSplits: 1).map { String($0.drop { $0 == " " }) }
            if sides.count == 2 { cookies[sides[0]] = sides[1] }
        }
        guard let proof = call.headers["X-XSRF-TOKEN"], proof == cookies["XSRF-TOKEN"],
            let ticket = cookies["SoSession"]
        else { return nil }
        return person(ticket: ticket)
    }

    private func person(ticket: String) -> Person? {
        guard let known = tickets[ticket] else { return nil }
        guard book.now - known.used < options.ticketLifetime else {
            tickets[ticket] = nil
            return nil
        }
        tickets[ticket] = (known.person, book.now)
        return book.people[known.person].flatMap { $0.isDeleted ? nil : $0 }
    }

    /// A new ticket (`7T`) or token (`8A`).
    func issue(_ kind: String, to person: Person) -> String {
        let bytes = (0..<24).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let ticket = kind + ":" + (kind == "8A" ? options.tenant + "." : "") + Base64.plain(bytes)
        tickets[ticket] = (person.id, book.now)
        return ticket
    }

    /// A signed system token for a ticket in an envelope: `<app>-<user>.<time>.<signature>`, of which the demo takes any.
    func authenticate(_ call: Call) throws(SuperOfficeFailure) -> Response {
        guard call.method == "POST", let body = try? JSON(reading: call.body) else { throw .model("No request body.") }
        let token = body["SignedSystemToken"]?.text ?? ""
        let name = token.split(separator: ".").first?.split(separator: "-").last.map(String.init) ?? ""
        guard body["ApplicationToken"]?.text == options.appToken, body["ContextIdentifier"]?.text == options.tenant,
            token.split(separator: ".").count == 3, let person = book.people[name]
        else {
            return .superOffice(["IsSuccessful": false, "Token": nil, "ErrorMessage": "The token is not valid."])
        }
        let claim = "http://schemes.superoffice.net/identity/ticket"
        let head: JSON = ["typ": "JWT", "alg": "RS256"]
        let claims: JSON = .object([JSON.Field(key: claim, value: .string(issue("7T", to: person)))])
        let envelope = [head, claims].map { Base64.url($0.encoded(.compact)) }.joined(separator: ".") + ".c2ln"
        return .superOffice(["IsSuccessful": true, "Token": .string(envelope), "ErrorMessage": nil])
    }

    // MARK: The tenant

    /// Where the tenant is, for anybody who asks.
    func tenantState(_ call: Call) throws(SuperOfficeFailure) -> Response {
        guard call.segments.count == 3, call.segments[2].lowercased() == options.tenant.lowercased() else {
            throw .noRoute
        }
        let isRunning = ["Running", "OnlineMaintenance"].contains(book.tenantState)
        let endpoint = tenantOrigin(call) + "/" + options.tenant
        let until = CivilTime(unix: book.now + options.addressLifetime).iso.dropLast(6) + "Z"
        return .superOffice([
            "ContextIdentifier": .string(options.tenant), "Endpoint": .string(endpoint),
            "State": .string(book.tenantState), "IsRunning": .bool(isRunning), "ValidUntil": .string(String(until)),
            "Api": isRunning ? .string(endpoint + "/api") : .null, "Version": isRunning ? "Release_11.10" : .null,
        ])
    }

    /// The origin at which the tenant answers: as the client named it, until it has moved.
    private func tenantOrigin(_ call: Call) -> String {
        guard let host = book.tenantHost else { return call.origin }
        let parts = call.origin.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 2 ? "\(parts[0])://\(host):\(parts[2])" : "\(parts[0])://\(host)"
    }

    func checkHost(_ call: Call) throws(SuperOfficeFailure) {
        guard tenantOrigin(call) == call.origin else { throw .misdirected }
        guard ["Running", "OnlineMaintenance"].contains(book.tenantState) else {
            throw .exception(503, type: "SoServerException", message: "The tenant is not available.")
        }
    }
}
