// SPDX-License-Identifier: MIT
import HTTP

/// The REST dialect of SuperOffice: documents by number, `…/Lock` to check them out. The same server is an installation
/// of one's own at `/SuperOffice/api` and a tenant of SuperOffice Online at `/Cust12345/api`.
final class SuperOfficeDialect: Dialect {
    let book: LockBook
    let options: SuperOfficeOptions
    let root = "/SuperOffice"
    /// Tickets and tokens with whose they are and when they were used last.
    var tickets: [String: (person: String, used: Double)] = [:]
    var random: SplitMix64
    /// What was checked in, by document.
    var versions: [Int: [JSON]] = [:]
    private var associates: [String: Int] = [:]
    private var documents: (revision: Int, byNumber: [Int: Item])?

    init(book: LockBook, options: DemoOptions) {
        self.book = book
        self.options = options.superOffice
        random = SplitMix64(seed: options.seed ^ 0x50FF_1CE5)
        for account in DemoAccount.everybody { _ = associate(account.name) }
    }

    // MARK: Answering

    func answer(_ call: Call) -> Response {
        var response: Response
        do throws(SuperOfficeFailure) {
            response = try route(call)
        } catch {
            response = error.response
        }
        response.headers["Server"] = "Microsoft-IIS/10.0"
        response.headers["X-Powered-By"] = "ASP.NET"
        return response
    }

    func user(of call: Call) -> String? { person(of: call, isOnline: isOnline(call))?.id }

    private func isOnline(_ call: Call) -> Bool { call.segments.first?.lowercased() == options.tenant.lowercased() }

    private func route(_ call: Call) throws(SuperOfficeFailure) -> Response {
        let words = call.segments.map { $0.lowercased() }
        if words.starts(with: ["api", "state"]) { return try tenantState(call) }
        if words == ["login", "api", "partnersystemuser", "authenticate"] { return try authenticate(call) }
        let isOnline = isOnline(call)
        guard words.count >= 2, words[0] == "superoffice" || isOnline, words[1] == "api" else { throw .noRoute }
        if isOnline { try checkHost(call) }
        guard words.count > 2 else { return versionList(call) }
        guard words[2] == "v1" else { throw .noRoute }
        guard let person = person(of: call, isOnline: isOnline) else { throw .unauthorized }
        let body = try serve(Array(call.segments.dropFirst(3)), call, person)
        return Self.wantsJSON(call) ? .superOffice(body) : .superOfficeXML(body)
    }

    private static func wantsJSON(_ call: Call) -> Bool {
        let accept = call.headers["Accept"]?.lowercased() ?? ""
        return accept.contains("json") || call.value("$format")?.lowercased() == "json"
    }

    private func versionList(_ call: Call) -> Response {
        let base = call.origin + "/" + call.segments.prefix(2).joined(separator: "/")
        guard Self.wantsJSON(call) else {
            return Response(
                status: 200, headers: ["Content-Type": "text/html"],
                body: Array("<!DOCTYPE html><html><body><a href=\"\(base)/v1\">v1</a></body></html>\n".utf8))
        }
        return .superOffice(["v1": .string(base + "/v1"), "NetServerVersion": "11.10.721.0", "Version": "v1"])
    }

    private func serve(_ names: [String], _ call: Call, _ person: Person) throws(SuperOfficeFailure) -> JSON {
        let words = names.map { $0.lowercased() }
        switch (call.method, words.first, words.dropFirst().first) {
        case ("GET", "user", "currentprincipal"): return principal(person)
        case ("GET", "user", "currenttoken"): return .string(issue("8A", to: person))
        case ("GET", "document", nil): return try search(call, call.query, person)
        case ("GET", "archive", "finddocument"): return try search(call, call.query, person)
        case ("POST", "archive", "finddocument"): return try search(call, Self.form(call.body), person)
        case ("GET", "archive", "internalusers"): return try users(call.query)
        case ("GET", "document", "plugin"):
            return names.count > 2 ? pluginCapabilities : ["0": "SO Archive", "123": "Demo archive"]
        case ("POST", "agents", "document"): return try agent(words.dropFirst(2).first ?? "", call, person)
        case (_, "document", let id?): return try document(id, Array(words.dropFirst(2)), call, person)
        default: throw .noRoute
        }
    }

    private static func form(_ body: [UInt8]) -> [(name: String, value: String)] {
        Call(Request("GET", "http://x/?" + String(decoding: body, as: UTF8.self))).query
    }

    // MARK: People and documents

    /// Somebody's number; 0 for whom the server does not know.
    func associate(_ id: String) -> Int {
        if let number = associates[id] { return number }
        guard book.people[id] != nil else { return 0 }
        let number = associates.count + 5
        associates[id] = number
        return number
    }

    /// Who has that number.
    func person(associate number: Int) -> Person? {
        associates.first { $0.value == number }.flatMap { book.people[$0.key] }
    }

    /// The short name in capitals that lists show.
    static func initials(_ id: String) -> String { id.prefix { $0 != "@" }.prefix(5).uppercased() }

    func rights(_ person: Person) -> [String] {
        person.roles.isDisjoint(with: .administrators) ? ["allow-bulk-edit"] : ["admin-all", "allow-bulk-edit"]
    }

    private func principal(_ person: Person) -> JSON {
        let isAdministrator = rights(person).contains("admin-all")
        return [
            "UserType": "InternalAssociate", "Associate": .string(Self.initials(person.id)),
            "AssociateId": .int(associate(person.id)), "IsPerson": true, "PersonId": .int(associate(person.id) + 58),
            "RoleId": .int(isAdministrator ? 1 : 2), "RoleName": .string(isAdministrator ? "Administrator" : "User"),
            "RoleType": "Employee", "FullName": .string(person.displayName),
            "EMailAddress": .string("\(person.id)@example.org"),
            "FunctionRights": .array(rights(person).map { .string($0) }),
            "DatabaseContextIdentifier": .string(options.tenant), "UserName": .string(person.id),
        ]
    }

    /// Everything that is a document, by its number. Working copies are how the people of the demo check out; here
    /// there are none.
    var allDocuments: [Int: Item] {
        if let documents, documents.revision == book.revision { return documents.byNumber }
        let items = book.itemsByPath.filter { $0.original == nil && $0.type != .folder }
        let byNumber = Dictionary(items.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        documents = (book.revision, byNumber)
        return byNumber
    }
}
