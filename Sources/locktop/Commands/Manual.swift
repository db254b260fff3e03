// SPDX-License-Identifier: MIT
import ArgumentParser
import FoundationEssentials

/// Writes the pages of the manual, for who packs the program.
struct Manual: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Write the pages of the manual into a folder.", shouldDisplay: false)

    @Argument(help: "The folder, which must be there.", completion: .directory)
    var folder: String

    func run() throws {
        try Run.command { [folder] in
            for page in try Pages.all() {
                do {
                    try Data(page.text.utf8).write(to: URL(filePath: "\(folder)/\(page.name)"))
                } catch {
                    throw Problem("\(folder)/\(page.name) can't be written.", 73)
                }
            }
            return 0
        }
    }
}
