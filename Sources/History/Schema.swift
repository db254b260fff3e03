// SPDX-License-Identifier: MIT
import GRDB

/// The tables, by the steps that made them. A step that was released is never edited: add one.
///
/// Times are seconds since 2001-01-01 UTC. Locks and holders are JSON. Events and operations number themselves and
/// never use a number twice; triggers keep them append-only.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 first tables") { db in
            try db.execute(sql: history)
            try db.execute(sql: appendOnly)
            try db.execute(sql: memory)
        }
        migrator.registerMigration("2 ages end with their locks") { db in
            try db.execute(sql: "ALTER TABLE firstSeen ADD COLUMN until REAL")
        }
        return migrator
    }

    private static let history = """
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, server TEXT NOT NULL, item TEXT NOT NULL,
            path TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, holder TEXT, lockBefore TEXT, lockAfter TEXT,
            ours INTEGER NOT NULL, text TEXT NOT NULL
        );
        CREATE INDEX eventsOfItem ON events (server, item);
        CREATE TABLE operations (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, completedAt REAL, server TEXT NOT NULL,
            item TEXT NOT NULL, path TEXT NOT NULL, operation TEXT NOT NULL, outcome TEXT, reason TEXT, why TEXT,
            account TEXT, operatorReason TEXT, lockBefore TEXT, lockAfter TEXT
        );
        CREATE INDEX operationsOfItem ON operations (server, item);
        """

    private static let appendOnly = """
        CREATE TRIGGER eventsStay BEFORE UPDATE ON events BEGIN
            SELECT RAISE(ABORT, 'events are append-only');
        END;
        CREATE TRIGGER operationsStay BEFORE UPDATE ON operations
        WHEN OLD.completedAt IS NOT NULL OR NEW.seq IS NOT OLD.seq OR NEW.at IS NOT OLD.at
            OR NEW.server IS NOT OLD.server OR NEW.item IS NOT OLD.item OR NEW.path IS NOT OLD.path
            OR NEW.operation IS NOT OLD.operation OR NEW.account IS NOT OLD.account
            OR NEW.operatorReason IS NOT OLD.operatorReason
        BEGIN
            SELECT RAISE(ABORT, 'the audit log is append-only');
        END;
        """

    private static let memory = """
        CREATE TABLE firstSeen (
            number INTEGER PRIMARY KEY, server TEXT NOT NULL, item TEXT NOT NULL, identity TEXT NOT NULL,
            at REAL NOT NULL, used INTEGER NOT NULL, UNIQUE (server, item, identity)
        );
        CREATE TABLE taken (
            number INTEGER PRIMARY KEY, server TEXT NOT NULL, account TEXT, item TEXT NOT NULL,
            identity TEXT NOT NULL
        );
        CREATE INDEX takenOnServer ON taken (server, item);
        CREATE TABLE shelves (
            number INTEGER PRIMARY KEY, server TEXT NOT NULL, user TEXT NOT NULL, at REAL NOT NULL,
            UNIQUE (server, user)
        );
        CREATE TABLE rows (
            shelf INTEGER NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL,
            title TEXT NOT NULL, type TEXT NOT NULL, modified REAL, state TEXT NOT NULL, observedAt REAL, error TEXT,
            lockable INTEGER NOT NULL, link TEXT, workingCopyOf TEXT, locks TEXT,
            PRIMARY KEY (shelf, position)
        ) WITHOUT ROWID;
        """
}
