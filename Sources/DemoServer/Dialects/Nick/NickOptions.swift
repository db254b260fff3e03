// SPDX-License-Identifier: MIT

/// What differs between one Nick and another.
public struct NickOptions: Sendable {
    /// Which version answers.
    public enum Release: String, CaseIterable, Sendable {
        /// Release 2.8.0 of July 2022: no limits, no revoked tokens, and 401 for a missing permission.
        case july2022
        /// The main branch of April 2026.
        case april2026
    }

    /// Which version answers.
    public var release: Release
    /// Whether `DELETE @lock` really ends a lock and heeds `force`, as in spring 2022; otherwise it writes nothing.
    public var deletes: Bool
    /// Whether sign-ins and searches are limited; only the main branch does that.
    public var isLimited: Bool
    /// The prefix in front of every route, `/api`; empty for none. It is missing in every `@id`.
    public var prefix: String
    /// The languages that are switched on: messages are translated into those that this server knows.
    public var languages: Set<String>

    /// Options; every one has a default.
    public init(
        release: Release = .april2026, deletes: Bool = false, isLimited: Bool = true, prefix: String = "",
        languages: Set<String> = ["en", "nl", "sv"]
    ) {
        self.release = release
        self.deletes = deletes
        self.isLimited = isLimited
        self.prefix = prefix
        self.languages = languages
    }
}
