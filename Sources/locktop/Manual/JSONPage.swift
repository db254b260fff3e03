// SPDX-License-Identifier: MIT

/// locktop-json(5): every key of what `--json` prints.
struct JSONPage {
    /// An object, and its keys with what they mean.
    struct Shape: Sendable {
        let title: String
        let about: String
        let keys: [(name: String, meaning: String)]
    }

    var text: String {
        var page = Mdoc("locktop-json", section: 5, about: "what locktop prints as JSON")
        page.section("DESCRIPTION")
        page.prose(
            """
            With --json the lists of locktop are arrays (ls, servers, history), show prints an object, and operations and \
            events print one object a line. Times are RFC 3339 in UTC with Z, lengths of time are seconds, what is not known \
            is null, and no key is ever missing. Text is the server's own, with escapes for control and bidi characters. \
            A token is never printed.
            """)
        for shape in Self.shapes {
            page.section(shape.title.uppercased())
            page.prose(shape.about)
            page.list(shape.keys.map { (Mdoc.typed($0.name), $0.meaning + ".") })
        }
        page.section("SEE ALSO")
        page.request("Xr locktop 1 ,")
        page.request("Xr locktop-config 5")
        return page.text
    }

    private static let events = RecordedEvent.CodingKeys.allCases.map { "\($0.rawValue) (\(meaning(of: $0)))" }

    private static func meaning(of event: RecordedEvent.CodingKeys) -> String {
        switch event {
        case .begin: "what is watched"
        case .update: "a server was read"
        case .look: "how the rows are looked at from there on"
        case .ended: "the result of an operation or a wait"
        case .end: "the recording was ended and not cut"
        }
    }

    static let shapes = [
        Shape(
            title: "An item", about: "What ls and show print.",
            keys: [
                ("server", "The server's name in the configuration"), ("serverKind", "Its kind"),
                ("id", "The server's own id of the item"), ("path", "Where it is"), ("title", "Its title"),
                ("type", "The server's word for what it is"), ("url", "Its web address"),
                ("modified", "When its content changed last"), ("state", "free, held or unknown"),
                ("observedAt", "When that was read"), ("error", "Why it could not be read, or null"),
                ("lock", "The lock, or null when it is free"),
                ("stale", "Whether nobody is likely to be using the lock"),
                ("workingCopyOf", "The id of the original of a working copy, or null"),
                ("operations", "What can be done on it now"),
            ]),
        Shape(
            title: "A lock", about: "What stands under lock, before and after.",
            keys: [
                ("kind", "lock, checkout, workingCopy or shared"), ("holder", "Who has it, or null"),
                ("since", "Since when, as far as is known"), ("expires", "When the server ends it"),
                ("sinceExact", "Whether since is the true start, and not only when it was first seen"),
                ("timeout", "After how many seconds without a refresh it ends"),
                ("stealable", "Whether another user may take it by force"),
                ("identity", "Twelve digits that stay while it is the same lock"),
                ("tokenKnown", "Whether locktop can present its token"), ("comment", "The holder's remark"),
                ("through", "The id of the folder whose lock covers the item, or null"),
                ("sharedWith", "The other holders of a shared lock"),
            ]),
        Shape(
            title: "A holder", about: "What stands under holder and by.",
            keys: [
                ("id", "The server's id of the account"), ("name", "The name that people know"),
                ("isMe", "Whether that is the account that is signed in"),
            ]),
        Shape(
            title: "A result", about: "What an operation prints.",
            keys: [
                ("server", "The server"), ("id", "The item"), ("operation", "What was asked for"),
                ("outcome", "done, unchanged, refused, failed, unverified or planned"),
                ("reason", "One fixed word for it, or null"), ("why", "The sentence, or null"),
                ("before", "The lock before"), ("after", "The lock after"),
            ]),
        Shape(
            title: "An event", about: "What events and history print.",
            keys: [
                ("seq", "A number that only grows, for --since"), ("at", "When"), ("server", "The server"),
                ("id", "The item"), ("path", "Where it is"), ("title", "Its title"),
                (
                    "event",
                    "locked, released, expired, stolen, refreshed, checkedOut, checkedIn, discarded, appeared, vanished, "
                        + "conflict or failed"
                ), ("by", "Who did it, or null"), ("before", "The lock before"), ("after", "The lock after"),
                ("ours", "Whether locktop did it"), ("text", "The same as a sentence"),
            ]),
        Shape(
            title: "An operation of the audit log", about: "What history prints besides events.",
            keys: [
                ("seq", "Its number"), ("at", "When it was written down, before it was sent"),
                ("completedAt", "When its result was"), ("server", "The server"), ("id", "The item"),
                ("operation", "What was asked for"), ("outcome", "As in a result; null: nobody knows"),
                ("reason", "As in a result"), ("why", "As in a result"), ("note", "What was given as --reason"),
                ("before", "The lock before"), ("after", "The lock after"),
            ]),
        Shape(
            title: "A server", about: "What servers prints.",
            keys: [
                ("name", "Its name in the configuration"), ("kind", "Its kind"), ("url", "Its address"),
                ("reachable", "Whether it answers"), ("error", "Why not, or null"),
                ("account", "Who is signed in: id and name; or null"), ("id", "The account's id"),
                ("operations", "By the name of each operation: offered and why"),
                ("offered", "Whether the operation is to be had there"), ("why", "Why not, or under what condition"),
                ("items", "How many items there are"), ("held", "How many of them are held"),
                ("roundTrip", "How many seconds an answer takes"), ("requests", "How many requests that took"),
                ("budget", "How many requests a second watching may take"),
                ("insecure", "Whether what is sent there can be read or changed on the way"),
                ("protected", "Whether each operation wants the server's name typed"),
                ("readOnly", "Whether every operation is impossible"),
            ]),
        Shape(
            title: "A line of a recording", about: "What watch and demo write with --record, and replay plays.",
            keys: [
                ("version", "\(RecordedLine.version)"), ("at", "When"),
                ("event", "What: one of " + events.joined(separator: ", ")),
            ]),
        Shape(
            title: "A plan", about: "What plan prints and apply takes.",
            keys: [
                ("version", "\(Plan.version)"), ("operation", "What is to be done"),
                ("rows", "On what, one object each"),
                ("server", "The server"), ("id", "The item"), ("path", "Where it is"), ("holder", "Who had it"),
                ("identity", "Which lock it was"),
            ]),
    ]
}
