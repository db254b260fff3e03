// SPDX-License-Identifier: MIT
import HTTP

extension NickDialect {
    private func isAdministrator(_ person: Person?) -> Bool {
        person.map { !$0.roles.isDisjoint(with: .administrators) } ?? false
    }

    /// `@users/<id>`: oneself, or anybody for an administrator.
    func person(_ id: String, _ visit: NickVisit) throws(NickFailure) -> Response {
        guard visit.user?.id == id || isAdministrator(visit.user) else {
            throw .plain(401, "You don’t have permissions to view this user.")
        }
        guard let person = book.people[id], !person.isDeleted else { throw .notFound(nil) }
        return .nick(facts(of: person, visit.call))
    }

    /// `@users?query=`: a part of an id, for administrators.
    func people(_ visit: NickVisit) throws(NickFailure) -> Response {
        guard isAdministrator(visit.user) else { throw unauthorized(visit.user) }
        let query = visit.call.value("query") ?? ""
        guard query.isEmpty || query.count >= 2 else {
            throw .unusable("Query must be at least 2 characters long.")
        }
        let found = book.people.values.filter { !$0.isDeleted && (query.isEmpty || $0.id.contains(query)) }
        return .nick(.array(found.sorted { $0.id < $1.id }.map { facts(of: $0, visit.call) }))
    }

    /// A new account, without the roles that were asked for.
    func addPerson(_ visit: NickVisit) throws(NickFailure) -> Response {
        guard isAdministrator(visit.user) else { throw .plain(401, "You don’t have permissions to add a user.") }
        guard let body = try visit.body(), let name = body["username"]?.text, let password = body["password"]?.text
        else { throw .broken }
        guard password.count >= 8 else { throw .plain(401, "Password should be at least 8 characters long.") }
        guard book.people[name] == nil else { throw .broken }
        book.add(
            DemoAccount(name: name, password: password, fullName: body["fullname"]?.text ?? "", roles: []))
        guard let person = book.people[name] else { throw .broken }
        return .nick(facts(of: person, visit.call, email: body["email"]?.text), status: 201)
    }

    private func facts(of person: Person, _ call: Call, email: String? = nil) -> JSON {
        let names = person.account.roles.map { $0 == "Manager" ? "Administrator" : $0 }
        let facts: JSON = [
            "@id": .string("\(call.origin)/@users/\(person.id)"),
            "email": .string(email ?? "\(person.id)@example.\(person.account.isRoot ? "com" : "org")"),
            "fullname": holderName(person.id), "groups": [], "id": .string(person.id),
            "roles": .array(names.map { .string($0) }),
        ]
        guard person.account.isRoot else { return facts }
        return facts.adding([
            JSON.Field(key: "description", value: "Admin user"), JSON.Field(key: "location", value: "World"),
        ])
    }
}
