// SPDX-License-Identifier: MIT
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

/// `make install` of the program under test, and `make uninstall`.
@Suite(
    "Installing",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/make"), "make is not installed"))
struct InstallTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private func make(_ words: String...) async throws -> Program.Ending {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try await Program.run(
            "/usr/bin/make", ["--no-print-directory", "-C", Self.root] + words, environment: ["PATH": path],
            within: 120)
    }

    private func files(_ folder: String) throws -> Set<String> {
        Set(
            try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
                var isFolder = false
                return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder) && !isFolder
            })
    }

    @Test(
        "puts everything below PREFIX and DESTDIR, from where it runs, and leaves nothing behind when it is taken away")
    func whole() async throws {
        let folder = try Office.makeFolder()
        let places = ["DESTDIR=\(folder)", "PREFIX=/opt/lock"]
        let program = try builtProgram("locktop")
        let installed = try await make("install", "BINARY=\(program)", places[0], places[1])
        #expect(installed.status == 0, "\(installed)")
        let found = try files(folder)
        let pages = ["locktop.1", "locktop-ls.1", "locktop-config-check.1"].map { "man1/\($0)" }
        for name in pages + ["man5/locktop-config.5", "man5/locktop-json.5"] {
            #expect(found.contains("opt/lock/share/man/\(name)"), "\(name)")
        }
        for name in [
            "bin/locktop", "share/bash-completion/completions/locktop", "share/zsh/site-functions/_locktop",
            "share/fish/vendor_completions.d/locktop.fish", "share/doc/locktop/LICENCES",
        ] {
            #expect(found.contains("opt/lock/\(name)"), "\(name)")
        }
        #expect(found.allSatisfy { $0.hasPrefix("opt/lock/") })
        let licences = String(
            decoding: FileManager.default.contents(atPath: folder + "/opt/lock/share/doc/locktop/LICENCES") ?? Data(),
            as: UTF8.self)
        for name in ["swift-nio", "swift-argument-parser", "yams", "grdb.swift", "The standard library of Swift"] {
            #expect(licences.contains(name), "\(name)")
        }
        let version = try await Program.run(folder + "/opt/lock/bin/locktop", ["--version"])
        #expect(version.status == 0, "\(version)")
        let removed = try await make("uninstall", places[0], places[1])
        #expect(removed.status == 0, "\(removed)")
        #expect(try files(folder) == [])
        try FileManager.default.removeItem(atPath: folder)
    }
}
