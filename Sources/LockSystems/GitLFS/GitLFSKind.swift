// SPDX-License-Identifier: MIT
import HTTP
import Locks

extension GitLFSSystem {
    /// What this kind of server is called, what its configuration knows, and how one is made.
    public static let kind = SystemKind(
        name: "Git LFS", options: options, leastPoll: { Self.isHosted($0) ? 15 : 0 }, operations: allOperations,
        listing: "`POST locks/verify`: all locks of a repository, ours and theirs, one request a page",
        calls: [
            .lock: "POST locks", .unlock: "POST locks/{id}/unlock", .forceUnlock: "POST locks/{id}/unlock {force}",
        ],
        login: { said in
            if said.values.asksGit, let answer = said.secrets[OptionValues.gitCredential] {
                return .password(user: said.user ?? "", secret: answer, isBasic: true)
            }
            if let token = said.secrets["token"] {
                // The hosts that have many users take a token in the place of the password.
                return said.user.map { .password(user: $0, secret: token, isBasic: true) } ?? .token(token)
            }
            guard let password = said.password else { return .anonymous }
            return .password(user: said.user ?? "", secret: password, isBasic: true)
        },
        signInAddress: { GitLFSAddress($0, $1).endpoint },
        signs: signs, make: { GitLFSSystem($0) })

    /// Services for everybody that count requests.
    private static func isHosted(_ address: WebAddress) -> Bool {
        ["github.com", "gitlab.com", "codeberg.org", "gitea.com"].contains { host in
            address.host == host || address.host.hasSuffix("." + host)
        }
    }
}
