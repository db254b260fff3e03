// SPDX-License-Identifier: MIT
import LockSystems
import Locks
import Settings

/// locktop-config(5): every key of the configuration.
struct ConfigurationPage {
    var text: String {
        var page = Mdoc("locktop-config", section: 5, about: "configuration of locktop")
        page.section("DESCRIPTION")
        page.prose(
            """
            The configuration is YAML in ~/.config/locktop/config.yaml, or below XDG_CONFIG_HOME, or the file that --config \
            names; - is standard input. Anchors, aliases and tags are not read. A wrong key, type or value is refused with \
            file, line and column, and nothing is half-read: locktop config check tells. Times are written 5s, 10m, 8h, 2d or \
            1h30m, rates 10/s or 60/m. locktop add and locktop remove change the servers and leave everything else as it is.
            """)
        page.section("KEYS AT THE TOP")
        page.list(ConfigurationKeys.top.map(Self.entry))
        page.section("KEYS OF EVERY SERVER")
        page.list(ConfigurationKeys.ofEveryServer.map(Self.entry))
        page.section("SECRETS")
        page.prose(
            """
            A secret X is written in one of four forms. No secret is taken from the command line.
            """)
        page.list([
            (Mdoc.typed("X_env: NAME"), "The value of an environment variable."),
            (Mdoc.typed("X_command: \"...\""), "The first line that a command of the shell prints."),
            (Mdoc.typed("X_file: PATH"), "The first line of a file that only its owner can read (mode 0600)."),
            (Mdoc.typed("X: ..."), "The secret itself, if the configuration has mode 0600."),
        ])
        page.section("KINDS OF SERVERS")
        for kind in Registry.kinds { describe(kind, &page) }
        page.section("EXAMPLES")
        let example = ConfigurationExample.text(kinds: Registry.kinds.map(\.options))
        page.literal(example.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init))
        page.section("SEE ALSO")
        page.request("Xr locktop 1 ,")
        page.request("Xr locktop-json 5")
        return page.text
    }

    private static func entry(_ key: ConfigurationKeys.Key) -> (String, String) {
        (Mdoc.typed(key.name), capitalised(key.meaning) + ".")
    }

    private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    private func describe(_ kind: SystemKind, _ page: inout Mdoc) {
        page.subsection("\(kind.name) (kind: \(kind.word))")
        for (title, keys) in [
            ("Keys of its own:", kind.options.server), ("Under auth:", kind.options.auth),
            ("Under items:", kind.options.items),
        ] where !keys.isEmpty {
            page.prose(title)
            page.list(
                keys.map { key in
                    let name = key.isSecret ? key.forms.joined(separator: " ") : key.name
                    return (Mdoc.typed(name), Self.capitalised(key.meaning.replacing("`", with: "")) + ".")
                })
        }
    }
}
