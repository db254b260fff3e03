// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

/// A value that one version sends as text and another as a number. Empty text is no value.
struct GraphWord: Decodable, Sendable {
    let text: String

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int.self) {
            text = String(number)
        } else {
            text = try value.decode(String.self)
        }
        guard !text.isEmpty else { throw DecodingError.dataCorruptedError(in: value, debugDescription: "empty") }
    }
}

extension KeyedDecodingContainer {
    /// The text of a field that one can do without.
    fileprivate func word(_ key: Key) -> String? { ifReadable(GraphWord.self, key)?.text }

    /// Whether a field is there and not null, whatever it holds.
    fileprivate func has(_ key: Key) -> Bool { contains(key) && (try? decodeNil(forKey: key)) == false }
}

/// A file or folder as Graph sends it. Facets are there only when they were selected. It can do without all but its id.
struct GraphItem: Sendable {
    /// What a folder says of itself.
    struct Folder: Sendable {
        var childCount: Int?
    }

    /// What a file says of itself. One page of the documents puts the beta lock in here.
    struct File: Sendable {
        var lockInfo: GraphLockInfo?
    }

    var id: String
    var name: String?
    var webUrl: String?
    var lastModifiedDateTime: String?
    /// The id of the folder in which it lies.
    var parent: String?
    /// That folder's path, where it is told.
    var parentPath: String?
    var file: File?
    var folder: Folder?
    var isDeleted = false
    var isRoot = false
    /// Whether it lies on another drive, and only a link to it is here.
    var isRemote = false
    /// Whether it is something like a notebook: neither a file nor a folder.
    var isPackage = false
    var publication: GraphPublication?
    var lockInfo: GraphLockInfo?
    /// The number by which SharePoint's list knows it.
    var listItemID: String?
    var listItem: GraphListItem?

    /// Whether it says what it is.
    var saysKind: Bool { file != nil || folder != nil || isDeleted || isRoot || isRemote || isPackage }
}

extension GraphItem: Decodable {
    enum CodingKeys: String, CodingKey {
        case id, name, webUrl, lastModifiedDateTime, parentReference, file, folder, deleted, root, remoteItem,
            publication
        case lockInfo, sharepointIds, listItem, package
    }

    private struct Parent: Decodable {
        let id: String?
        let path: String?

        enum CodingKeys: String, CodingKey { case id, path }

        init(from decoder: any Decoder) throws {
            let box = try decoder.container(keyedBy: CodingKeys.self)
            (id, path) = (box.word(.id), box.word(.path))
        }
    }

    private struct ListNumbers: Decodable {
        let listItemID: String?

        enum CodingKeys: String, CodingKey { case listItemID = "listItemId" }

        init(from decoder: any Decoder) throws {
            listItemID = try decoder.container(keyedBy: CodingKeys.self).word(.listItemID)
        }
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = try box.decode(GraphWord.self, forKey: .id).text
        name = box.word(.name)
        webUrl = box.word(.webUrl)
        lastModifiedDateTime = box.word(.lastModifiedDateTime)
        let place = box.ifReadable(Parent.self, .parentReference)
        (parent, parentPath) = (place?.id, place?.path)
        // Presence alone says what an item is, whatever is in the facet.
        file = box.has(.file) ? box.ifReadable(File.self, .file) ?? File() : nil
        folder = box.has(.folder) ? box.ifReadable(Folder.self, .folder) ?? Folder() : nil
        (isDeleted, isRoot) = (box.has(.deleted), box.has(.root))
        (isRemote, isPackage) = (box.has(.remoteItem), box.has(.package))
        publication = box.ifReadable(GraphPublication.self, .publication)
        lockInfo = box.ifReadable(GraphLockInfo.self, .lockInfo)
        listItemID = box.ifReadable(ListNumbers.self, .sharepointIds)?.listItemID
        listItem = box.ifReadable(GraphListItem.self, .listItem)
    }
}

extension GraphItem.Folder: Decodable {
    private enum CodingKeys: String, CodingKey { case childCount }

