// SPDX-License-Identifier: MIT

/// What kind of day the demo server has.
public enum Scenario: String, CaseIterable, Sendable {
    /// A calm mix: somebody does something every few seconds.
    case office
    /// Two people fight over a few items.
    case conflict
    /// Many old locks of people who left, among them an office program's and an orphaned check-out.
    case abandoned
    /// Very many changes a second.
    case storm
    /// The server goes away for 20 seconds of every minute.
    case outage
}

/// How the demo server is set up. The same options give the same site and the same story.
public struct DemoOptions: Sendable {
    /// Which lock system the server is.
    public var dialect: DialectKind
    /// How many documents the site has; with 0 it is empty but for its root.
    public var documents: Int
    /// What the random numbers start from.
    public var seed: UInt64
    /// What kind of day it is.
    public var scenario: Scenario
    /// The port on the loopback interface; 0 for any free one.
    public var port: Int
    /// How fast the server's clock runs: 2 is twice as fast, 0 stands still until `advance(by:)`.
    public var speed: Double
    /// Whether simulated people work on the site.
    public var people: Bool
    /// Whether a name is also looked up in the parents of a folder, as Zope does. Off by default, because it
    /// makes a wrong path answer with another item.
    public var acquisition: Bool
    /// Whether an item whose working copy was deleted as ordinary content loses track of all later ones.
    public var brokenRelations: Bool
    /// How long a token of `@login` is good, in seconds of the server's clock.
    public var tokenLifetime: Double
    /// The title of the site.
    public var title: String
    /// What is particular to single dialects, by type: each dialect names its own in its folder.
    private var quirks: [ObjectIdentifier: any Sendable] = [:]

    /// Options; every one has a default.
    public init(
        dialect: DialectKind = DialectKind.allCases[0], documents: Int = 60, seed: UInt64 = 1,
        scenario: Scenario = .office,
        port: Int = 0, speed: Double = 1,
        people: Bool = true, acquisition: Bool = false, brokenRelations: Bool = true,
        tokenLifetime: Double = 43_200, title: String = "Harbour Office"
    ) {
        self.dialect = dialect
        self.documents = documents
        self.seed = seed
        self.scenario = scenario
        self.port = port
        self.speed = speed
        self.people = people
        self.acquisition = acquisition
        self.brokenRelations = brokenRelations
        self.tokenLifetime = tokenLifetime
        self.title = title
    }

    /// What was set of a dialect's own, or as it is without.
    func quirks<Quirks: Sendable>(_ usual: Quirks) -> Quirks {
        quirks[ObjectIdentifier(Quirks.self)] as? Quirks ?? usual
    }

    /// Sets what is a dialect's own.
    mutating func set<Quirks: Sendable>(_ quirks: Quirks) { self.quirks[ObjectIdentifier(Quirks.self)] = quirks }
}

/// Somebody who can sign in to the demo server.
public struct DemoAccount: Hashable, Sendable {
    /// What is typed to sign in; also the user's id.
    public let name: String
    /// The password.
    public let password: String
    /// The full name as people write it; empty when the user never gave one.
    public let fullName: String
    /// The roles on the whole site.
    public let roles: [String]
    /// Whether the account belongs to the server itself and not to the site.
    public let isRoot: Bool

    /// An account.
    public init(name: String, password: String, fullName: String, roles: [String], isRoot: Bool = false) {
        self.name = name
        self.password = password
        self.fullName = fullName
        self.roles = roles
        self.isRoot = isRoot
    }

    /// Everybody on the demo site, the operator's account first.
    public static let everybody: [DemoAccount] = {
        let editing = ["Contributor", "Editor", "Member"]
        func editor(_ name: String, _ fullName: String) -> DemoAccount {
            DemoAccount(name: name, password: name + "-pw", fullName: fullName, roles: editing)
        }
        return [
            DemoAccount(name: "admin", password: "admin", fullName: "", roles: ["Manager"], isRoot: true),
            DemoAccount(
                name: "manager", password: "manager-pw", fullName: "Mona Manager", roles: ["Manager", "Member"]),
            editor("alice", "Alice Ångström"),
            editor("bob", "Bob Builder"),
            DemoAccount(
                name: "erin", password: "erin-pw", fullName: "Erin Editor", roles: ["Editor", "Member"]),
            DemoAccount(name: "carol", password: "carol-pw", fullName: "Carol 田中", roles: ["Member", "Reader"]),
            DemoAccount(name: "mallory", password: "mallory-pw", fullName: "", roles: ["Member"]),
            editor("yuki", "佐藤 由紀"),
            editor("fatima", "فاطمة الزهراء"),
            editor("olga", "Ольга Петрова"),
            editor("joao", "João da Conceição"),
            editor("siobhan", "Siobhán O’Brien"),
            editor("nguyen", "Nguyễn Thị Minh Khai"),
            editor("zoe", "Zoë van der Berg"),
            editor("dora@example.org", ""),
        ]
    }()
}
