// SPDX-License-Identifier: MIT

/// The file that is being read, for what depends on its place.
struct SourceFile {
    let name: String
    let isPrivate: Bool
    let environment: [String: String]

    func resolve(_ path: String) -> String {
        ConfigurationPath.resolve(path, configFile: name, environment: environment)
    }

    /// The name as the shell wants it.
    var shellName: String { ShellWord.quote(name) }
}
