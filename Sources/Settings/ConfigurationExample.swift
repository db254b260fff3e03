// SPDX-License-Identifier: MIT
public import Locks

/// The commented example that `config example` prints; it reads without an error.
public enum ConfigurationExample {
    /// YAML with the examples of each of these kinds.
    public static func text(kinds: [OptionList]) -> String {
        head(secrets: secrets(of: kinds)) + kinds.flatMap(\.examples).joined(separator: "\n")
    }

    private static func secrets(of kinds: [OptionList]) -> [String] {
        var names: [String] = []
        for key in kinds.flatMap(\.auth) where key.isSecret && !names.contains(key.name) { names.append(key.name) }
        return names
    }

    private static func head(secrets: [String]) -> String {
        """
        # locktop: configuration. Times: 5s 10m 8h 2d 1h30m. Rates: 10/s 60/m.

        poll: 5s               # between two readings of what is on screen
        request_budget: 10/s   # the most requests a second to one server, operations aside
        stale_after: 8h        # a lock held longer is called stale
        departed: [bob]        # holders who left: their locks are always stale
        read_only: false       # true: every operation is impossible
        keep_alive: true       # refresh my own locks before they run out, while locktop runs
        # theme: light         # dark, light, mono or high-contrast
        # audit_syslog: true   # each operation also to syslog, facility auth, as one line of JSON
        # columns: [item, holder, held, server]   # the table's; without it those that there is room for
        # views: {legal: "server:files path:/legal older:2h"}   # filters with names, at most nine: 7, 8, 9, :view legal
        # keys: {force-unlock: X}   # other keys for actions, by the words of `:` and of the help
        # bell: true           # ring the terminal's bell when a wait has ended
        # hooks: [{event: released, filter: "path:/news", run: "cat >> news.log"}]   # the event as JSON on its input

        # Secrets: for X = \(secrets.joined(separator: ", ")) write one of
        #   X_env: NAME          the value of an environment variable
        #   X_command: "..."     the first line that a shell command prints
        #   X_file: PATH         the first line of a file with mode 0600
        #   X: ...               the secret itself, if this file has mode 0600
        servers:

        """
    }
}
