// SPDX-License-Identifier: MIT
public import Locks

extension GitLFSSystem {
    /// What the configuration of a repository with Git LFS knows.
    public static let options = OptionList(
        "gitlfs",
        server: [
            OptionKey("lfs_url", .address, "the endpoint, where it is elsewhere (git's `lfs.url`)"),
            OptionKey("ref", .form(ref), "the branch that is named with each request, for hosts that ask for one"),
        ],
        auth: [
            .user, .netrc, .password, .token,
            OptionKey(
                OptionValues.gitCredential, .flag, "take user and password from git's credential helpers"),
        ],
        items: [.path], examples: examples, check: check)

    private static let ref: @Sendable (String) throws(Complaint) -> String = { text throws(Complaint) in
        guard text.hasPrefix("refs/"), !text.contains(where: \.isWhitespace) else {
            throw Complaint("\(Quote.value(text)) is no full name of a branch; write \(Quote.value("refs/heads/main"))")
        }
        return text
    }

    private static let examples = [
        """
          - name: game
            kind: gitlfs
            url: https://git.example.org/studio/game.git  # as git clones it
            auth: {git_credential: true}   # or user with password_env, or with token_env
            items: {path: /Assets}

        """
    ]

    private static let check: @Sendable (WrittenOptions) -> [OptionFault] = { options in
        guard options.values.asksGit else { return OptionFault.ofPassword(options) }
        return OptionFault.ofPassword(options)
            + ["password", "token"].compactMap { key in
                options.word(for: key).map { word in
                    .refused(key, "`\(word)` and `git_credential` are two sources of one secret; keep one")
                }
            }
            + (options.values.flag("netrc")
                ? [.refused("netrc", "`netrc` and `git_credential` are two sources of one secret; keep one")] : [])
    }
}

extension OptionValues {
    /// The key by which git is asked, and under which its answer is among the secrets.
    static var gitCredential: String { "git_credential" }

    /// Whether user and password are git's to tell.
    var asksGit: Bool { flag(Self.gitCredential) }

    /// The endpoint, where it is not the repository's own.
    var lfsURL: String? { text("lfs_url") }

    /// The branch to name, `refs/heads/main`.
    var ref: String? { text("ref") }
}
