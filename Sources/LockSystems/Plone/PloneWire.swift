// SPDX-License-Identifier: MIT
import FoundationEssentials

/// A content object as Plone sends it, whole or as a summary. Everything but `@id` may be missing.
struct PloneContent: Decodable {
    var address: String
    var type: String?
    var title: String?
    var modified: String?
    var lock: PloneLock?
    var workingCopy: PloneCopy?
    var workingCopyOf: PloneCopy?

    enum CodingKeys: String, CodingKey {
        case address = "@id"
        case type = "@type"
        case title, modified, lock
        case workingCopy = "working_copy"
        case workingCopyOf = "working_copy_of"
    }
}

/// The other side of a check-out.
struct PloneCopy: Decodable {
    var address: String
    var created: String?
    var creatorName: String?
    var creatorURL: String?

    enum CodingKeys: String, CodingKey {
        case address = "@id"
        case created
        case creatorName = "creator_name"
        case creatorURL = "creator_url"
    }
}

/// The lock object of `@lock` and of full content. `{}`: the type can't be locked.
struct PloneLock: Decodable {
    var locked: Bool?
    var stealable: Bool?
    var creator: String?
    var creatorName: String?
    /// Unix seconds of the creation or of the last refresh; `created` is the same instant as text.
    var time: Double?
    var timeout: Double?
    var token: String?
    /// `plone.locking.stealable`, `iterate.lock`; missing for a lock made over WebDAV.
    var name: String?

    enum CodingKeys: String, CodingKey {
        case locked, stealable, creator, time, timeout, token, name
        case creatorName = "creator_name"
    }
}

/// A page of `@search`.
struct PloneSearch: Decodable {
    var address: String
    var items: [PloneContent]
    var total: Int

    enum CodingKeys: String, CodingKey {
        case address = "@id"
        case items
        case total = "items_total"
    }

    init(from decoder: any Decoder) throws {
        // A search for no word at all is answered by an empty array.
        if let list = try? decoder.unkeyedContainer(), list.isAtEnd {
            (address, items, total) = ("", [], 0)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        address = try container.decode(String.self, forKey: .address)
        items = try container.decode([PloneContent].self, forKey: .items)
        total = try container.decode(Int.self, forKey: .total)
    }
}

/// The answer of `@login` and `@login-renew`.
struct PloneToken: Decodable {
    var token: String
}

/// Any of Plone's error shapes: `{"type","message"}`, `{"error":{"type","message"}}`, `{"error_type"}`.
struct PloneProblem: Decodable {
    struct Inner: Decodable {
        var type: String?
        var message: String?
    }
    var type: String?
    var message: String?
    var error: Inner?
    var errorType: String?

    enum CodingKeys: String, CodingKey {
        case type, message, error
        case errorType = "error_type"
    }

    var kind: String { error?.type ?? type ?? errorType ?? "" }
    var text: String { error?.message ?? message ?? "" }
}

/// What a JSON web token says of itself. Its signature is the server's business.
struct PloneClaims: Decodable {
    var sub: String
    var exp: Double?
    var fullname: String?

    /// Reads the middle part of a token.
    init?(token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: String(text)),
            let claims = try? JSONDecoder().decode(PloneClaims.self, from: data)
        else { return nil }
        self = claims
    }
}
