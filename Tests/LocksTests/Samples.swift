// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// Noon of the day all these tests play on.
let noon = Date(timeIntervalSince1970: 1_700_000_000)

/// A lock of somebody, by default an edit lock that was taken five minutes ago.
func lock(
    of name: String, _ kind: Lock.Kind = .lock, since: Double? = -300, sinceIs: Lock.SinceIs = .acquired,
    expires: Double? = nil, timeout: Int? = nil, identity: String? = nil, isMe: Bool? = nil
) -> Lock {
    Lock(
        kind: kind, holder: Holder(id: name, name: name.capitalized, isMe: isMe ?? (name == "me")),
        since: since.map { noon.addingTimeInterval($0) }, sinceIs: sinceIs,
        expires: expires.map { noon.addingTimeInterval($0) }, timeout: timeout,
        identity: LockIdentity(of: identity ?? "\(name) \(kind.rawValue)"))
}

/// A row of the item `/news/agm`.
func row(_ locks: Lock..., at path: String = "/news/agm", title: String = "AGM", isLockable: Bool = true) -> Row {
    Row(
        item: Item(id: path, path: path, title: title, type: "News Item", isLockable: isLockable),
        reading: .known(locks, at: noon))
}

/// A row that could not be read.
func unreadable(_ error: String? = "It was too slow.") -> Row {
    Row(
        item: Item(id: "/news/agm", path: "/news/agm", title: "AGM"),
        reading: Reading(state: .unknown, observedAt: nil, error: error))
}

/// Random numbers that are the same in every run.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}

/// As `row`, where that name is taken.
func sample(_ locks: Lock...) -> Row {
    Row(item: row().item, reading: .known(locks, at: noon))
}
