// SPDX-License-Identifier: MIT

/// A column: all that is said of it, in one place. The table of the screen, `ls`, CSV, `--sort`, `--columns` and the
/// README read it here; `Fields.swift` holds them all.
public struct Field: Sendable {
    /// The word for `--columns`, `--sort` and the heading line of CSV.
    public let name: String
    /// What stands over it.
    public let heading: String
    /// How much room it wants on the screen.
    public let width: Width
    /// Whether its cells stand at the right side.
    public let isRightAligned: Bool
    /// How much it matters: where not all fit, the lowest number goes first.
    public let priority: Int
    /// Where it stands without being asked for.
    public let appears: Appearance
    /// Whether the greatest comes first where nobody said otherwise: the longest hold, the latest change.
    public let isGreatestFirst: Bool
    /// What it shows, as a sentence for the README.
    public let about: String
    /// How rows compare by it, the least first.
    public let key: Key
    private let make: @Sendable (Row, Origin, Wording) -> Cell

    init(
        _ name: String, _ width: Width, isRightAligned: Bool = false, priority: Int = 0,
        appears: Appearance = .whenAsked, greatestFirst: Bool = false, by key: Key, _ about: String,
        _ make: @escaping @Sendable (Row, Origin, Wording) -> Cell
    ) {
        self.name = name
        heading = name.uppercased()
        self.width = width
        self.isRightAligned = isRightAligned
        self.priority = priority
        self.appears = appears
        isGreatestFirst = greatestFirst
        self.key = key
        self.about = about
        self.make = make
    }

    /// What stands in a row. The server's own text is not cleaned.
    public func cell(of row: Row, from origin: Origin, _ wording: Wording) -> Cell { make(row, origin, wording) }
}

extension Field: Hashable {
    /// Each has a name of its own.
    public static func == (one: Field, other: Field) -> Bool { one.name == other.name }

    /// By its name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Field {
    /// How wide a column is on the screen.
    public enum Width: Hashable, Sendable {
        /// Exactly so many columns of the terminal.
        case fixed(Int)
        /// At least so many, and a share of what is left over.
        case flexible(Int)
        /// From so many to so many.
        case between(Int, Int)
    }

    /// Where a column stands without being asked for.
    public enum Appearance: Hashable, Sendable {
        /// In every table.
        case always
        /// In printed tables; the screen tells it by a sign.
        case inPrint
        /// On the screen, where that is wide.
        case onWideScreens
        /// Where the rows are those of several servers.
        case amongServers
        /// Nowhere.
        case whenAsked
    }

    /// What stands in a cell. Where it is too long, the text is cut; its tail never is.
    public struct Cell: Hashable, Sendable {
        /// What may be cut.
        public var text: String
        /// What follows, and stays.
        public var tail: String
        /// Whether the end is what tells most: a path that is too long loses its start.
        public var keepsEnd: Bool

        init(_ text: String, tail: String = "", keepsEnd: Bool = false) {
            self.text = text
            self.tail = tail
            self.keepsEnd = keepsEnd
        }
    }

    /// The server that a row is from, as columns need it.
    public struct Origin: Sendable {
        /// Its configured name.
        public var server: String
        /// How many servers have a name that comes before.
        public var rank: Int
        /// The seconds after which a reading is marked as an old one; `nil`: it never is.
        public var oldAfter: Double?
        /// Whether a path that is made of the item's number gives way to the item's title.
        public var namesItems: Bool
        /// The web address of an item there; `nil` where nobody here can tell it.
        public var address: (@Sendable (Item) -> String)?

        /// An origin.
        public init(
            server: String, rank: Int = 0, oldAfter: Double? = nil, namesItems: Bool = false,
            address: (@Sendable (Item) -> String)? = nil
        ) {
            self.server = server
            self.rank = rank
            self.oldAfter = oldAfter
            self.namesItems = namesItems
            self.address = address
        }
    }

    /// How rows compare by a column: worked out from the catalog's bytes, for there may be a million.
    public enum Key: Sendable {
        /// As their paths do.
        case path
        /// By a number.
        case number(@Sendable (Catalog, Catalog.ID, Origin, Wording) -> UInt64)
        /// By a text; rows without one come after all others.
        case text(@Sendable (Catalog, Catalog.ID, Origin) -> ArraySlice<UInt8>?)
    }
}
