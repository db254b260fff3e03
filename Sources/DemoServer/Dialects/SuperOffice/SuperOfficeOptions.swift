// SPDX-License-Identifier: MIT

/// What differs between installations of SuperOffice, or is written down nowhere.
public struct SuperOfficeOptions: Sendable {
    /// Which document archive there is.
    public enum Archive: Sendable {
        /// Refuses politely, with status 200 and a message.
        case polite
        /// The standard archive: fails with an exception where something is in the way, undoes what is free, and does
        /// not look who asks.
        case standard
        /// Can't lock, and says yes to everything.
        case agreeable
        /// Can't lock, and says no without a reason.
        case silent
    }

    /// Who may end another's check-out.
    public enum Force: Sendable {
        /// Whoever has the right `admin-all`.
        case administrators
        /// Nobody.
        case nobody
        /// The server says that it was done, and nothing happens.
        case ignored
    }

    /// What the state of a document that is not there reads like.
    public enum Missing: Sendable {
        /// Status 404.
        case notFound
        /// Status 500.
        case failure
        /// That of a free one.
        case free
    }

    /// A step that the archive wants in the place of a plain answer.
    public struct Step: Sendable {
        /// `Message`, `SoProtocol`, `CustomGui`, `Other`, `URL`, or any other word.
        public var type: String
        /// What goes with it.
        public var value: String?
        /// More of it.
        public var more: String?
        /// What `Success` says.
        public var isSuccess: Bool
        /// Whether the change is made all the same.
        public var isDone: Bool

        /// A step.
        public init(_ type: String, _ value: String?, more: String? = nil, isSuccess: Bool, isDone: Bool) {
            self.type = type
            self.value = value
            self.more = more
            self.isSuccess = isSuccess
            self.isDone = isDone
        }
    }

    /// The document archive.
    public var archive = Archive.polite
    /// Who may end another's check-out.
    public var force = Force.administrators
    /// What the state of a missing document reads like.
    public var missing = Missing.notFound
    /// The status that comes with a lack of rights: 403 or 500.
    public var sentryStatus = 403
    /// Whether holders are named by their number only.
    public var hidesNames = false
    /// Whether a search without a condition gives nothing.
    public var needsFilter = false
    /// The step that every change ends in.
    public var step: Step?
    /// The tenant that the server also is, as in SuperOffice Online.
    public var tenant = "Cust12345"
    /// What names the application there.
    public var appToken = "demo-app-token"
    /// Seconds without use after which a ticket ends.
    public var ticketLifetime = 21_600.0
    /// Seconds for which the tenant's address is said to hold.
    public var addressLifetime = 3600.0

    /// A polite archive that administrators may force.
    public init() {}
}