    init(from decoder: any Decoder) throws {
        childCount = try decoder.container(keyedBy: CodingKeys.self).word(.childCount).flatMap { Int($0) }
    }
}

extension GraphItem.File: Decodable {
    private enum CodingKeys: String, CodingKey { case lockInfo }

    init(from decoder: any Decoder) throws {
        lockInfo = try decoder.container(keyedBy: CodingKeys.self).ifReadable(GraphLockInfo.self, .lockInfo)
    }
}

/// Who has a file checked out.
struct GraphPublication: Decodable, Sendable {
    let level: String?
    let checkedOutBy: GraphIdentitySet?

    private enum CodingKeys: String, CodingKey { case level, checkedOutBy }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        level = box.word(.level)
        checkedOutBy = box.ifReadable(GraphIdentitySet.self, .checkedOutBy)
    }

    /// Whether it is checked out; `nil` where that is not told.
    var isCheckedOut: Bool? {
        if let level { return level.lowercased() == "checkout" }
        return checkedOutBy.flatMap { $0.anybody == nil ? nil : true }
    }
}

/// The beta's lock.
struct GraphLockInfo: Decodable, Sendable {
    let lockType: String?
    let createdDateTime: String?
    let expirationDateTime: String?
    let owners: [GraphIdentity]

    private enum CodingKeys: String, CodingKey { case lockType, createdDateTime, expirationDateTime, owners }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        lockType = box.word(.lockType)
        createdDateTime = box.word(.createdDateTime)
        expirationDateTime = box.word(.expirationDateTime)
        owners = box.ifReadable(Lossy<GraphIdentity>.self, .owners)?.elements ?? []
    }

    /// Its kind; `nil` where nothing is told. What has an owner or an end is held, though its kind be missing.
    var kind: String? { lockType ?? (owners.isEmpty && expirationDateTime == nil ? nil : "unknown") }
}

/// Who did something: one of several kinds.
struct GraphIdentitySet: Decodable, Sendable {
    let user: GraphIdentity?
    let application: GraphIdentity?
    let device: GraphIdentity?
    let siteUser: GraphIdentity?

    private enum CodingKeys: String, CodingKey { case user, application, device, siteUser }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        user = box.ifReadable(GraphIdentity.self, .user)
        application = box.ifReadable(GraphIdentity.self, .application)
        device = box.ifReadable(GraphIdentity.self, .device)
        siteUser = box.ifReadable(GraphIdentity.self, .siteUser)
    }

    /// The first of them who is somebody.
    var anybody: GraphIdentity? { [user, application, device, siteUser].compactMap(\.self).first { !$0.isNobody } }
}

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

/// A page of a collection, without its elements that can't be read.
struct GraphPage<Element: Decodable & Sendable>: Decodable, Sendable {
    let value: [Element]
    /// Why the other elements can't be read.
    let failures: [MalformedAnswer]
    let nextLink: String?

    private enum CodingKeys: String, CodingKey {
        case value
        case nextLink = "@odata.nextLink"
        case deltaLink = "@odata.deltaLink"
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        nextLink = box.word(.nextLink)
        let hasLink = nextLink != nil || box.word(.deltaLink) != nil
        // A page that only leads on may leave its list out; without a link it is no page at all.
        let list = hasLink && !box.has(.value) ? nil : try box.decode(Lossy<Element>.self, forKey: .value)
        (value, failures) = (list?.elements ?? [], list?.failures ?? [])
    }
}

/// A drive: a document library, or somebody's OneDrive.
struct GraphDriveFacts: Decodable, Sendable {
    let id: String
    let name: String?
    let driveType: String?
    let webUrl: String?
    let owner: GraphIdentitySet?

    private enum CodingKeys: String, CodingKey { case id, name, driveType, webUrl, owner }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = try box.decode(GraphWord.self, forKey: .id).text
        name = box.word(.name)
        driveType = box.word(.driveType)
        webUrl = box.word(.webUrl)
        owner = box.ifReadable(GraphIdentitySet.self, .owner)
    }
}

/// Anything of which only the id is wanted.
struct GraphReference: Decodable, Sendable {
    let id: String
    /// The site that a list belongs to.
    let siteID: String?

