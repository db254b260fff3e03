// SPDX-License-Identifier: MIT
import Settings
import Testing

@Suite("The netrc file")
struct NetrcTests {
    private let text = """
        # comment machine none
        machine a.example login ann password hunter2
        machine A.example
            login bob
            password "with \\"space # \\\\ "   # comment
        macdef init
        machine macro.example password no

        machine token.example password t0ken account x
        machine half.example login nobody
        default login guest password anyone
        """

    private func login(_ host: String, user: String? = nil) throws -> String {
        let folder = try TemporaryFolder()
        let path = try folder.file("netrc", text, mode: 0o600)
        let found = try SecretReader(environment: ["NETRC": path]).netrc(host: host, user: user)
        return found.map { "\($0.user ?? "-") \($0.password.reveal())" } ?? "none"
    }

    @Test(
        "host and user find their entry, else the default",
        arguments: [
            ("a.example", nil, "ann hunter2"), ("A.EXAMPLE", "bob", "bob with \"space # \\ "),
            ("a.example", "carl", "none"), ("a.example", "guest", "guest anyone"), ("token.example", nil, "- t0ken"),
            ("token.example", "ann", "ann t0ken"), ("macro.example", nil, "guest anyone"),
            ("half.example", nil, "guest anyone"), ("none", nil, "guest anyone"),
        ] as [(String, String?, String)])
    func find(_ host: String, _ user: String?, _ expected: String) throws {
        #expect(try login(host, user: user) == expected)
    }

    @Test("a netrc that others may read is refused, as is a missing one")
    func notPrivate() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file(".netrc", text, mode: 0o644)
        let path = folder.path + "/.netrc"
        #expect(throws: SecretError.fileNotPrivate(path: path)) {
            try SecretReader(environment: ["HOME": folder.path]).netrc(host: "a.example", user: nil)
        }
        #expect(throws: SecretError.fileUnreadable(path: "/nowhere/x", reason: "No such file or directory")) {
            try SecretReader(environment: ["NETRC": "/nowhere/x"]).netrc(host: "a.example", user: nil)
        }
        #expect(throws: SecretError.variableUnset("HOME")) {
            try SecretReader(environment: [:]).netrc(host: "a.example", user: nil)
        }
    }
}
