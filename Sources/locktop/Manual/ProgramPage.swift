// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import Dashboard
import Locks

/// locktop(1): the page that leads to the others.
struct ProgramPage {
    let info: CommandInfo

    var text: String {
        var page = Mdoc("locktop", section: 1, about: "top for document locks")
        page.section("SYNOPSIS")
        for (words, rest) in [("", "Op Ar query"), ("", "Ar URL"), ("demo", "")] {
            page.request("Nm locktop")
            if !words.isEmpty { page.request(Mdoc.typed(words)) }
            if !rest.isEmpty { page.request(rest) }
        }
        page.request("Nm locktop")
        page.request("Ar command")
        page.request("Op Ar options")
        page.section("DESCRIPTION")
        page.prose(
            """
            One screen that shows who holds what on every lock server that a team uses, and lets the operator lock, \
            refresh, release, force-unlock, check out and check in. Without a command the dashboard opens on the \
            configured servers. With an address it opens on the server there, which no configuration names: the password \
            is asked for, and nothing is written.
            """)
        page.paragraph()
        page.prose("An item is SERVER:ID or SERVER:/path; with one server its name may be left out.")
        page.section("COMMANDS")
        page.list(
            info.shown.map { command in
                (Mdoc.typed(command.commandName), command.abstract.map { $0.hasSuffix(".") ? $0 : $0 + "." } ?? "")
            })
        page.prose("Each has a page of its own, locktop-COMMAND(1), and a --help.")
        page.section("QUERY")
        page.prose(
            """
            Plain words match path, title and holder. A dash in front, or not:, turns a word round. Words with a field:
            """)
        page.list(
            [
                ("holder:bob", "what bob holds; holder:me: what I hold"),
                ("state:held", "free, held, mine, others, stale or unknown"),
                ("kind:checkout", Lock.Kind.allCases.map(\.rawValue).joined(separator: ", ")),
                ("path:/news", "below this folder"), ("server:files", "on this server"),
                ("older:2h", "held longer; newer: held shorter"),
                ("title:word type:word", "in the title, of this type"),
            ].map { (Mdoc.typed($0.0), $0.1 + ".") })
        page.section("COLUMNS")
        page.list(Field.all.map { (Mdoc.typed($0.name), $0.about) })
        keys(&page)
        ends(&page)
        return page.text
    }

    private func keys(_ page: inout Mdoc) {
        page.section("KEYS")
        page.list(
            Keymap.everywhereLines.map { (Mdoc.typed($0.keys.map(\.description).joined(separator: " ")), $0.tooltip) })
        for (title, lines) in Keymap.pageLines {
            page.subsection("On \(title)")
            page.list(lines.map { (Mdoc.typed($0.keys.map(\.description).joined(separator: " ")), $0.label + ".") })
        }
    }

    private func ends(_ page: inout Mdoc) {
        page.section("ENVIRONMENT")
        page.list(
            [
                (
                    "LOCKTOP_POLL LOCKTOP_REQUEST_BUDGET LOCKTOP_STALE_AFTER",
                    "These win over the keys of the same name in the configuration."
                ),
                (
                    "LOCKTOP_READ_ONLY LOCKTOP_KEEP_ALIVE LOCKTOP_THEME LOCKTOP_COLUMNS LOCKTOP_DEPARTED",
                    "So do these; names in the last two have commas between them."
                ),
                ("XDG_CONFIG_HOME XDG_STATE_HOME HOME", "Where the configuration and the store are."),
                ("NO_COLOR", "No colours, if it is not empty."),
                ("ACCESSIBLE", "For screen readers, as --accessible."),
                (
                    "http_proxy https_proxy all_proxy no_proxy",
                    "The way to the servers that have no proxy of their own."
                ),
                ("SSL_CERT_FILE SSL_CERT_DIR", "The certificate authorities, in place of the system's."),
                ("NETRC", "The netrc file, in place of ~/.netrc."), ("KRB5CCNAME", "The cache of Kerberos tickets."),
                ("ESCDELAY", "How many milliseconds Esc waits for what may follow it; 100 if it is not set."),
                ("TERM", "The terminal."),
                ("LC_ALL LC_CTYPE LANG", "Whether the terminal is drawn on with more than ASCII."),
                ("TMUX STY", "Copied text goes through tmux or screen to the terminal around it."),
                ("HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY", "As those in small letters."),
                ("SWIFT_BACKTRACE", "If it is set, a crash is told by Swift's own report besides, as it says."),
            ].map { (Mdoc.typed($0.0), $0.1) })
        page.section("FILES")
        page.list([
            (
                "Pa \(Mdoc.escaped("~/.config/locktop/config.yaml", isTyped: true))",
                "The configuration; see locktop-config(5)."
            ),
            (
                "Pa \(Mdoc.escaped("~/.config/locktop/config.yaml~", isTyped: true))",
                "The one before the last add or remove."
            ),
            (
                "Pa \(Mdoc.escaped("~/.local/state/locktop/", isTyped: true))",
                "The store, private: the audit log, events, what was read last, sign-ins."
            ),
            (
                "Pa \(Mdoc.escaped("~/.local/state/locktop/crash-TIME.txt", isTyped: true))",
                """
                What a crash leaves, the last five of them: where it was and the last 200 events, with numbers in the \
                place of people, items and servers, without passwords and tokens. Whoever reports a crash sends it along.
                """
            ),
        ])
        if let end = Locktop.helpEnd(of: []) {
            page.section("EXIT STATUS")
            page.list(
                end.exits.sorted { $0.code < $1.code }.map { ("\($0.code)", $0.meaning + ".") })
            page.section("EXAMPLES")
            page.literal(end.examples + ["locktop add https://admin@intranet.example.org/news"])
        }
        page.section("SEE ALSO")
        page.request("Xr locktop-config 5 ,")
        page.request("Xr locktop-json 5")
        page.paragraph()
        page.prose("For the locks of cluster file systems: glocktop(8) of GFS2, o2locktop(8) of OCFS2.")
    }
}
