// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

/// A content object as Plone sends it, whole or as a summary. Everything but `@id` may be missing or odd: add-ons write
/// serializers of their own, and older versions know less.
struct PloneContent: Decodable {
    var address: String
    @IfReadable var type: String? = nil
    @IfReadable var title: String? = nil
    @IfReadable var modified: String? = nil
    @IfReadable var workingCopy: PloneCopy? = nil
    @IfReadable var workingCopyOf: PloneCopy? = nil
    @IfReadable private var told: Told<PloneLock>? = nil

    /// What it says of its lock; `nil` where it says nothing: summaries, and all of plone.restapi before 8.9.
    var lock: PloneLock? {
        get { told?.value }
        set { told = newValue.map { Told(value: $0) } }
    }
    /// What is wrong with the lock, as a sentence.
    var lockFault: String? { told?.fault }

    enum CodingKeys: String, CodingKey {
        case address = "@id"
        case type = "@type"
        case title, modified
        case told = "lock"
        case workingCopy = "working_copy"
        case workingCopyOf = "working_copy_of"
    }

    init(address: String, lock: PloneLock? = nil) {
        self.address = address
        self.lock = lock
    }
}

/// The other side of a check-out.
struct PloneCopy: Decodable {
    var address: String
    @IfReadable var created: String?
    @IfReadable var creatorName: String?
    @IfReadable var creatorURL: String?

    enum CodingKeys: String, CodingKey {
        case address = "@id"
        case created
        case creatorName = "creator_name"
        case creatorURL = "creator_url"
    }
}

/// The lock object of `@lock` and of full content. `{}`: the type can't be locked. Only whether it is locked has to be told; what
/// else is odd is not known.
struct PloneLock: Decodable {
    var locked: Bool?
    @IfReadable var stealable: Bool?
    @IfReadable var creator: String?
    @IfReadable var creatorName: String?
    /// Unix seconds of the creation or of the last refresh; `created` is the same instant as text.
    @IfReadable var time: Double?
    @IfReadable var timeout: Double?
    @IfReadable var token: String?
    /// `plone.locking.stealable`, `iterate.lock`; missing for a lock made over WebDAV.
    @IfThere var name: String?

    enum CodingKeys: String, CodingKey {
        case locked, stealable, creator, time, timeout, token, name
        case creatorName = "creator_name"
    }
}

/// A name that can't be read is one all the same: only locks made over WebDAV have none.
@propertyWrapper
struct IfThere: Decodable {
    var wrappedValue: String?

    init(wrappedValue: String?) { self.wrappedValue = wrappedValue }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        wrappedValue = value.decodeNil() ? nil : (try? value.decode(String.self)) ?? ""
    }
}

extension KeyedDecodingContainer {
    /// What the compiler's own reading of an object asks for such a field.
    func decode(_ type: IfThere.Type, forKey key: Key) throws -> IfThere {
        try decodeIfPresent(type, forKey: key) ?? IfThere(wrappedValue: nil)
    }
}

/// A page of `@search`.
struct PloneSearch: Decodable {
    var address: String
    var items: [PloneContent]
    /// Why other items can't be read: without an address they can't even be named.
    var failures: [MalformedAnswer]
    /// `nil` where it is not told.
    var total: Int?

    /// How many objects it names, read or not.
    var count: Int { items.count + failures.count }

    enum CodingKeys: String, CodingKey {
        case address = "@id"
        case items
        case total = "items_total"
    }

    init(from decoder: any Decoder) throws {
        // A search for no word at all is answered by an empty array.
        if let list = try? decoder.unkeyedContainer(), list.isAtEnd {
            (address, items, failures, total) = ("", [], [], 0)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        address = container.ifReadable(String.self, .address) ?? ""
        let list = try container.decode(Lossy<PloneContent>.self, forKey: .items)
        (items, failures) = (list.elements, list.failures)
        total = container.ifReadable(Int.self, .total)
    }
}

/// The answer of `@login` and `@login-renew`.
struct PloneToken: Decodable {
    var token: String
}

/// Any of Plone's error shapes: `{"type","message"}`, `{"error":{"type","message"}}`, `{"error_type"}`.
struct PloneProblem: Decodable {
    struct Inner: Decodable {
        @IfReadable var type: String?
        @IfReadable var message: String?
    }
    @IfReadable var type: String?
    @IfReadable var message: String?
    @IfReadable var error: Inner?
    @IfReadable var errorType: String?

    enum CodingKeys: String, CodingKey {
        case type, message, error
        case errorType = "error_type"
    }

    var kind: String { error?.type ?? type ?? errorType ?? "" }
    var text: String { error?.message ?? message ?? "" }
}

/// What a JSON web token says of itself. Its signature is the server's business.
struct PloneClaims: TokenClaims {
    var sub: String
    var exp: Double?
    var fullname: String?
}
