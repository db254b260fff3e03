// SPDX-License-Identifier: MIT
import ArgumentParser

/// The page of one command, or of the whole program.
struct CommandPage {
    /// The command with those above it: `["config", "check"]`.
    let path: [String]
    let info: CommandInfo

    var title: String { (["locktop"] + path).joined(separator: "-") }

    var text: String {
        var page = Mdoc(title, section: 1, about: info.abstract ?? "")
        synopsis(&page)
        page.section("DESCRIPTION")
        page.prose(sentence(info.abstract ?? ""))
        if let discussion = info.discussion { page.prose(discussion) }
        commands(&page)
        options(&page)
        ends(&page)
        page.section("SEE ALSO")
        page.request("Xr locktop 1 ,")
        page.request("Xr locktop-config 5 ,")
        page.request("Xr locktop-json 5")
        return page.text
    }

    private func sentence(_ text: String) -> String { ".?!".contains(text.last ?? ".") ? text : text + "." }

    private func synopsis(_ page: inout Mdoc) {
        page.section("SYNOPSIS")
        page.request("Nm locktop")
        for word in path { page.request(Mdoc.typed(word)) }
        if !info.options.isEmpty { page.request("Op Ar options") }
        if !info.shown.isEmpty { page.request("Ar command") }
        for word in info.words {
            let name = Mdoc.argument((word.valueName ?? "word") + (word.isRepeating ? " ..." : ""))
            page.request(word.isOptional ? "Op Ar \(name)" : "Ar \(name)")
        }
    }

    private func commands(_ page: inout Mdoc) {
        guard !info.shown.isEmpty else { return }
        page.list(info.shown.map { (Mdoc.typed($0.commandName), sentence($0.abstract ?? "")) })
    }

    private func options(_ page: inout Mdoc) {
        if !info.words.isEmpty {
            page.paragraph()
            page.prose("The words:")
            page.list(
                info.words.map { ("Ar \(Mdoc.argument($0.valueName ?? "word"))", sentence($0.abstract ?? "")) })
        }
        guard !info.options.isEmpty else { return }
        page.paragraph()
        page.prose("The options:")
        page.list(
            info.options.map { option in
                let names = (option.names ?? []).map {
                    "Fl " + Mdoc.escaped(String($0.text.dropFirst()), isTyped: true)
                }
                let value = option.kind == "option" ? " Ar \(Mdoc.argument(option.valueName ?? "value"))" : ""
                let standard = option.defaultValue.map { " Left out: \($0)." } ?? ""
                return (names.joined(separator: " , ") + value, sentence(option.abstract ?? "") + standard)
            })
    }

    private func ends(_ page: inout Mdoc) {
        guard let end = Locktop.helpEnd(of: path) else { return }
        page.section("EXIT STATUS")
        page.list(end.exits.sorted { $0.code < $1.code }.map { ("\($0.code)", sentence($0.meaning)) })
        page.section("EXAMPLES")
        page.literal(end.examples)
    }
}
