// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

/// Who holds how much, since when and where: first who has most.
struct People: ListPage {
    enum Act: Hashable, Sendable {
        case open, filter, release, sort, reverse
    }

    /// What it is sorted by: its columns.
    enum Field: Int, Hashable, Sendable, CaseIterable {
        case holder, held, oldest, stale, servers
    }

    static let title = "PEOPLE"
    static let leadsTo: [any Page.Type] = [PersonPage.self]
    static let bindings: [Binding<Act>] = [
        Binding(.enter, does: .open, "items", "What the person has, and what happened to it.", footer: 1, in: "People"),
        Binding(
            .character("f"), does: .filter, "filter", "Show the person's items in the table.", footer: 2,
            in: "People"),
        Binding(
            .character("F"), does: .release, "release all", "End all that the person has, after one question.",
            needs: .forceUnlock, footer: 3, in: "People"),
        Binding(.character("o"), does: .sort, "sort by", "Sort by the next column.", footer: 4, in: "People"),
        Binding(.character("O"), does: .reverse, "reverse", "Turn the order round.", in: "People"),
    ]

    /// By name.
    var cursor = ListCursor<String>()
    private(set) var field = Field.held
    private(set) var isDescending = true
    /// The people in order, as they were last put so.
    private var ordered: [String] = []
    private var version: [Int] = []

    var layer: Layer { .people(self) }

    func rows(_ model: Model) -> [String] { ordered }

    mutating func follow(_ model: Model) {
        let version = model.servers.map(\.staleRows.holdings.version) + [field.rawValue, isDescending ? 1 : 0]
        if version != self.version {
            self.version = version
            order(model.people)
        }
        cursor.follow(ordered, room: room(model.pageArea))
    }

    private mutating func order(_ people: [Model.Person]) {
        let sorted = people.sorted { one, other in
            let (first, second) = isDescending ? (other, one) : (one, other)
            switch field {
            case .holder: return first.name < second.name
            case .held where first.held != second.held: return first.held < second.held
            // Whose oldest is not known comes last.
            case .oldest where first.oldest != second.oldest:
                guard let age = one.oldest, let theirs = other.oldest else { return one.oldest != nil }
                return isDescending ? age < theirs : age > theirs
            case .stale where first.stale != second.stale: return first.stale < second.stale
            case .servers where first.servers != second.servers:
                return (first.servers.count, second.servers[0]) < (second.servers.count, first.servers[0])
            default: return one.name < other.name
            }
        }
        ordered = sorted.map(\.name)
    }

    mutating func take(_ act: Act, _ model: inout Model) -> Reply {
        switch act {
        case .sort:
            field = Field(rawValue: (field.rawValue + 1) % Field.allCases.count) ?? .held
            isDescending = field != .holder
            return .done([])
        case .reverse:
            isDescending.toggle()
            return .done([])
        case .open, .filter, .release: break
        }
        guard let name = cursor.chosen else { return .done([]) }
        switch act {
        case .open: return .open(.person(PersonPage(name: name)))
        case .filter:
            model.filterToPerson(name)
            return .home([])
        default: return .done(model.releaseAll(of: name))
        }
    }
}

/// People, over all servers.
extension Model {
    /// What one person has.
    struct Person: Hashable, Sendable {
        let name: String
        let holder: Holder
        /// The name with the id, but for ids that are for machines.
        var fullName: String { holder.isMe || name == holder.name ? name : holder.fullName }

        var held = 0
        var stale = 0
        /// When what is held longest was taken, as far as that is known.
        var oldest: Date?
        /// Whether it may have been taken earlier.
        var isAtLeast = false
        /// The indices of the servers, in their order.
        var servers: [Int] = []
    }

    /// All who hold something, in no order.
    var people: [Person] {
        Set(servers.flatMap { $0.staleRows.holdings.people.keys }).compactMap(person)
    }

    /// What somebody has; `nil`: nothing.
    func person(_ name: String) -> Person? {
        var person: Person?
        for (index, server) in servers.enumerated() {
            guard let part = server.staleRows.holdings.people[name] else { continue }
            var sum = person ?? Person(name: name, holder: part.holder)
            sum.held += part.rows.count
            sum.stale += part.stale
            sum.servers.append(index)
            holdings(of: name, on: index, most: 1) { key, since in
                guard let since else { return }
                if sum.oldest.map({ since < $0 }) ?? true {
                    sum.oldest = since
                    sum.isAtLeast = server.catalog.decisiveLock(key.id)?.sinceIs != .acquired
                }
            }
            person = sum
        }
        return person
    }

    /// All that somebody has.
    func holdings(of name: String) -> [ItemRef] {
        var refs: [ItemRef] = []
        for index in servers.indices {
            servers[index].staleRows.holdings.people[name]?.rows.forEach { key in
                if let ref = ref(RowKey(server: index, id: key.id)) { refs.append(ref) }
                return true
            }
        }
        return refs
    }

    /// Calls the closure with what somebody has on a server, and since when: the oldest first, those last of which the
    /// start is not known.
    func holdings(of name: String, on index: Int, most: Int, _ body: (RowKey, Date?) -> Void) {
        let (catalog, holdings) = (servers[index].catalog, servers[index].staleRows.holdings)
        var left = most
        holdings.people[name]?.rows.forEach { key in
            let lock = catalog.decisiveLock(key.id)
            let isTheirs = lock.map { Holdings.name(of: $0.holder) } == name
            // A lock may be shared by a thousand, and each of them may be asked for.
            body(RowKey(server: index, id: key.id), isTheirs ? lock?.since : holdings.since(key.id, of: name))
            left -= 1
            return left > 0
        }
    }

    /// Shows somebody's items in the table.
    mutating func filterToPerson(_ name: String) {
        view = .all
        // A quote can't be quoted: what is before and after it finds the name as well.
        let word = name.split(separator: "\"").max { $0.count < $1.count } ?? ""
        setQuery(name == "you" ? "holder:me" : "holder:\"\(word)\"")
    }

    /// Ends all that somebody has, after one question.
    mutating func releaseAll(of name: String) -> [Effect] {
        guard name != "you" else {
            message = Message(
                text:
                    "These are yours: f shows them in the table, where \(keymap.key(of: .perform(.unlock))) gives them back."
            )
            return []
        }
        let refs = holdings(of: name).sorted()
        guard !refs.isEmpty else {
            message = Message(text: "\(name) has nothing any more.")
            return []
        }
        return request(Wish(.forceUnlock), on: refs, areShown: true)
    }
}
