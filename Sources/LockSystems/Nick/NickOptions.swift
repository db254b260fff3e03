// SPDX-License-Identifier: MIT
public import Locks

extension NickSystem {
    /// What the configuration of a Nick knows. More than four connections bring one to a halt.
    public static let options = OptionList(
        "nick",
        server: [
            OptionKey("force_by_save", .flag, "offer to break a lock by saving with its visible token")
        ],
        auth: [.user, .netrc, .password, .token],
        items: [.path, .types, .depth, .words],
        connections: mostConnections, mostConnections: mostConnections,
        examples: [
            """
              - name: blog
                kind: nick
                url: https://blog.example.org
                auth: {user: editor, password_env: BLOG_PASSWORD}
                force_by_save: false # true: offer to break a lock by saving with its visible token
                poll: 30s            # these two may differ per server
                request_budget: 60/m

            """
        ],
        check: { OptionFault.ofPassword($0) })
}

extension OptionValues {
    /// Whether a lock may be broken by saving with its token.
    var forcesBySaving: Bool { flag("force_by_save") }
}
