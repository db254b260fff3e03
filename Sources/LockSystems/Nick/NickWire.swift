// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

/// A value that Nick stores as it was sent, unchecked (nick.md section 5.1).
enum NickValue: Decodable, Hashable {
    case flag(Bool)
    case number(Double)
    case text(String)
    case list
    case other

    init(from decoder: any Decoder) throws {
        let box = try decoder.singleValueContainer()
        if let flag = try? box.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? box.decode(Double.self) {
            self = .number(number)
        } else if let text = try? box.decode(String.self) {
            self = .text(text)
        } else if (try? decoder.unkeyedContainer()) != nil {
            self = .list
        } else {
            self = .other
        }
    }
}

/// The lock object of `@lock` and of content. Of a free item only `locked` and `stealable` are there.
struct NickLock: Decodable {
    var locked: Bool
    @IfReadable var stealable: NickValue?
    @IfReadable var creator: String?
    @IfReadable var creatorName: String?
    /// When it was made or last refreshed, as text; `time` is the same moment.
    @IfReadable var created: String?
    @IfReadable var time: NickValue?
    @IfReadable var timeout: NickValue?
    /// Another one after each refresh.
    @IfReadable var token: String?

    enum CodingKeys: String, CodingKey {
        case locked, stealable, creator, created, time, timeout, token
        case creatorName = "creator_name"
    }
}

/// A document with its lock; its direct children come along, whole, in `items`.
struct NickContent: Decodable {
    var address: String?
    var type: String?
    var id: String?
    var title: String?
    var modified: String?
    var lock: NickLock?
    /// What is wrong with the lock, as a sentence.
    var lockFault: String?
    var items: [NickContent]
    /// Why other children can't be read: without a name they can't be shown either.
    var failures: [MalformedAnswer]

    enum CodingKeys: String, CodingKey {
        case address = "@id"
        case type = "@type"
        case id, title, modified, lock, items
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = box.ifReadable(String.self, .id)
        // Something it must be told apart by: the address, or its name in the folder.
        address = id == nil ? try box.decode(String.self, forKey: .address) : box.ifReadable(String.self, .address)
        type = box.ifReadable(String.self, .type)
        title = box.ifReadable(String.self, .title)
        modified = box.ifReadable(String.self, .modified)
        let told = box.ifReadable(Told<NickLock>.self, .lock)
        (lock, lockFault) = (told?.value, told?.fault)
        let children = box.ifReadable(Lossy<NickContent>.self, .items)
        items = children?.elements ?? []
        failures = children?.failures ?? []
    }

    /// Its name in its folder.
    var name: String? {
        if let id, !id.isEmpty { return id }
        return address.flatMap(NickPath.of(address:))?.split(separator: "/").last.map(String.init)
    }
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

        init(from decoder: any Decoder) throws {
            let box = try decoder.container(keyedBy: CodingKeys.self)
            path = box.ifReadable(String.self, .path)
            // Without a path the address has to do.
            address = path == nil ? try box.decode(String.self, forKey: .address) : ""
            type = box.ifReadable(String.self, .type)
        }
    }
    var items: Lossy<Hit>
}

/// The answer of `@login` and `@login-renew`.
struct NickToken: Decodable {
    var token: String
}

/// The answer of `@users/<id>`.
struct NickUser: Decodable {
    private enum CodingKeys: String, CodingKey { case id, fullname }

    var id: String
    @IfReadable var fullname: String?
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
struct NickClaims: TokenClaims {
    var sub: String
    var exp: Double?
    var fullname: String?
}