    private enum CodingKeys: String, CodingKey { case id, parentReference }

    private struct Parent: Decodable {
        let siteId: String?
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = try box.decode(GraphWord.self, forKey: .id).text
        siteID = box.ifReadable(Parent.self, .parentReference)?.siteId
    }
}

/// An entry of the list behind a library.
struct GraphListItem: Decodable, Sendable {
    /// Its columns. The check-out's column is there only while it is checked out.
    struct Fields: Decodable, Sendable {
        let checkoutUserLookupId: String?
        let title: String?

        private enum CodingKeys: String, CodingKey {
            case checkoutUserLookupId = "CheckoutUserLookupId"
            case title = "Title"
        }

        init(from decoder: any Decoder) throws {
            let box = try decoder.container(keyedBy: CodingKeys.self)
            checkoutUserLookupId = box.word(.checkoutUserLookupId)
            title = box.word(.title)
        }
    }
    let id: String?
    let fields: Fields?

    private enum CodingKeys: String, CodingKey { case id, fields }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = box.word(.id)
        fields = box.ifReadable(Fields.self, .fields)
    }
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

/// One part of a batch.
struct GraphBatchRequest: Encodable, Sendable {
    /// One request of it.
    struct Part: Encodable, Sendable {
        var id: String
        var method = "GET"
        var url: String
    }
    var requests: [Part]
}

/// The answers of a batch, in any order.
struct GraphBatchAnswer<Body: Decodable & Sendable>: Decodable, Sendable {
    /// One answer of it. A body that is no item is an error's.
    struct Part: Decodable, Sendable {
        let id: String
        let status: Int
        let headers: Headers
        let body: Body?
        /// Why there is no body although the status is a good one.
        let failure: String?
        let problem: GraphProblem?

        private enum CodingKeys: String, CodingKey { case id, status, headers, body }

        // A header's value is text for one server and a number for another.
        private struct Value: Decodable {
            let text: String?
            init(from decoder: any Decoder) { text = (try? GraphWord(from: decoder))?.text }
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            id = try values.decode(GraphWord.self, forKey: .id).text
            guard let status = values.word(.status).flatMap({ Int($0) }) else {
                throw DecodingError.dataCorruptedError(forKey: .status, in: values, debugDescription: "no number")
            }
            self.status = status
            headers = (values.ifReadable([String: Value].self, .headers) ?? [:]).reduce(into: Headers()) {
                if let text = $1.value.text { $0.add($1.key, text) }
            }
            guard (200..<300).contains(status) else {
                problem = values.ifReadable(GraphProblem.self, .body)
                (body, failure) = (nil, nil)
                return
            }
            problem = nil
            do {
                body = try values.decode(Body.self, forKey: .body)
                failure = nil
            } catch let error as DecodingError {
                (body, failure) = (nil, JSONBody.sentence(error))
            }
        }
    }
    let responses: [Part]

    private enum CodingKeys: String, CodingKey { case responses }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        responses = try box.decode(Lossy<Part>.self, forKey: .responses).elements
    }
}

/// Graph's error body. Every field may be missing, and the inner error is spelt in two ways.
struct GraphProblem: Decodable, Sendable {
    /// One level of it.
    final class Level: Decodable, Sendable {
        let code: String?
        let message: String?
        let inner: Level?

        enum CodingKeys: String, CodingKey { case code, message, innerError, innererror }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            code =
                (try? values.decodeIfPresent(String.self, forKey: .code))
                ?? (try? values.decodeIfPresent(Int.self, forKey: .code)).map(String.init)
            message = try? values.decodeIfPresent(String.self, forKey: .message)
            let spelt = try? values.decodeIfPresent(Level.self, forKey: .innerError)
            inner = spelt ?? (try? values.decodeIfPresent(Level.self, forKey: .innererror))
        }
    }
    var error: Level?

    /// All codes, the outermost first.
    var codes: [String] {
        sequence(first: error) { $0?.inner }.prefix { $0 != nil }.compactMap { $0?.code }.filter { !$0.isEmpty }
    }
    var text: String { error?.message ?? "" }
}

