// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

@testable import Dashboard

/// A dashboard on made-up servers at a fixed time: tests press keys and look at what it shows and wants.
struct Scene {
    /// 2026-11-21 14:02:00 UTC
    static let now = Date(timeIntervalSince1970: 1_795_269_720)

    var model: Model
    var effects: [Effect] = []
    private var tickets: [ItemRef: Ticket] = [:]
    var time = Scene.now

    init(
        _ size: Size = Size(columns: 80, rows: 24), servers: [ServerFacts] = [Scene.intranet], isReadOnly: Bool = false
    ) {
        let all = Operations(Dictionary(uniqueKeysWithValues: Operation.allCases.map { ($0, .yes) }))
        model = Model(
            servers: servers, operations: Dictionary(uniqueKeysWithValues: servers.map { ($0.name, all) }),
            staleness: Staleness(after: 8 * 3_600, departed: ["gone"]), isReadOnly: isReadOnly, poll: 5,
            look: Model.Look(), size: size, now: Scene.now)
    }

    static let intranet = ServerFacts(name: "intranet", kind: "plone", url: "https://intranet.example.org")
    static let files = ServerFacts(name: "files", kind: "msgraph", url: "https://graph.microsoft.com")

    /// The usual scene: one item in each state that there is.
    static func usual(_ size: Size = Size(columns: 80, rows: 24)) -> Scene {
        var scene = Scene(size, servers: [intranet, files])
        scene.show(
            "intranet",
            [
                row("/news/agm", "AGM", held(by: "admin", isMe: true, age: 240, left: 360)),
                row("/news/launch", "Launch of the 契約 portal", held(by: "bob", age: 57_600)),
                row("/news/autumn", "Autumn"),
                row("/news/copy_of_autumn", "Autumn", copyOf: "/news/autumn"),
                row("/docs/handbook", "Handbook", held(by: "gone", age: 60, left: 540)),
                row("/docs/broken", "Broken", reading: .never.failed("The server failed at it.")),
            ])
        scene.show(
            "files",
            [
                row("/legal/contract.docx", "Contract", held(by: "carol", kind: .checkout, age: 172_800, left: nil)),
                row("/legal/offer.docx", "Offer"),
            ])
        scene.model.events = [
            LockEvent(
                at: now - 15, ref: ItemRef(server: "files", id: "/legal/contract.docx"), path: "/legal/contract.docx",
                title: "Contract", kind: .conflict, isOurs: true, text: "conflict: you asked, carol has it"),
            LockEvent(
                at: now - 5, ref: ItemRef(server: "intranet", id: "/news/launch"), path: "/news/launch",
                title: "Launch", kind: .locked, text: "bob took it"),
        ]
        return scene
    }

    static func held(
        by holder: String, isMe: Bool = false, kind: Lock.Kind = .lock, age: Double = 600, left: Double? = 600,
        token: String = ""
    ) -> Lock {
        Lock(
            kind: kind, holder: Holder(id: holder, name: holder.uppercased(), isMe: isMe), since: now - age,
            expires: left.map { now + $0 }, timeout: 600, stealable: true,
            identity: LockIdentity(of: holder + token), token: Token("secret"))
    }

    static func row(
        _ path: String, _ title: String, _ lock: Lock? = nil, copyOf: String? = nil, reading: Reading? = nil
    ) -> Row {
        Row(
            item: Item(id: path, path: path, title: title, type: "Document", workingCopyOf: copyOf),
            reading: reading ?? .known(lock.map { [$0] } ?? [], at: now))
    }

    /// The server publishes these rows, and only these.
    mutating func show(_ server: String, _ rows: [Row], phase: ServerStatus.Phase = .watching) {
        let index = model.servers.firstIndex { $0.facts.name == server } ?? 0
        var catalog = model.servers[index].catalog
        var changed: Set<Catalog.ID> = []
        let items = Set(rows.map(\.item.id))
        for row in Array(catalog.rows) where !items.contains(row.item.id) {
            if let (id, _) = catalog.remove(row.item.id) { changed.insert(id) }
        }
        for row in rows where catalog[row.item.id] != row { changed.insert(catalog.put(row)) }
        var status = model.servers[index].status
        status.phase = phase
        status.account = Account(id: "admin", name: "Ada Admin")
        status.readAt = time
        send(.update(ServerUpdate(server: server, catalog: catalog, changed: changed, events: [], status: status)))
    }

    /// The watch of the intranet reports that it waits for an item.
    mutating func waits(for id: String) {
        var status = model.servers[0].status
        status.waits.insert(id)
        send(
            .update(
                ServerUpdate(
                    server: "intranet", catalog: model.servers[0].catalog, changed: [], events: [], status: status)))
    }

    mutating func send(_ event: Event) {
        let new = update(&model, event, at: time)
        for case .perform(_, let ref, let ticket) in new { tickets[ref] = ticket }
        effects += new
    }

    /// An operation that was asked for has ended.
    mutating func end(_ result: OperationResult) { send(.ended(result, tickets[result.ref] ?? Ticket(0))) }

    /// Presses keys as a person does, 0.4 s apart: single letters, and names such as `Tab`, `Enter`, `Esc`, `^d`, apart
    /// by blanks. `...` is a pause of two seconds.
    mutating func press(_ keys: String) {
        for word in keys.split(separator: " ") {
            time += word == "..." ? 2 : 0.4
            if word != "..." { send(.key(Scene.key(String(word)))) }
        }
    }

    mutating func type(_ text: String) {
        for character in text {
            time += 0.4
            send(.key(.character(character)))
        }
    }

    private static func key(_ word: String) -> Key {
        let named: [String: Key] = [
            "Tab": .tab, "Enter": .enter, "Esc": .escape, "Up": .up, "Down": .down, "Left": .left, "Right": .right,
            "Space": .character(" "), "End": .end, "Home": .home, "PgDn": .pageDown, "PgUp": .pageUp, "Del": .delete,
            "Back": .backspace,
        ]
        if let key = named[word] { return key }
        if word.count == 2, word.hasPrefix("^"), let letter = word.last { return .control(letter) }
        return .character(word.first ?? " ")
    }

    /// Puts the cursor on an item.
    mutating func select(_ server: String, _ id: String) {
        model.selected = model.key(ItemRef(server: server, id: id))
        model.hasTouchedCursor = true
    }

    /// What was wanted since the last look, but for what is on screen; operations without their tickets.
    mutating func wanted() -> [Effect] {
        defer { effects = [] }
        return effects.compactMap { effect in
            switch effect {
            case .show, .story: nil
            case .perform(let wish, let ref, _): .perform(wish, ref)
            default: effect
            }
        }
    }

    /// Whether anything was asked for that changes something on a server, now or later.
    var changes: [Effect] {
        effects.filter { effect in
            switch effect {
            case .perform, .wait: true
            case .setKept(_, let isKept): isKept
            default: false
            }
        }
    }

    var screen: [String] { view(model).lines }
    var text: String { screen.joined(separator: "\n") }
    /// The lines of the page that is read, whole.
    var pageLines: [String] {
        (model.layers.last?.page as? any TextPage)?.folded(model).map(\.text) ?? []
    }
    var cursorPath: String? { model.selected.flatMap(model.row)?.item.path }
}

extension Effect {
    /// An operation, whatever its ticket.
    static func perform(_ wish: Wish, _ ref: ItemRef) -> Effect { .perform(wish, ref, Ticket(0)) }
}
