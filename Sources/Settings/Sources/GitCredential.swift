// SPDX-License-Identifier: MIT

extension SecretReader {
    /// What `git credential fill` prints about an address: `username=` and `password=` in lines of their own.
    ///
    /// Git's helpers are asked, never a person, and nothing is kept, neither here nor by git: it is told of no sign-in that
    /// was good or bad.
    /// - Parameters:
    ///   - host: with the port where it is not the scheme's own.
    ///   - path: percent-decoded; git heeds it only where it is set up to.
    /// - Throws: also when git is not there, or knows nothing of the address.
    public func gitCredential(
        scheme: String, host: String, path: String, user: String?
    ) async throws(SecretError) -> Secret {
        let facts = [("protocol", scheme), ("host", host), ("path", path)] + (user.map { [("username", $0)] } ?? [])
        // A line's end in one would be another fact to git.
        let lines = facts.filter { !$0.1.isEmpty && SecretText.isLine($0.1[...]) }.map { "\($0.0)=\($0.1)" }
        let question = lines.map(ShellWord.quote).joined(separator: " ")
        let command =
            "printf '%s\\n' \(question) '' | GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=false SSH_ASKPASS=false "
            + "GCM_INTERACTIVE=never git credential fill"
        do throws(SecretError) {
            let run = ShellCommand(command: command, environment: environment, deadline: commandDeadline)
            return Secret(String(decoding: try await run.output(), as: UTF8.self))
        } catch {
            guard case .commandFailed(_, let said) = error else { throw error }
            throw .gitWithoutLogin(host: host, standardError: said)
        }
    }
}
