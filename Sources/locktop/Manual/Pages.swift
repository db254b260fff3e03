// SPDX-License-Identifier: MIT

/// All pages of the manual by the names of their files.
enum Pages {
    /// - Throws: `Problem`
    static func all() throws -> [(name: String, text: String)] {
        let program = try CommandInfo.ofProgram()
        var pages = [
            ("locktop.1", ProgramPage(info: program).text), ("locktop-config.5", ConfigurationPage().text),
            ("locktop-json.5", JSONPage().text),
        ]
        func add(_ path: [String], _ info: CommandInfo) {
            // The command `config` has the file's name; its page is about the command all the same.
            let page = CommandPage(path: path, info: info)
            pages.append((page.title + ".1", page.text))
            for command in info.shown { add(path + [command.commandName], command) }
        }
        for command in program.shown { add([command.commandName], command) }
        return pages
    }
}
