// SPDX-License-Identifier: MIT

/// Somebody or something with a name.
struct GraphIdentity: Decodable, Sendable {
    let id: String?
    let displayName: String?
    let userPrincipalName: String?
    let email: String?
    /// SharePoint's own name of an account: `i:0#.f|membership|ann@contoso.example`.
    let loginName: String?

    private enum CodingKeys: String, CodingKey { case id, displayName, userPrincipalName, email, mail, loginName }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = box.word(.id)
        displayName = box.word(.displayName)
        userPrincipalName = box.word(.userPrincipalName)
        email = box.word(.email) ?? box.word(.mail)
        loginName = box.word(.loginName)
    }

    var isNobody: Bool { id == nil && name == nil }
    /// The best name there is.
    var name: String? { displayName ?? userPrincipalName ?? email ?? loginName }
    /// By what else than the id an account can be told.
    var addresses: Set<String> {
        let login = loginName?.split(separator: "|").last.map(String.init)
        return Set([userPrincipalName, email, login].compactMap { $0?.lowercased() })
    }
    /// What it is told apart by.
    var key: String { id ?? userPrincipalName ?? email ?? loginName ?? displayName ?? "" }
}

/// Who is signed in.
struct GraphMe: Decodable, Sendable {
    let id: String
    let identity: GraphIdentity

    private enum CodingKeys: String, CodingKey { case id }

    init(from decoder: any Decoder) throws {
        id = try decoder.container(keyedBy: CodingKeys.self).decode(GraphWord.self, forKey: .id).text
        identity = try GraphIdentity(from: decoder)
    }
}
