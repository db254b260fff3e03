// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// The library's own list as a second witness (msgraph.md sections 5.3 and 6): in some tenants the facet has shown only
/// one's own check-outs. Once for each drive the two are compared; where they differ, the list is believed.
actor GraphColumn {
    /// What the list says of a file.
    enum Entry: Hashable, Sendable {
        /// Nobody has it checked out.
        case free
        /// Somebody has, perhaps with a name.
        case held(String?)
        /// The list is needed and did not tell.
        case untold
    }

    private struct Library {
        let siteID: String
        let listID: String
        /// The number of the holder by the number of the entry.
        var holders: [String: String] = [:]
    }

    private let site: GraphSite
    /// Only of drives whose list is believed.
    private var libraries: [String: Library] = [:]
    private var asked: Set<String> = []
    private var names: [String: String] = [:]

    init(site: GraphSite) { self.site = site }

    /// Whether the facet of a drive has proved to hide check-outs of others.
    func isBelieved(_ drive: GraphDrive) -> Bool { libraries[drive.id] != nil }

    /// Reads the list of a drive: the first time to compare, later only where it is believed. A list that can't be read
    /// proves nothing.
    func consult(_ drive: GraphDrive) async {
        guard !drive.isPersonal else { return }
        if let library = libraries[drive.id] {
            if let holders = try? await holders(in: library) { libraries[drive.id]?.holders = holders }
            return
        }
        guard asked.insert(drive.id).inserted else { return }
        libraries[drive.id] = try? await contradiction(in: drive)
    }

    /// What the list says of a file; `nil` where the facet is to be believed.
    func entry(_ wire: GraphItem, in drive: GraphDrive) async -> Entry? {
        guard let library = libraries[drive.id] else { return nil }
        if let single = wire.listItem {
            guard let number = single.fields?.checkoutUserLookupId else { return .free }
            return .held(await name(number, in: library))
        }
        guard let key = wire.listItemID else { return .untold }
        guard let number = library.holders[key] else { return .free }
        return .held(await name(number, in: library))
    }

    // The list first, then the facets of what it names, then the list again: somebody may check in meanwhile.
    private func contradiction(in drive: GraphDrive) async throws -> Library? {
        var library = try await library(of: drive)
        let first = try await holders(in: library)
        let numbers = first.keys.sorted().prefix(20)
        guard !numbers.isEmpty else { return nil }
        let list = GraphSite.path("sites", library.siteID, "lists", library.listID, "items")
        let parts = try await site.batch(
            numbers.map { list + GraphSite.path($0, "driveItem") + "?$select=id,publication" }, as: GraphItem.self)
        let hidden = zip(numbers, parts).filter { _, part in
            part?.body?.publication?.isCheckedOut == false
        }
        guard !hidden.isEmpty else { return nil }
        library.holders = try await holders(in: library)
        return hidden.contains { library.holders[$0.0] == first[$0.0] } ? library : nil
    }

    private func library(of drive: GraphDrive) async throws -> Library {
        let list = try await site.get(
            drive.path + "/list?$select=id,parentReference", "the list of \(drive.name)", as: GraphReference.self)
        guard let siteID = list.siteID else {
            throw LockError(.nonsense, "The list of \(drive.name) does not tell its site.")
        }
        return Library(siteID: siteID, listID: list.id)
    }

    private func holders(in library: Library) async throws -> [String: String] {
        let path =
            GraphSite.path("sites", library.siteID, "lists", library.listID, "items")
            + "?$select=id&$expand=fields($select=CheckoutUserLookupId)"
            + "&$filter=fields/CheckoutUserLookupId%20ne%20null&$top=200"
        let entries = try await site.all(
            path, "the list", of: GraphListItem.self,
            headers: ["Prefer": "HonorNonIndexedQueriesWarningMayFailRandomly"])
        return entries.reduce(into: [:]) { holders, entry in
            if let id = entry.id, let number = entry.fields?.checkoutUserLookupId { holders[id] = number }
        }
    }

    private func name(_ number: String, in library: Library) async -> String? {
        let key = "\(library.siteID) \(number)"
        if let known = names[key] { return known }
        let path =
            GraphSite.path("sites", library.siteID, "lists", "User Information List", "items", number)
            + "?$expand=fields($select=Title)"
        let entry = try? await site.get(path, "the holder", as: GraphListItem.self)
        if let name = entry?.fields?.title { names[key] = name }
        return entry?.fields?.title
    }
}
