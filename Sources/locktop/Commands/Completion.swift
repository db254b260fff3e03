// SPDX-License-Identifier: MIT
import ArgumentParser
import Locks
import Settings

/// The completion script for a shell.
struct Completion: ParsableCommand {
    private static let shells = CompletionShell.allCases.map(\.rawValue).sorted()

    static let configuration = CommandConfiguration(
        abstract: "Print the completion script for bash, zsh or fish.",
        discussion: """
            It completes commands and options, and the names of servers, items and holders that were seen before, states \
            and columns. Where it belongs: bash: source <(locktop completion bash) in ~/.bashrc; zsh: as _locktop in a \
            folder of $fpath; fish: as ~/.config/fish/completions/locktop.fish.
            """)

    @Argument(help: "bash, zsh or fish.", completion: .list(Self.shells))
    var shell: String

    func run() throws {
        try Run.command { [shell] in
            guard let known = CompletionShell(rawValue: shell) else {
                let hint = NearestWord.hint(for: shell, among: Self.shells)
                throw Problem.usage(
                    "There is no completion for \(shell). There is: \(Self.shells.joined(separator: " ")).\(hint)")
            }
            let script = Locktop.completionScript(for: known)
            Out.write(known == .bash ? BashWords.script(around: script) : script + "\n", to: 1)
            return 0
        }
    }
}
