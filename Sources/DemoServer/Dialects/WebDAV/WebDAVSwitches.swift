// SPDX-License-Identifier: MIT

/// What differs between one WebDAV server and another (webdav.md section 18).
public struct WebDAVSwitches: Sendable {
    /// Who may end a lock with its token.
    public enum Force: Sendable {
        /// Whoever may write, as with sabre/dav.
        case token
        /// The holder alone, as with Apache and WsgiDAV.
        case holder
    }

    /// How a folder's lock shows on what lies below.
    public enum Inherited: Sendable {
        /// With the place that it comes from.
        case shown
        /// Without that, as with Apache.
        case bare
        /// Not at all, as with WsgiDAV.
        case hidden
    }

    /// Who may end a lock with its token.
    public var force = Force.token
    /// How a folder's lock shows on what lies below.
    public var inherited = Inherited.shown
    /// Whether locks are told at all.
    public var discloses = true
    /// Whether the time that is left is told, and not the whole.
    public var countsDown = true
    /// Whether the token of a lock is shown.
    public var showsTokens = true
    /// Whether every lock is granted, and none is made.
    public var pretends = false
    /// Whether conditions on what is there are looked at.
    public var heedsConditions = true
    /// Whether there are locks at all.
    public var hasLocks = true
    /// For how many seconds a lock holds that asks for no time.
    public var usualTimeout = 3600
    /// Whether it is a Subversion repository.
    public var isSubversion = false
    /// What a hook of the repository says, which forbids every lock and every unlock; `nil`: there is none.
    public var hook: String?
    /// Whether it is a Nextcloud with its app for locking files.
    public var isNextcloud = false
    /// There: the editor in which people have open what a program holds; `nil`: it is held by a program's token.
    public var editor: String?

    /// As the standard says.
    public init() {}
}
