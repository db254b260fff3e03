// SPDX-License-Identifier: MIT
import FoundationEssentials
import Testing

@testable import Settings

@Suite("Passwords that git keeps")
struct GitCredentialTests {
    private static let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

    /// A home whose git asks this helper, a function of the shell, and writes down what it was asked.
    private static func home(_ helper: String) throws -> (folder: TemporaryFolder, variables: [String: String]) {
        let folder = try TemporaryFolder()
        let asked = try folder.file("asked", "", mode: 0o600)
        let home = folder.path
        let script = "#!/bin/sh\necho \"$1\" >> '\(asked)'; cat >> '\(asked)'\n[ \"$1\" = get ] || exit 0\n\(helper)\n"
        let program = try folder.file("helper", script, mode: 0o700)
        _ = try folder.file(".gitconfig", "[credential]\n\thelper = \(program)\n\tuseHttpPath = true\n", mode: 0o600)
        return (folder, ["PATH": path, "HOME": home, "GIT_CONFIG_NOSYSTEM": "1", "ASKED": asked])
    }

    private static func text(_ variables: [String: String]) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: variables["ASKED"] ?? "")), as: UTF8.self)
    }

    @Test("Git's helper is asked for the address and nothing else, and told neither good nor bad of what it gave")
    func asked() async throws {
        let (folder, variables) = try Self.home("echo username=ines; echo 'password=pass=word é'")
        let reader = SecretReader(environment: variables)
        let answer = try await reader.gitCredential(
            scheme: "https", host: "git.example.org:8443", path: "studio/it's a game.git/info/lfs", user: nil
        ).reveal()
        #expect(answer.contains("username=ines\n") && answer.contains("password=pass=word é\n"))
        let asked = try Self.text(variables)
        #expect(
            asked.hasPrefix("get\n")
                && asked.split(separator: "\n").filter { ["get", "store", "erase"].contains($0) } == ["get"])
        for fact in ["protocol=https", "host=git.example.org:8443", "path=studio/it's a game.git/info/lfs"] {
            #expect(asked.contains(fact + "\n"), "\(fact) in \(asked)")
        }
        #expect(!asked.contains("username="))
        withExtendedLifetime(folder) {}
    }

    @Test("The configured user is named to git")
    func named() async throws {
        let (folder, variables) = try Self.home("echo password=secret")
        _ = try await SecretReader(environment: variables).gitCredential(
            scheme: "https", host: "git.example.org", path: "", user: "tomas")
        #expect(try Self.text(variables).contains("username=tomas\n"))
        withExtendedLifetime(folder) {}
    }

    @Test("Where git knows nothing no person is asked, and the error names the host")
    func unknown() async throws {
        let (folder, variables) = try Self.home("exit 1")
        do {
            _ = try await SecretReader(environment: variables).gitCredential(
                scheme: "https", host: "git.example.org", path: "a", user: nil)
            Issue.record("git gave something")
        } catch {
            #expect(error.description == "git has no user and password for git.example.org")
        }
        withExtendedLifetime(folder) {}
    }

    @Test("A line's end in a part of the address tells git nothing of its own")
    func smuggled() async throws {
        let (folder, variables) = try Self.home("echo username=a; echo password=b")
        _ = try await SecretReader(environment: variables).gitCredential(
            scheme: "https", host: "git.example.org", path: "a\nhost=evil.example", user: "x\nhost=evil.example")
        #expect(try !Self.text(variables).contains("evil"))
        withExtendedLifetime(folder) {}
    }
}
