// SPDX-License-Identifier: MIT

/// Where locktop's files are, by the XDG rules.
///
/// Relative values of the XDG variables are ignored, as these rules want.
public enum ConfigurationPath {
    /// `$XDG_CONFIG_HOME/locktop/config.yaml`, else `~/.config/locktop/config.yaml`; `nil` without a home.
    public static func configFile(environment: [String: String]) -> String? {
        directory(environment, variable: "XDG_CONFIG_HOME", below: ".config").map { $0 + "/locktop/config.yaml" }
    }

    /// `$XDG_STATE_HOME/locktop`, else `~/.local/state/locktop`; `nil` without a home.
    public static func stateDirectory(environment: [String: String]) -> String? {
        directory(environment, variable: "XDG_STATE_HOME", below: ".local/state").map { $0 + "/locktop" }
    }

    private static func directory(
        _ environment: [String: String], variable: String, below: String
    ) -> String? {
        if let value = environment[variable], value.hasPrefix("/") { return trimmed(value) }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return trimmed(home) + "/" + below
    }

    private static func trimmed(_ path: String) -> String {
        var path = Substring(path)
        while path.last == "/" { path = path.dropLast() }
        return String(path)
    }

    /// `path` made absolute as the configuration means it: `~/` is the home, a relative path starts at the folder of
    /// the configuration file.
    static func resolve(_ path: String, configFile: String, environment: [String: String]) -> String {
        if path.hasPrefix("/") { return path }
        if path.hasPrefix("~/"), let home = environment["HOME"], home.hasPrefix("/") {
            return trimmed(home) + path.dropFirst()
        }
        guard let slash = configFile.lastIndex(of: "/") else { return path }
        return String(configFile[...slash]) + path
    }
}
