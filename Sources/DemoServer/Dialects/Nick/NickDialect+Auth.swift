// SPDX-License-Identifier: MIT
import HTTP

extension NickDialect {
    /// Seconds that a token is good.
    private var lifetime: Double {
        // The option's default is Plone's; Nick's is two hours since the limits came.
        options.tokenLifetime != DemoOptions().tokenLifetime ? options.tokenLifetime : isOld ? 43_200 : 7_200
    }

    /// Who sent a request. Anything but a good token is nobody, Basic included; a good one of somebody who was deleted
    /// breaks every call.
    func person(of call: Call) throws(NickFailure) -> Person? {
        guard let header = call.headers["Authorization"], header.hasPrefix("Bearer ") else { return nil }
        let token = String(header.dropFirst("bearer ".count))
        guard let id = owner(of: token), isOld || tokens[id]?.contains(token) ?? false else { return nil }
        guard let person = book.people[id], !person.isDeleted else { throw .broken }
        return person
    }

    private func token(for person: Person) -> String {
        let head: JSON = ["alg": "HS256", "typ": "JWT"]
        let claims: JSON = [
            "sub": .string(person.id), "fullname": holderName(person.id), "iat": .int(Int(book.now)),
            "exp": .int(Int(book.now + lifetime)),
        ]
        let signed = [head, claims].map { Base64.url($0.encoded(.compact)) }.joined(separator: ".")
        let code = Digest.signature(of: signed.utf8, key: key)
        let token = signed + "." + Base64.url(code)
        tokens[person.id, default: []].insert(token)
        return token
    }

    private func owner(of token: String) -> String? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let code = Base64.decoded(String(parts[2])),
            let claims = Base64.decoded(String(parts[1])),
            code == Digest.signature(of: "\(parts[0]).\(parts[1])".utf8, key: key),
            let body = try? JSON(reading: claims), let id = body["sub"]?.text, case .int(let end)? = body["exp"],
            Double(end) > book.now
        else { return nil }
        return id
    }

    func fullName(_ person: Person) -> String {
        person.account.fullName.isEmpty && person.account.isRoot ? "Admin" : person.account.fullName
    }

    // MARK: Calls

    func login(_ visit: NickVisit) throws(NickFailure) -> Response {
        guard let body = try visit.body() else { throw .broken }
        guard let name = body["login"], let secret = body["password"] else { throw .refused(400, .missingCredentials) }
        guard let login = name.text, let password = secret.text else { throw .broken }
        guard let person = book.people[login], !person.isDeleted, person.account.password == password else {
            throw .refused(401, .invalidCredentials)
        }
        return .nick(["token": .string(token(for: person))])
    }

    func renew(_ visit: NickVisit) throws(NickFailure) -> Response {
        guard let user = visit.user else { throw .refused(401, .invalidSession) }
        return .nick(["token": .string(token(for: user))])
    }

    func logout(_ visit: NickVisit) throws(NickFailure) -> Response {
        if let user = visit.user, let header = visit.call.headers["Authorization"], !isOld {
            tokens[user.id]?.remove(String(header.dropFirst("bearer ".count)))
        }
        return Response(status: 204)
    }

    /// The name that a lock shows.
    func holderName(_ id: String) -> JSON {
        guard let person = book.people[id] else { return .null }
        let name = fullName(person)
        return name.isEmpty ? .null : .string(name)
    }
}
