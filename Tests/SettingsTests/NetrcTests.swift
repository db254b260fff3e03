// SPDX-License-Identifier: MIT
import Settings
import Testing

@Suite("The netrc file")
struct NetrcTests {
    private static let text = """
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

    private func login(_ host: String, user: String? = nil, in text: String = Self.text) throws -> String {
        let folder = try TemporaryFolder()
        let path = try folder.file("netrc", text, mode: 0o600)
        do {
            let found = try SecretReader(environment: ["NETRC": path]).netrc(host: host, user: user)
            return "\(found.user ?? "-") \(found.password.reveal())"
        } catch {
            return error.description.replacing(path, with: "FILE")
        }
    }

    @Test(
        "host and user find their entry, else the default",
        arguments: [
            ("a.example", nil, "ann hunter2"), ("A.EXAMPLE", "bob", "bob with \"space # \\ "),
            ("a.example", "carl", "netrc file FILE has no login for a.example"),
            ("a.example", "guest", "guest anyone"), ("token.example", nil, "- t0ken"),
            ("token.example", "ann", "ann t0ken"), ("macro.example", nil, "guest anyone"),
            ("half.example", nil, "guest anyone"), ("none", nil, "guest anyone"),
        ] as [(String, String?, String)])
    func find(_ host: String, _ user: String?, _ expected: String) throws {
        #expect(try login(host, user: user) == expected)
    }

    @Test(
        "the shapes that others write are read",
        arguments: [
            "machine\nh\nlogin\nu\npassword\np\n", "machine h\n login u\n password #p\n",
            "\u{FEFF}machine h\n login u\n password p\n", "machine h\r\nlogin u\r\npassword p\r\n",
            "machine h login u password p", "# one\n\n#two\nmachine h #three\nlogin u password p# four",
            "machine h login u port 21 password p",
            "macdef x\nmachine h password no\n \t\nmachine h login u password p",
            "machine other login \"u\nmachine h login u password \"p\"", "login stray\nmachine h login u password p",
        ])
    func shapes(text: String) throws {
        let wanted = text.contains("#p") ? "u #p" : text.contains("p# four") ? "u p#" : "u p"
        #expect(try login("h", in: text) == wanted)
    }

    @Test(
        "where there is no login, what could not be read is told with its line, and without a word of the text",
        arguments: [
            ("machine g\n\nlogin", "; `login` in line 3 has no value"),
            (
                "machine h\nlogin a\nCANARY",
                "; line 3 has a word that is none of machine, default, login, password, "
                    + "account, macdef"
            ),
            ("machine h\npassword \"CANARY\n", "; a quotation mark in line 2 has no partner"),
            (
                "macdef x\nfoo\n\nCANARY",
                "; line 4 has a word that is none of machine, default, login, password, "
                    + "account, macdef"
            ),
            ("", ""),
        ])
    func faults(text: String, fault: String) throws {
        #expect(try login("h", in: text) == "netrc file FILE has no login for h" + fault)
    }

    @Test("a netrc that others may read is refused, as is a missing one")
    func notPrivate() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file(".netrc", Self.text, mode: 0o644)
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
