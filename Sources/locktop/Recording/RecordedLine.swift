// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// One line of a recording: what servers told, when. It has no place for a token or a password, so none can be in it.
struct RecordedLine: Codable {
    /// The form that this program writes, and the newest that it reads.
    static let version = 2

    var version = Self.version
    var at: Moment
    var event: RecordedEvent
}

/// What a line tells: exactly one of these.
struct RecordedEvent: Codable {
    /// The first line: what is watched.
    var begin: RecordedBeginning?
    /// A server was read.
    var update: RecordedUpdate?
    /// From here on the rows were looked at so.
    var look: RecordedLook?
    /// An operation, or a wait, has ended.
    var ended: RecordedResult?
    /// The last line of a recording that was ended, and not cut.
    var end: RecordedEnd?

    /// Their names, each of which the manual explains.
    enum CodingKeys: String, CodingKey, CaseIterable { case begin, update, look, ended, end }
}

/// What is known before any server answers.
struct RecordedBeginning: Codable {
    /// The program that wrote it.
    var locktop: String
    var servers: [RecordedServer]
    var staleAfter: Double
    var departed: [String]
    /// The saved views, in their order.
    var views: [RecordedView]?
}

/// A saved view.
struct RecordedView: Codable {
    var name: String
    var filter: String
}

/// How the rows were looked at.
struct RecordedLook: Codable, Hashable {
    var view: String
    /// Left out where people are not to be named: a filter may name them.
    var filter: String?
    var sort: String
    var descending: Bool
    var group: String?
    var columns: [String]?
    var strip: Bool
}

/// The end: nothing is told of it but its time.
struct RecordedEnd: Codable {}

/// A server's configuration, as far as it shows.
struct RecordedServer: Codable {
    var name: String
    var kind: String
    var url: String
    var readOnly: Bool
    var protected: Bool
    var insecurity: String?
    var color: String?
    var poll: Double
    var ownPoll: Bool
    var floor: Double
    var budget: Double
}

/// What changed on a server since the line before.
struct RecordedUpdate: Codable {
    var server: String
    /// Rows that changed, each with its number.
    var rows: [RecordedRow]?
    /// The ids of items that are gone.
    var gone: [String]?
    /// When rows were read that stayed as they were.
    var read: [RecordedReads]?
    var events: [RecordedChange]?
    var status: RecordedStatus
}

/// So many rows from this number on were read at this time, and were as they had been.
struct RecordedReads: Codable {
    var from: UInt32
    var count: UInt32
    var at: Moment?
}

/// A row.
struct RecordedRow: Codable {
    var number: UInt32
    var id: String
    /// Left out where it is the id.
    var path: String?
    var title: String
    var type: String
    var modified: Moment?
    var isLockable: Bool?
    var workingCopyOf: String?
    var state: String
    var observedAt: Moment?
    var error: String?
    var locks: [RecordedLock]?
}

/// A lock, without its token.
struct RecordedLock: Codable {
    var kind: String
    var holder: RecordedHolder
    var since: Moment?
    var sinceIs: String
    var expires: Moment?
    var timeout: Int?
    var stealable: Bool?
    var comment: String?
    var identity: String
    var tokenKnown: Bool
    var through: String?
    var isTree: Bool?
    var origin: UInt8?
    var notes: [String]?
}

/// A holder.
struct RecordedHolder: Codable {
    var id: String?
    var name: String?
    var ownership: UInt8
}

/// An event of a lock.
struct RecordedChange: Codable {
    var seq: Int64?
    var at: Moment
    var id: String
    var path: String?
    var title: String
    var kind: String
    var by: RecordedHolder?
    var before: RecordedLock?
    var after: RecordedLock?
    var isOurs: Bool
    var text: String
}

/// How an operation ended.
struct RecordedResult: Codable {
    var server: String
    var id: String
    var path: String
    var operation: String
    var outcome: String
    var reason: String?
    var why: String
    var before: RecordedLock?
    var after: RecordedLock?
}

/// How a watch stands.
struct RecordedStatus: Codable {
    var phase: String
    var read: Int?
    var total: Int?
    var error: RecordedError?
    var nextTry: Moment?
    /// Left out where it is as in the line before.
    var signIn: RecordedSignIn?
    var readAt: Moment?
    var roundTrip: Double?
    var requests: Int
    var failures: Int
    var isCut: Bool?
    var isPaused: Bool?
    var poll: Double
    var lacks: RecordedError?
    var waits: [String]?
    var kept: [String]?
}

/// Who we are there, and what can be done.
struct RecordedSignIn: Codable, Hashable {
    var account: RecordedAccount?
    var operations: [String: RecordedOffer]
}

/// An account.
struct RecordedAccount: Codable, Hashable {
    var id: String?
    var name: String?
}

/// Whether an operation is offered, and why not.
struct RecordedOffer: Codable, Hashable {
    var offered: Bool
    var why: String?
}

/// Why a server could not be read.
struct RecordedError: Codable {
    var code: String
    var message: String
    var advice: String?
}

/// A time, to the microsecond, as RFC 3339 has it.
struct Moment: Codable, Hashable {
    let date: Date

    init(_ date: Date) { self.date = date }

    init?(_ date: Date?) {
        guard let date else { return nil }
        self.date = date
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let date = RFC3339.date(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "This is no time.")
        }
        self.date = date
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    private var text: String {
        // The years 0001 to 9999, which is what such a text can have.
        let seconds = min(max(date.timeIntervalSince1970, -62_135_596_800), 253_402_300_799)
        let micros = Int((seconds * 1e6).rounded())
        let whole = micros >= 0 ? micros / 1_000_000 : (micros - 999_999) / 1_000_000
        let digits = String(micros - whole * 1_000_000)
        let fraction = String(repeating: "0", count: 6 - digits.count) + digits
        return RFC3339.text(secondsSince1970: whole).dropLast() + "." + fraction + "Z"
    }
}
