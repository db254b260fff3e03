// SPDX-License-Identifier: MIT
import GRDB

/// The tables, by the steps that made them. A step that was released is never edited: add one.
///
/// Times are seconds since 2001-01-01 UTC. Locks and holders are JSON. Events and operations number themselves and
/// never use a number twice; triggers keep them append-only.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 first tables", migrate: firstTables)
        migrator.registerMigration("2 ages end with their locks", migrate: endsOfAges)
        migrator.registerMigration("3 refreshes as one event", migrate: countsOfRefreshes)
        return migrator
    }

    static let tables: Set = ["events", "operations", "firstSeen", "taken", "shelves", "rows"]

    /// Makes the tables anew that somebody took away. What the others hold stays.
    static func mend(_ db: Database) throws {
        try firstTables(db)
        try endsOfAges(db)
        try countsOfRefreshes(db)
    }

    private static func firstTables(_ db: Database) throws {
        try db.execute(sql: history)
        try db.execute(sql: appendOnly)
        try db.execute(sql: memory)
    }

    private static func endsOfAges(_ db: Database) throws {
        guard try !db.columns(in: "firstSeen").contains(where: { $0.name == "until" }) else { return }
        try db.execute(sql: "ALTER TABLE firstSeen ADD COLUMN until REAL")
    }

    private static func countsOfRefreshes(_ db: Database) throws {
        try db.execute(sql: "CREATE INDEX IF NOT EXISTS eventsOfKind ON events (kind)")
        guard try !db.columns(in: "events").contains(where: { $0.name == "times" }) else { return }
        try db.execute(sql: "ALTER TABLE events ADD COLUMN times INTEGER NOT NULL DEFAULT 1")
    }

    private static let history = """
        CREATE TABLE IF NOT EXISTS events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, server TEXT NOT NULL, item TEXT NOT NULL,
            path TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, holder TEXT, lockBefore TEXT, lockAfter TEXT,
            ours INTEGER NOT NULL, text TEXT NOT NULL
        );
        CREATE INDEX IF NOT EXISTS eventsOfItem ON events (server, item);
        CREATE TABLE IF NOT EXISTS operations (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, completedAt REAL, server TEXT NOT NULL,
            item TEXT NOT NULL, path TEXT NOT NULL, operation TEXT NOT NULL, outcome TEXT, reason TEXT, why TEXT,
            account TEXT, operatorReason TEXT, lockBefore TEXT, lockAfter TEXT
        );
        CREATE INDEX IF NOT EXISTS operationsOfItem ON operations (server, item);
        """

    private static let appendOnly = """
        CREATE TRIGGER IF NOT EXISTS eventsStay BEFORE UPDATE ON events BEGIN
            SELECT RAISE(ABORT, 'events are append-only');
        END;
        CREATE TRIGGER IF NOT EXISTS operationsStay BEFORE UPDATE ON operations
        WHEN OLD.completedAt IS NOT NULL OR NEW.seq IS NOT OLD.seq OR NEW.at IS NOT OLD.at
            OR NEW.server IS NOT OLD.server OR NEW.item IS NOT OLD.item OR NEW.path IS NOT OLD.path
            OR NEW.operation IS NOT OLD.operation OR NEW.account IS NOT OLD.account
            OR NEW.operatorReason IS NOT OLD.operatorReason
        BEGIN
            SELECT RAISE(ABORT, 'the audit log is append-only');
        END;
        """

    private static let memory = """
        CREATE TABLE IF NOT EXISTS firstSeen (
            number INTEGER PRIMARY KEY, server TEXT NOT NULL, item TEXT NOT NULL, identity TEXT NOT NULL,
            at REAL NOT NULL, used INTEGER NOT NULL, UNIQUE (server, item, identity)
        );
        CREATE TABLE IF NOT EXISTS taken (
            number INTEGER PRIMARY KEY, server TEXT NOT NULL, account TEXT, item TEXT NOT NULL,
            identity TEXT NOT NULL
        );
        CREATE INDEX IF NOT EXISTS takenOnServer ON taken (server, item);
        CREATE TABLE IF NOT EXISTS shelves (
            number INTEGER PRIMARY KEY, server TEXT NOT NULL, user TEXT NOT NULL, at REAL NOT NULL,
            UNIQUE (server, user)
        );
        CREATE TABLE IF NOT EXISTS rows (
            shelf INTEGER NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL,
            title TEXT NOT NULL, type TEXT NOT NULL, modified REAL, state TEXT NOT NULL, observedAt REAL, error TEXT,
            lockable INTEGER NOT NULL, link TEXT, workingCopyOf TEXT, locks TEXT,
            PRIMARY KEY (shelf, position)
        ) WITHOUT ROWID;
        """
}
