// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

@Suite("login and logout")
struct LoginTests {
    private func logins(_ office: Office) async -> Int {
        await office.server.requestLog.filter { $0.path.hasSuffix("@login") }.count
    }

    @Test("a password from standard input signs in, and the token is kept in a private file")
    func login() async throws {
        try await inOffice { office in
            // The configuration names only the user.
            let text = office.text(of: "config.yaml").replacing(", password_env: \(Office.variable)", with: "")
            try Office.write(text, to: office.configuration)
            let nobody = try await office.run("ls")
            #expect(nobody.status == 77, "\(nobody)")
            #expect(nobody.errors.contains("Run: locktop login intranet"))

            let wrong = try await office.run("login", "intranet", input: "not the password\n")
            #expect(wrong.status == 77, "\(wrong)")
            let none = try await office.run("login", "intranet", input: "")
            #expect(none.status == 64)

            let ending = try await office.run("login", "intranet", input: Office.password + "\n")
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output == "Signed in on intranet as mona.\n")
            var found = 0
            for name in try FileManager.default.contentsOfDirectory(atPath: office.state) {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(office.state)/\(name)")
                #expect((attributes[.posixPermissions] as? Int ?? 0) & 0o077 == 0, "\(name) is not private")
                found += 1
            }
            #expect(found > 0)

            await office.server.resetRequestLog()
            #expect(try await office.run("lock", "/news/agm").status == 0)
            #expect(await logins(office) == 0)
            let out = try await office.run("logout", "intranet")
            #expect(out.status == 0)
            #expect(try await office.run("ls").status == 77)
        }
    }

    @Test("a configured password is used once; the second run goes on with the token")
    func tokenIsKept() async throws {
        try await inOffice { office in
            let one = try await office.run("ls")
            #expect(one.status == 0, "\(one)")
            let first = await logins(office)
            await office.server.resetRequestLog()
            let other = try await office.run("ls")
            #expect(other.status == 0, "\(other)")
            #expect(await logins(office) == 0)
            #expect(first <= 1)
        }
    }

    @Test("a token that has run out is replaced without a word")
    func tokenRanOut() async throws {
        try await inOffice { office in
            #expect(try await office.run("ls").status == 0)
            await office.server.advance(by: 100_000)
            let ending = try await office.run("ls")
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.errors == "")
        }
    }

    @Test("login on a server that is not configured ends with 64")
    func strange() async throws {
        try await inOffice { office in
            let ending = try await office.run("login", "intranett", input: "x\n")
            #expect(ending.status == 64, "\(ending)")
            #expect(ending.errors.contains("Did you mean intranet?"))
        }
    }
}
