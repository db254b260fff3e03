// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

@Suite("Secrets stay secret")
struct SecretTests {
    @Test("password, sign-in token and lock token are in no output, log, history or file but the token file")
    func canaries() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/launch", as: "bob")
            var text = ""
            for words in [
                ["ls", "-v", "--json"], ["show", "-v", "/news/launch"], ["lock", "-v", "/news/agm", "--json"],
                ["unlock", "-v", "--force", "--yes", "/news/launch", "--json"], ["servers", "-v", "--json"],
                ["events", "-v", "--for", "1s"], ["refresh", "-v", "/news/agm"], ["unlock", "-v", "/news/agm"],
                ["history", "--json"], ["history"], ["login", "-v", "intranet"], ["ls", "-v"],
            ] {
                let ending = try await Program.run(
                    try builtProgram("locktop"), [words[0], "--config", office.configuration] + words.dropFirst(),
                    environment: office.environment, input: Office.password + "\n")
                text += "\(words)\n\(ending.output)\n\(ending.errors)\n"
            }
            await office.server.setFaults(Faults([Fault(.status(500, retryAfter: nil))]))
            text += try await office.run("ls", "-v").description
            #expect(text.contains("GET") || text.contains("POST"), "the log shows requests")

            var secrets = [Office.password]
            let tokens = tokenFiles(office)
            #expect(!tokens.isEmpty)
            // Every long word of the token file is a secret: it holds nothing else.
            for token in tokens.values {
                secrets += token.matches(of: /eyJ[A-Za-z0-9_\-.]{20,}/).map { String($0.output) }
            }
            #expect(secrets.count > 1, "there is a token to look for")
            for secret in secrets {
                #expect(!text.contains(secret), "a secret is in the output")
                for (name, content) in try stateFiles(office) where tokens[name] == nil {
                    #expect(!content.contains(secret), "a secret is in \(name)")
                }
            }
            // Plone's lock tokens tell who and when; nobody needs them to read a log.
            #expect(text.firstMatch(of: /opaquelocktoken|0\.\d{10,}-\d/) == nil)
        }
    }

    @Test("the password is not in the program's arguments")
    func arguments() async throws {
        try await inOffice { office in
            let program = try office.start("lock", "/news/agm", "--", "sh", "-c", "tr '\\0' ' ' < /proc/$PPID/cmdline")
            let ending = try await program.finish()
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output.contains("/news/agm"))
            #expect(!ending.output.contains(Office.password))
        }
    }

    private func stateFiles(_ office: Office) throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: office.state) {
            let data = try? Data(contentsOf: URL(filePath: "\(office.state)/\(name)"))
            files[name] = data.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return files
    }

    private func tokenFiles(_ office: Office) -> [String: String] {
        ((try? stateFiles(office)) ?? [:]).filter { $0.key.contains("token") }
    }
}
