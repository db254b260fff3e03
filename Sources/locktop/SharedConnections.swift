// SPDX-License-Identifier: MIT
import HTTP
import LockSystems
import Synchronization

/// The connections of servers that bear only so many: all accounts that are configured on one of them share these.
final class SharedConnections: Sendable {
    private let made = Mutex<[String: Limited.Connections]>([:])

    /// The connections to a server; its own where its kind does not mind.
    /// - Parameter isRationed: whether requests keep to a budget. It counts a request when its turn comes: then none may
    ///   wait longer for a connection, and there are never so many that one had to be kept busy.
    func connections(
        to address: WebAddress, _ kind: SystemKind, atMost number: Int, isRationed: Bool
    ) -> Limited.Connections {
        guard let most = kind.mostConnections else {
            return isRationed ? Limited.Connections(number) : .keptBusy(number)
        }
        return made.withLock { made in
            if let known = made[address.origin] { return known }
            let fresh = Limited.Connections(min(most, number))
            made[address.origin] = fresh
            return fresh
        }
    }
}
