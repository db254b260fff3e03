// SPDX-License-Identifier: MIT
import Locks
import Testing

@Suite("Updates of a server")
struct ServerUpdateTests {
    @Test("A newer update replaces the state of an older one and forgets none of its events and slots")
    func replacing() {
        func update(_ rows: [Row], _ changed: Set<Catalog.ID>, _ text: String, requests: Int) -> ServerUpdate {
            var catalog = Catalog()
            for row in rows { catalog.put(row) }
            var status = ServerStatus(operations: .none("x"))
            status.requests = requests
            let event = LockEvent(
                at: noon, ref: ItemRef(server: "s", id: "1"), path: "/a", title: "A", kind: .locked, text: text)
            return ServerUpdate(server: "s", catalog: catalog, changed: changed, events: [event], status: status)
        }
        var old = update([row()], [1, 2], "first", requests: 1)
        old.replace(with: update([row(at: "/b"), row(at: "/c")], [2, 3], "second", requests: 2))
        #expect(old.catalog.rows.map(\.item.path) == ["/b", "/c"])
        #expect(old.changed == [1, 2, 3])
        #expect(old.events.map(\.text) == ["first", "second"])
        #expect(old.status.requests == 2)
    }
}
