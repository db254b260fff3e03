// SPDX-License-Identifier: MIT

/// The commented example that `config example` prints; it reads without an error.
public enum ConfigurationExample {
    /// YAML with a server of each of these kinds, as far as an example of it is known.
    public static func text(kinds: [String]) -> String {
        head + servers.filter { kinds.contains($0.kind) }.map(\.text).joined(separator: "\n")
    }

    private static let head = """
        # locktop: configuration. Times: 5s 10m 8h 2d 1h30m. Rates: 10/s 60/m.

        poll: 5s               # between two readings of what is on screen
        request_budget: 10/s   # the most requests a second to one server, operations aside
        stale_after: 8h        # a lock held longer is called stale
        departed: [bob]        # holders who left: their locks are always stale
        read_only: false       # true: every operation is impossible
        keep_alive: true       # refresh my own locks before they run out, while locktop runs
        # theme: light         # dark, light, mono or high-contrast

        # Secrets: for X = password, token, app_token, client_secret write one of
        #   X_env: NAME          the value of an environment variable
        #   X_command: "..."     the first line that a shell command prints
        #   X_file: PATH         the first line of a file with mode 0600
        #   X: ...               the secret itself, if this file has mode 0600
        servers:

        """

    private static let servers: [(kind: String, text: String)] = [
        (
            "plone",
            """
              - name: intranet
                kind: plone
                url: https://intranet.example.org
                auth:
                  user: admin
                  password_command: "pass show intranet"
                  # scheme: negotiate  # in its place: the Kerberos ticket that kinit got
                items:               # left out: the whole site
                  path: /news
                  types: [News Item, Document]
                  depth: 3           # 1: direct children only
                protected: true      # each operation wants the server's name typed
                color: red           # red green yellow blue magenta cyan white default

            """
        ),
        (
            "nick",
            """
              - name: blog
                kind: nick
                url: https://blog.example.org
                auth: {user: editor, password_env: BLOG_PASSWORD}
                force_by_save: false # true: offer to break a lock by saving with its visible token
                poll: 30s            # these two may differ per server
                request_budget: 60/m

            """
        ),
        (
            "superoffice",
            """
              - name: crm
                kind: superoffice
                url: https://crm.example.org/SuperOffice
                auth: {scheme: basic, user: system, password_env: CRM_PASSWORD}
                items: {filter: "name contains 'offer'"}
                limit: 1000          # documents listed at most, newest first
                connections: 4

            """
        ),
        (
            "superoffice",
            """
              - name: crm-online
                kind: superoffice
                tenant: Cust12345
                environment: online  # sod, stage or online
                auth: {scheme: soticket, token_file: ~/.secrets/ticket, app_token_file: ~/.secrets/app}

            """
        ),
        (
            "msgraph",
            """
              - name: files
                kind: msgraph
                tenant: contoso.onmicrosoft.com
                auth: {flow: device_code, client_id: 00000000-0000-0000-0000-000000000000}
                drives: [me, "site:contoso.sharepoint.com:/sites/legal"]
                items: {path: /Contracts, depth: 2}

            """
        ),
        (
            "webdav",
            """
              - name: dav
                kind: webdav
                url: https://dav.example.org/documents/
                auth: {user: alice, netrc: true}
                ca_file: ca.pem      # relative paths start at the folder of this file
                language: en-GB

            """
        ),
        (
            "gitlfs",
            """
              - name: assets
                kind: gitlfs
                url: https://git.example.org/team/assets.git/info/lfs
                auth: {user: alice, token_env: GIT_TOKEN}
                read_only: true

            """
        ),
    ]
}
