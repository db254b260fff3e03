// SPDX-License-Identifier: MIT
import Locks
import Watching

/// The item that `--until-free` waits for.
struct Awaited: Sendable {
    let connection: Connection
    private let item: Item

    /// Finds the item, which may have been named by its path and lie outside of what is watched.
    /// - Throws: `Problem`
    static func find(_ target: (connection: Connection, name: String)) async throws -> Awaited {
        do {
            _ = try await target.connection.system.signIn()
            return Awaited(
                connection: target.connection, item: try await target.connection.system.find(target.name).item)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let failure = Performer.lockError(error, server: target.connection.facts.name)
            throw Problem(failure.description, Exits.code(failure))
        }
    }

    /// Whether it is free, by the watch's last reading, or by one of its own where it is not listed.
    func isFree(_ update: ServerUpdate?) async -> Bool {
        guard let update, case .watching = update.status.phase else { return false }
        if let row = update.catalog[item.id] { return row.reading.state == .free }
        guard let result = try? await connection.system.read([item]).first, case .success(let row) = result else {
            return false
        }
        return row.reading.state == .free
    }
}
