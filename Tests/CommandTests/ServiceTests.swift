// SPDX-License-Identifier: MIT
import FoundationEssentials
import TestSupport
import Testing

/// The unit of systemd that comes with the package. It was started in a booted system; here it is read by systemd's own tools.
@Suite(
    "The service of locktop metrics",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze"), "systemd is not installed"))
struct ServiceTests {
    private static let unit =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        + "/Sources/Packaging/locktop-metrics.service"

    private func analyze(_ words: String...) async throws -> Program.Ending {
        try await Program.run(
            "/usr/bin/systemd-analyze", words, environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"])
    }

    @Test("systemd finds nothing wrong in it but that locktop is not installed here")
    func verified() async throws {
        let folder = "/tmp/locktop-unit-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/locktop-metrics.service"
        // That the program is elsewhere is no fault of the unit.
        let text = try String(contentsOfFile: Self.unit, encoding: .utf8)
        try Data(text.replacing("/usr/bin/locktop", with: "/bin/true").utf8).write(to: URL(filePath: path))
        let ending = try await analyze("verify", "--man=no", path)
        #expect(ending.status == 0 && ending.errors == "", "\(ending)")
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("systemd counts it among the services that are little exposed")
    func hardened() async throws {
        let ending = try await analyze("security", "--offline=true", "--no-pager", Self.unit)
        let level = try #require(ending.output.firstMatch(of: /exposure level for \S+: ([0-9.]+)/)).output.1
        #expect(try #require(Double(level)) <= 1.5, "\(ending)")
    }
}
