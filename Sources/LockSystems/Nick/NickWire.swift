// SPDX-License-Identifier: MIT
import FoundationEssentials

/// A value that Nick stores as it was sent, unchecked (nick.md section 5.1).
enum NickValue: Decodable, Hashable {
    case flag(Bool)
    case number(Double)
    case text(String)
    case other

    init(from decoder: any Decoder) throws {
        let box = try decoder.singleValueContainer()
        if let flag = try? box.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? box.decode(Double.self) {
            self = .number(number)
        } else if let text = try? box.decode(String.self) {
            self = .text(text)
        } else {
            self = .other
        }
    }
}

/// The lock object of `@lock` and of content. Of a free item only `locked` and `stealable` are there.
struct NickLock: Decodable {
    var locked: Bool
    var stealable: NickValue?
    var creator: String?
    var creatorName: String?
    /// When it was made or last refreshed, as text; `time` is the same moment.
    var created: String?
    var time: NickValue?
    var timeout: NickValue?
    /// Another one after each refresh.
    var token: String?

    enum CodingKeys: String, CodingKey {
        case locked, stealable, creator, created, time, timeout, token
        case creatorName = "creator_name"
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        locked = try box.decode(Bool.self, forKey: .locked)
        stealable = try? box.decodeIfPresent(NickValue.self, forKey: .stealable)
        creator = try? box.decodeIfPresent(String.self, forKey: .creator)
        creatorName = try? box.decodeIfPresent(String.self, forKey: .creatorName)
        created = try? box.decodeIfPresent(String.self, forKey: .created)
        time = try? box.decodeIfPresent(NickValue.self, forKey: .time)
        timeout = try? box.decodeIfPresent(NickValue.self, forKey: .timeout)
        token = try? box.decodeIfPresent(String.self, forKey: .token)
    }
}

/// A document with its lock; its direct children come along, whole, in `items`.
struct NickContent: Decodable {
    var address: String
    var type: String?
    var id: String?
    var title: String?
    var modified: String?
    var lock: NickLock?
    var items: [NickContent]

    enum CodingKeys: String, CodingKey {
        case address = "@id"
        case type = "@type"
        case id, title, modified, lock, items
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        address = try box.decode(String.self, forKey: .address)
        type = try? box.decodeIfPresent(String.self, forKey: .type)
        id = try? box.decodeIfPresent(String.self, forKey: .id)
        title = try? box.decodeIfPresent(String.self, forKey: .title)
        modified = try? box.decodeIfPresent(String.self, forKey: .modified)
        lock = try? box.decodeIfPresent(NickLock.self, forKey: .lock)
        // One child that makes no sense must not hide the others.
        let children = (try? box.decodeIfPresent([NickChild].self, forKey: .items)) ?? []
        items = children.compactMap(\.content)
    }

    /// Its name in its folder.
    var name: String? {
        if let id, !id.isEmpty { return id }
        return NickPath.of(address: address)?.split(separator: "/").last.map(String.init)
    }
}

private struct NickChild: Decodable {
    var content: NickContent?
    init(from decoder: any Decoder) throws { content = try? NickContent(from: decoder) }
}

/// A page of `@search`. Its `items_total` is the length of the page, and there is no `batching`.
struct NickSearch: Decodable {
    struct Hit: Decodable {
        var address: String
        var path: String?
        var type: String?

        enum CodingKeys: String, CodingKey {
            case address = "@id"
            case type = "@type"
            case path
        }
    }
    var items: [Hit]
}

/// The answer of `@login` and `@login-renew`.
struct NickToken: Decodable {
    var token: String
}

/// The answer of `@users/<id>`.
struct NickUser: Decodable {
    var id: String
    var fullname: String?
}

/// Nick's three shapes of error: `{"error": {"type", "message"}}`, `{"error": "text"}`, `{"message": "text"}`.
///
/// The shape tells a lock conflict (the first) from a missing sign-in (the last); the texts are translated.
struct NickProblem: Decodable {
    enum Shape: Hashable {
        case refusal(message: String)
        case missing(String)
        case plain(String)
    }
    private struct Inner: Decodable {
        var message: String?
    }
    private enum CodingKeys: String, CodingKey { case error, message }

    let shape: Shape

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        if let inner = try? box.decode(Inner.self, forKey: .error) {
            shape = .refusal(message: inner.message ?? "")
        } else if let text = try? box.decode(String.self, forKey: .error) {
            shape = .missing(text)
        } else {
            shape = .plain(try box.decode(String.self, forKey: .message))
        }
    }
}

/// What a JSON web token says of itself. Its signature is the server's business.
struct NickClaims: Decodable {
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
            let claims = try? JSONDecoder().decode(NickClaims.self, from: data)
        else { return nil }
        self = claims
    }
}
