// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import LockSystems
import Locks
import Settings

/// The configuration as it is on disk, about to be changed.
struct Draft {
    let path: String
    /// What the file holds; `nil`: there is none.
    let text: String?
    let edit: ConfigurationEdit

    /// Reads it, and makes sure that it can be replaced.
    /// - Throws: `Problem` with everything that is wrong.
    init(_ common: CommonOptions) throws {
        path = try ConfigurationSource.path(common)
        guard path != "-" else { throw Problem.usage("Standard input can't be changed: give --config FILE.") }
        let kinds = Registry.kinds.map(\.options)
        do {
            try ConfigurationFile.checkReplaceable(path: path)
            let file = FileManager.default.fileExists(atPath: path) ? try ConfigurationFile.load(path: path) : nil
            text = file?.text
            edit = try ConfigurationEdit(
                text ?? "", file: path, isPrivateFile: file?.isPrivate ?? true, kinds: kinds,
                environment: Environment.variables)
        } catch {
            throw Problem.configuration("\(error)")
        }
    }

    /// The names of the servers that are there.
    var names: [String] { edit.configuration.servers.map(\.name) }

    /// Puts a new text in the file's place.
    /// - Throws: `Problem`, and then the file is as it was.
    func write(_ new: String) throws {
        do {
            guard try ConfigurationFile.replace(path: path, old: text, with: new) else {
                throw Problem("\(path) was changed by somebody else meanwhile; nothing was written. Run it again.", 75)
            }
        } catch let error as ConfigurationErrors {
            throw Problem.configuration("\(error)")
        }
    }
}
