// SPDX-License-Identifier: MIT
import FoundationEssentials

/// A file or folder as Graph sends it. Facets are there only when they were selected.
struct GraphItem: Decodable, Sendable {
    /// Something whose presence alone says what it is.
    struct Facet: Decodable, Sendable {}

    /// What a folder says of itself.
    struct Folder: Decodable, Sendable {
        var childCount: Int?
    }

    /// What a file says of itself. One page of the documents puts the beta lock in here.
    struct File: Decodable, Sendable {
        var mimeType: String?
        var lockInfo: GraphLockInfo?
    }

    /// Where it lies.
    struct Parent: Decodable, Sendable {
        var driveId: String?
        var driveType: String?
        var id: String?
        var path: String?
    }

    /// The numbers by which SharePoint's lists know it.
    struct ListNumbers: Decodable, Sendable {
        var listItemId: String?
    }

    var id: String
    var name: String?
    var webUrl: String?
    var lastModifiedDateTime: String?
    var parentReference: Parent?
    var file: File?
    var folder: Folder?
    var deleted: Facet?
    var root: Facet?
    var remoteItem: Facet?
    var publication: GraphPublication?
    var lockInfo: GraphLockInfo?
    var sharepointIds: ListNumbers?
    var listItem: GraphListItem?
}

/// Who has a file checked out.
struct GraphPublication: Decodable, Sendable {
    var level: String?
    var versionId: String?
    var checkedOutBy: GraphIdentitySet?
}

/// The beta's lock.
struct GraphLockInfo: Decodable, Sendable {
    var lockType: String?
    var createdDateTime: String?
    var expirationDateTime: String?
    var owners: [GraphIdentity]?
}

/// Who did something: one of several kinds.
struct GraphIdentitySet: Decodable, Sendable {
    var user: GraphIdentity?
    var application: GraphIdentity?
    var device: GraphIdentity?
    var siteUser: GraphIdentity?
}

/// Somebody or something with a name.
struct GraphIdentity: Decodable, Sendable {
    var id: String?
    var displayName: String?
    var userPrincipalName: String?
    var email: String?
}

/// A page of a collection.
struct GraphPage<Element: Decodable & Sendable>: Decodable, Sendable {
    var value: [Element]
    var nextLink: String?
    var deltaLink: String?

    enum CodingKeys: String, CodingKey {
        case value
        case nextLink = "@odata.nextLink"
        case deltaLink = "@odata.deltaLink"
    }
}

/// A drive: a document library, or somebody's OneDrive.
struct GraphDriveFacts: Decodable, Sendable {
    var id: String
    var name: String?
    var driveType: String?
    var webUrl: String?
    var owner: GraphIdentitySet?
}

/// Anything of which only the id is wanted.
struct GraphReference: Decodable, Sendable {
    /// The site that a list belongs to.
    struct Parent: Decodable, Sendable {
        var siteId: String?
    }
    var id: String
    var parentReference: Parent?
}

/// An entry of the list behind a library.
struct GraphListItem: Decodable, Sendable {
    /// Its columns. The check-out's column is there only while it is checked out.
    struct Fields: Decodable, Sendable {
        var checkoutUserLookupId: String?
        var title: String?

        enum CodingKeys: String, CodingKey {
            case checkoutUserLookupId = "CheckoutUserLookupId"
            case title = "Title"
        }
    }
    var id: String?
    var fields: Fields?
}

/// Who is signed in.
struct GraphMe: Decodable, Sendable {
    var id: String
    var displayName: String?
    var userPrincipalName: String?
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
        var id: String
        var status: Int
        var headers: [String: String]?
        var body: Body?
        var problem: GraphProblem?

        enum CodingKeys: String, CodingKey { case id, status, headers, body }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            id = try values.decode(String.self, forKey: .id)
            status = try values.decode(Int.self, forKey: .status)
            headers = try? values.decodeIfPresent([String: String].self, forKey: .headers)
            if (200..<300).contains(status) {
                body = try values.decodeIfPresent(Body.self, forKey: .body)
            } else {
                problem = try? values.decodeIfPresent(GraphProblem.self, forKey: .body)
            }
        }
    }
    var responses: [Part]
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
struct GraphOAuthProblem: Decodable, Sendable {
    var error: String?
    var description: String?

    enum CodingKeys: String, CodingKey {
        case error
        case description = "error_description"
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
