// SPDX-License-Identifier: MIT
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

/// What a version has left behind opens in this one. Each release adds a folder with its store, what `history --json`
/// said of it, and the example of its configuration.
@Suite("What an older locktop has left")
struct UpgradeTests {
    private static let folder =
        "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Golden/Upgrade"

    private static let versions =
        (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? []

    @Test("there is something of each version, and of the first tables that there were")
    func known() { #expect(Self.versions == ["0.1.0", "before-0.1.0"]) }

    @Test("a store tells the same, and goes on", arguments: versions)
    func store(version: String) async throws {
        try await inOffice { office in
            try FileManager.default.createDirectory(atPath: office.state, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: "\(Self.folder)/\(version)/history.sqlite", toPath: office.state + "/history.sqlite")
            let told = try await office.run("history", "--json")
            #expect(told.status == 0 && told.errors == "", "\(told)")
            let before = FileManager.default.contents(atPath: "\(Self.folder)/\(version)/history.json") ?? Data()
            #expect(told.output == String(decoding: before, as: UTF8.self))
            #expect(try await office.run("lock", "/news/agm").status == 0)
            let after = try await office.run("history", "--ours", "--json")
            #expect(after.lines.count == told.lines.count { $0.contains("\"operation\":") } + 1, "\(after)")
        }
    }

    @Test("a configuration is right as it stands", arguments: versions)
    func configuration(version: String) async throws {
        let ending = try await Program.run(
            try builtProgram("locktop"), ["config", "check", "--config", "\(Self.folder)/\(version)/config.yaml"],
            environment: ["HOME": "/nonexistent"])
        #expect(ending.status == 0, "\(ending)")
    }
}
