// SPDX-License-Identifier: MIT
import HTTP

/// Why a call of the Git LFS dialect was refused.
enum GitLFSFailure: Error {
    /// No credentials, or they don't count.
    case unauthorized
    /// Anything else, in the server's words.
    case refused(Int, String)
    /// Somebody has it.
    case taken(JSON)
}

extension Response {
    /// A JSON answer as the interface sends it.
    static func gitLFS(_ body: JSON, status: Int = 200) -> Response {
        Response(
            status: status, headers: ["Content-Type": "application/vnd.git-lfs+json"],
            body: body.encoded(JSONStyle(pretty: false, sorted: false, escapes: false)))
    }
}