/// The answer of the sign-in host to the wish for a code.
struct GraphDeviceCode: Decodable, Sendable {
    var deviceCode: String
    var userCode: String
    var verificationURI: String
    var expiresIn: Double?
    var interval: Double?

    enum CodingKeys: String, CodingKey {
        case deviceCode = "device_code"
        case userCode = "user_code"
        case verificationURI = "verification_uri"
        case expiresIn = "expires_in"
        case interval
    }
}

/// Tokens, as the sign-in host hands them out.
struct GraphTokens: Decodable, Sendable {
    var accessToken: String
    var refreshToken: String?
    var idToken: String?
    var scope: String?
    var expiresIn: Double

    enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case idToken = "id_token"
        case expiresIn = "expires_in"
        case scope
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        accessToken = try values.decode(String.self, forKey: .accessToken)
        refreshToken = try values.decodeIfPresent(String.self, forKey: .refreshToken)
        idToken = try values.decodeIfPresent(String.self, forKey: .idToken)
        scope = try values.decodeIfPresent(String.self, forKey: .scope)
        // Old sign-in hosts write the number as text.
        let text = try? values.decode(String.self, forKey: .expiresIn)
        expiresIn = text.flatMap(Double.init) ?? (try? values.decode(Double.self, forKey: .expiresIn)) ?? 3_600
    }
}

/// The sign-in host's error body.
struct GraphOAuthProblem: Sendable {
    var error: String?
    /// What it says in words, with a number first: `AADSTS53003: Access has been blocked … Trace ID: …`.
    var description: String?
    /// The number by which the provider's own pages explain it, where the words do not begin with it.
    var number: String?

    /// The number and the first sentence of what it says, on one line: what an administrator needs to look it up.
    var reason: String? {
        let line = (description ?? "").split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        var words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for end in [" Trace ID:", " Correlation ID:", " Timestamp:"] {
            if let range = words.firstRange(of: end) { words = String(words[..<range.lowerBound]) }
        }
        // A full stop within a name or a number ends no sentence.
        if let range = words.firstRange(of: ". ") { words = String(words[..<range.lowerBound]) + "." }
        if words.count > 300 { words = String(words.prefix(299)) + "…" }
        let isNumbered = words.contains("AADSTS")
        if let number, !isNumbered { words = words.isEmpty ? "AADSTS\(number)" : "AADSTS\(number): \(words)" }
        guard isNumbered || number != nil else { return nil }
        return words.last.map { ".…!?".contains($0) } ?? true ? words : words + "."
    }

    /// The provider's number alone.
    var code: Int? {
        if let range = description?.firstRange(of: "AADSTS"), let text = description?[range.upperBound...] {
            return Int(text.prefix(while: \.isWholeNumber))
        }
        return number.flatMap { Int($0) }
    }
}

extension GraphOAuthProblem: Decodable {
    private enum CodingKeys: String, CodingKey {
        case error
        case description = "error_description"
        case numbers = "error_codes"
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        error = box.word(.error)
        description = box.word(.description)
        number = box.ifReadable(Lossy<GraphWord>.self, .numbers)?.elements.first?.text
    }
}

/// What is kept of a sign-in between runs.
struct GraphKeptSignIn: Codable, Sendable {
    var access: String
    var refresh: String?
    /// When the access token ends, in seconds since 1970 by our clock.
    var expires: Double
    var scope: String?
}

/// What a token says of itself, where it is a JSON web token. Graph's own are not promised to be.
struct GraphClaims: Decodable, Sendable {
    var oid: String?
    var appid: String?
    var idtyp: String?
    var name: String?
    var upn: String?
    var email: String?

    /// By what else than the id the account can be told.
    var addresses: Set<String> { Set([upn, email].compactMap { $0?.lowercased() }) }

    /// Reads the middle part of a token.
    init?(token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: String(text)),
            let claims = try? JSONDecoder().decode(GraphClaims.self, from: data)
        else { return nil }
        self = claims
    }
}
