// SPDX-License-Identifier: MIT

extension Query {
    /// Whether an event matches every term. It concerns whom the item was taken from, who has it now, and whose doing
    /// it was: a release is the holder's too.
    /// - Parameter item: what is known of its item besides, where it is.
    public func matches(_ event: LockEvent, _ item: Item?, _ staleness: Staleness) -> Bool {
        if isEmpty { return true }
        let by = event.by.map { Lock(kind: .lock, holder: $0, identity: LockIdentity(digest: "")) }
        var item = item ?? Item(id: event.ref.id, path: event.path, title: event.title)
        (item.path, item.title) = (event.path, event.title)
        let reading = Reading(
            locks: [event.after, event.before, by].compactMap(\.self), state: event.after == nil ? .free : .held,
            observedAt: event.at)
        return matches(
            Row(item: item, reading: reading),
            in: Context(server: event.ref.server, now: event.at, staleness: staleness))
    }
}
