// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// A drive that is listed.
struct GraphDrive: Hashable, Sendable {
    let id: String
    /// The first level of its items' paths: the drive's name, made different where two have the same.
    let name: String
    let webURL: String?
    /// Whether it is a person's own OneDrive outside any organisation: these have no check-out.
    let isPersonal: Bool

    /// The address of the drive below the version.
    var path: String { GraphSite.path("drives", id) }

    /// The address of one of its items below the version: the only form that every operation has.
    func path(of item: String) -> String { path + GraphSite.path("items", item) }
}

/// The drives that the configuration names, found once (msgraph.md section 3).
actor GraphDrives {
    private let site: GraphSite
    private var found: Found?
    private var guests: [String: GraphDrive] = [:]
    private let finding = SingleFlight<Found>()

    /// What became of the configuration's words.
    private struct Found {
        var drives: [GraphDrive] = []
        /// The first of those that could not be had, and why.
        var lacks: LockError?
    }

    init(site: GraphSite) { self.site = site }

    private static let selection = "?$select=id,name,driveType,webUrl,owner"

    /// All configured drives, in the order of the configuration, each once. What is refused leaves the others.
    func all() async throws -> [GraphDrive] {
        if let found { return found.drives }
        return try await find().drives
    }

    /// Asks once more for what could not be had the last time, before a listing begins.
    /// - Returns: why one of the configured drives is left out; `nil` where none is.
    func again() async throws -> LockError? {
        if let found, found.lacks == nil { return nil }
        return try await find().lacks
    }

    private func find() async throws -> Found {
        let words = site.profile.options.drives
        let fresh = try await finding.run { [site] in try await Self.resolve(words.isEmpty ? ["me"] : words, on: site) }
        found = fresh
        return fresh
    }

    /// The drive of that id, also when the configuration does not name it.
    func drive(_ id: String) async throws -> GraphDrive {
        let key = GraphID.drive(id)
        if let known = try await all().first(where: { GraphID.drive($0.id) == key }) ?? guests[key] { return known }
        let facts = try await site.get(
            GraphSite.path("drives", id) + Self.selection, "the drive \(id)", as: GraphDriveFacts.self)
        let drive = Self.drive(facts, named: facts.name ?? id)
        guests[key] = drive
        return drive
    }

    private static func resolve(_ words: [String], on site: GraphSite) async throws -> Found {
        var facts: [GraphDriveFacts] = []
        var lacks: LockError?
        for word in words {
            do {
                for drive in try await drives(word, on: site)
                where !facts.contains(where: { GraphID.drive($0.id) == GraphID.drive(drive.id) }) {
                    facts.append(drive)
                }
            } catch let error as LockError where error.isAboutOne {
                lacks = lacks ?? error
            }
        }
        if facts.isEmpty, let lacks { throw lacks }
        return Found(drives: named(facts), lacks: lacks)
    }

    private static func named(_ facts: [GraphDriveFacts]) -> [GraphDrive] {
        var taken: Set<String> = []
        return facts.map { drive in
            let name = drive.name ?? drive.id
            let isAlone = facts.count { $0.name == drive.name } == 1
            let owner = drive.owner?.user?.displayName ?? drive.owner?.siteUser?.displayName
            let wished = isAlone ? name : owner.map { "\(name) (\($0))" } ?? name
            var unique = wished
            var number = 2
            while !taken.insert(unique).inserted {
                unique = "\(wished) \(number)"
                number += 1
            }
            return Self.drive(drive, named: unique)
        }
    }

    private static func drive(_ facts: GraphDriveFacts, named name: String) -> GraphDrive {
        GraphDrive(
            id: facts.id, name: name.replacing("/", with: "∕"), webURL: facts.webUrl,
            isPersonal: facts.driveType == "personal")
    }

    private static func drives(_ word: String, on site: GraphSite) async throws -> [GraphDriveFacts] {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts.count > 1 ? parts[1] : ""
        func one(_ path: String) async throws -> [GraphDriveFacts] {
            [try await site.get(path + selection, "the drive \(word)", as: GraphDriveFacts.self)]
        }
        switch (parts[0], value.isEmpty) {
        case ("me", true):
            guard await !site.session.isApplication else {
                throw LockError(
                    .unsupported, "\(site.profile.name): an application has no drive of its own, so “me” names none.",
                    advice: "Name drives: site:HOST:/path, group:ID, user:UPN or drive:ID.")
            }
            return try await one("/me/drive")
        case ("user", false): return try await one(GraphSite.path("users", value, "drive"))
        case ("group", false): return try await one(GraphSite.path("groups", value, "drive"))
        case ("drive", false): return try await one(GraphSite.path("drives", value))
        case ("site", false):
            let id = try await siteID(value, on: site)
            return try await pages(GraphSite.path("sites", id, "drives") + selection, word, on: site)
        default:
            throw LockError(
                .unsupported, "\(site.profile.name): “\(word)” names no drive.",
                advice: "There is: me, site:HOST:/path, group:ID, user:UPN and drive:ID.")
        }
    }

    // `host:/sites/x`; a host alone is its root site; `host,guid,guid` is an id already.
    private static func siteID(_ value: String, on site: GraphSite) async throws -> String {
        if value.contains(",") { return value }
        let parts = value.split(separator: ":", maxSplits: 1)
        var path = GraphSite.path("sites", String(parts.first ?? ""))
        if parts.count > 1 {
            path += ":" + parts[1].split(separator: "/").map { GraphSite.path(String($0)) }.joined()
        }
        return try await site.get(path + "?$select=id", "the site \(value)", as: GraphReference.self).id
    }

    private static func pages(_ path: String, _ word: String, on site: GraphSite) async throws -> [GraphDriveFacts] {
        try await site.all(path, "the drives of \(word)", of: GraphDriveFacts.self)
    }
}
