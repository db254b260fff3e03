// SPDX-License-Identifier: MIT
import HTTP

extension LockBook {
    /// Whose name and password `text` is, as Basic codes them; `nil` when they are nobody's.
    func person(basic text: String) -> Person? {
        guard let bytes = Base64.decoded(text) else { return nil }
        let sides = String(decoding: bytes, as: UTF8.self)
            .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { return nil }
        return person(login: String(sides[0]), password: String(sides[1]))
    }

    /// Who signs in with that name and password; `nil` when they are nobody's.
    func person(login: String, password: String) -> Person? {
        guard let person = people[login], !person.isDeleted, person.account.password == password else { return nil }
        return person
    }

    /// Who sent a request, where a server takes Basic alone: somebody, or nobody who says so.
    /// - Throws: where something else was sent, or a name and a password that are nobody's.
    func personByBasic(_ call: Call) throws(NotAdmitted) -> Person? {
        guard let header = call.headers["Authorization"] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0].lowercased() == "basic", let person = person(basic: parts[1]) else {
            throw NotAdmitted()
        }
        return person
    }
}

/// Credentials that are nobody's.
struct NotAdmitted: Error {}
