// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP

/// A lock as the server tells it (git-lfs.md section 4). Without an id or a path it can neither be shown nor ended.
struct GitLFSLock: Decodable, Sendable {
    /// The server's own id: any text, or a number.
    var id: String
    /// From the root of the work tree.
    var path: String
    var lockedAt: String?
    /// A login or a name for people; `nil` where the account is gone.
    var owner: String?

    private struct Owner: Decodable { var name: String? }
    private enum CodingKeys: String, CodingKey {
        case id, path, owner
        case lockedAt = "locked_at"
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = try Self.word(box, .id)
        path = try box.decode(String.self, forKey: .path)
        guard !id.isEmpty, !path.isEmpty else {
            throw DecodingError.dataCorruptedError(forKey: id.isEmpty ? .id : .path, in: box, debugDescription: "empty")
        }
        lockedAt = box.ifReadable(String.self, .lockedAt)
        owner = box.ifReadable(Owner.self, .owner)?.name
    }

    private static func word(_ box: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) throws -> String {
        if let number = box.ifReadable(Int64.self, key) { return String(number) }
        return try box.decode(String.self, forKey: key)
    }
}

/// A page of locks, whichever way it was asked for: `locks`, or `ours` and `theirs`.
struct GitLFSPage: Decodable, Sendable {
    /// Locks of whom it is not told whether it is us.
    var locks: [GitLFSLock] = []
    var ours: [GitLFSLock] = []
    var theirs: [GitLFSLock] = []
    /// Why others can't be read.
    var failures: [MalformedAnswer] = []
    /// Where the next page begins; `nil`: there is none.
    var next: String?
    /// Why there is no list, where a server says so with a status of 200.
    var refusal: String?

    private enum CodingKeys: String, CodingKey {
        case locks, ours, theirs, message
        case next = "next_cursor"
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        let lists = [CodingKeys.locks, .ours, .theirs].filter { box.contains($0) }
        guard !lists.isEmpty else {
            throw DecodingError.keyNotFound(
                CodingKeys.locks, .init(codingPath: box.codingPath, debugDescription: "no list"))
        }
        refusal = box.ifReadable(String.self, .message)
        for key in lists {
            // Some servers write no locks as null.
            guard let list = try box.decodeIfPresent(Lossy<GitLFSLock>.self, forKey: key) else { continue }
            refusal = nil
            failures += list.failures
            switch key {
            case .ours: ours = list.elements
            case .theirs: theirs = list.elements
            default: locks = list.elements
            }
        }
        let next = box.ifReadable(String.self, .next) ?? box.ifReadable(Int64.self, .next).map { String($0) }
        self.next = next.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// The answer to a change: the lock, or what was wrong.
struct GitLFSReply: Decodable, Sendable {
    @IfReadable var lock: GitLFSLock?
    @IfReadable var message: String?

    private enum CodingKeys: String, CodingKey { case lock, message }
}

/// What is sent with a request. What is not said is left out.
struct GitLFSQuestion: Encodable, Sendable {
    struct Ref: Encodable, Sendable { var name: String }
    var path: String?
    var cursor: String?
    var limit: Int?
    var force: Bool?
    var ref: Ref?
}
