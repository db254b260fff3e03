// SPDX-License-Identifier: MIT
import ArgumentParser
import LockSystems
import Settings

/// The configuration: check it, find it, or see an example.
struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the configuration, tell where it is, or print an example.",
        subcommands: [Check.self, Path.self, Example.self])

    /// Says what is wrong, with line and column.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what is wrong in the configuration.")
        @OptionGroup var common: CommonOptions

        func run() throws {
            try Run.command { [common] in
                let configuration = try ConfigurationSource.load(common)
                let count = configuration.servers.count
                let name = ConfigurationFile.name(of: try ConfigurationSource.path(common))
                Out.line("\(name) is right: \(count) \(count == 1 ? "server" : "servers").")
                return 0
            }
        }
    }

    /// Tells where it is.
    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tell where the configuration is.")
        @OptionGroup var common: CommonOptions

        func run() throws {
            try Run.command { [common] in
                Out.line(try ConfigurationSource.path(common))
                return 0
            }
        }
    }

    /// Prints a commented example.
    struct Example: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a commented example.")
        @OptionGroup var common: CommonOptions

        func run() { Out.write(ConfigurationExample.text(kinds: Registry.kinds.map(\.options)), to: 1) }
    }
}
