// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// The servers of a recording, as they were at one of its lines.
struct RecordedSite {
    private struct Place {
        var catalog = Catalog()
        var status = ServerStatus(operations: .none("Not signed in yet."))
        /// Which row a number stands for.
        var numbers: [UInt32: Catalog.ID] = [:]

        /// The rows of a run, however many it claims to be.
        func ids(_ run: RecordedReads) -> [Catalog.ID] {
            let range = UInt64(run.from)..<(UInt64(run.from) + UInt64(run.count))
            guard range.count <= numbers.count else {
                return numbers.compactMap { range.contains(UInt64($0.key)) ? $0.value : nil }
            }
            return range.compactMap { numbers[UInt32(truncatingIfNeeded: $0)] }
        }
    }

    private var places: [String: Place] = [:]

    /// A server's rows.
    func catalog(_ server: String) -> Catalog { places[server]?.catalog ?? Catalog() }

    /// How a server's watch stood.
    func status(_ server: String) -> ServerStatus? { places[server]?.status }

    /// Applies a line.
    /// - Returns: what it told then.
    mutating func take(_ told: RecordedUpdate) -> ServerUpdate {
        var place = places.removeValue(forKey: told.server) ?? Place()
        var changed: Set<Catalog.ID> = []
        for item in told.gone ?? [] { if let gone = place.catalog.remove(item) { changed.insert(gone.id) } }
        for recorded in told.rows ?? [] {
            let id = place.catalog.put(recorded.row)
            place.numbers[recorded.number] = id
            changed.insert(id)
        }
        for run in told.read ?? [] {
            for id in place.ids(run) where place.catalog.isThere(id) { place.catalog.observe(id, at: run.at?.date) }
        }
        place.status = told.status.status(after: place.status)
        places[told.server] = place
        return ServerUpdate(
            server: told.server, catalog: place.catalog, changed: changed,
            events: (told.events ?? []).compactMap { $0.event(on: told.server) }, status: place.status)
    }
}
