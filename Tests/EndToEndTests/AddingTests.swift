// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("The first minutes on a terminal")
    struct AddingTests {
        private func start(_ office: Office, _ words: String..., size: Size = Size(columns: 100, rows: 40)) throws
            -> PseudoTerminal
        {
            try PseudoTerminal(
                program: try builtProgram("locktop"), arguments: words, environment: office.environment, size: size,
                directory: office.home)
        }

        /// A server that tells nothing before one signs in, and lets nobody in.
        private func closed() throws -> StubServer {
            try StubServer(
                answer: "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"Staff\"\r\nContent-Length: 0\r\n"
                    + "Connection: close\r\n\r\n")
        }

        private func has(_ office: Office, _ name: String) -> Bool {
            FileManager.default.fileExists(atPath: office.home + "/" + name)
        }

        private static let file = ".config/locktop/config.yaml"

        @Test("add asks for what is missing, a wrong password again, and writes what it showed; the sign-in is kept")
        func add() async throws {
            try await inOffice { office in
                let terminal = try start(office, "add", office.server.address)
                try await terminal.see("the name") { $0.contains("Name [plone]:") }
                terminal.type("intranet\r")
                try await terminal.see("the user") { $0.contains("User of intranet") }
                terminal.type("mona\r")
                try await terminal.see("how") { $0.contains("[T/c/f/e]") }
                terminal.type("\r")
                try await terminal.see("the password") { $0.contains("Password of mona on intranet:") }
                terminal.type("wrong\r")
                try await terminal.see("that it is asked again") { $0.contains("Password of mona on intranet, again") }
                #expect(!has(office, Self.file))
                terminal.type(Office.password + "\r")
                try await terminal.see("the question") { $0.contains("Write it? [Y/n]") }
                #expect(terminal.screen.contains("auth: {user: mona}"))
                #expect(!has(office, Self.file))
                #expect(!has(office, ".local"))
                terminal.type("\r")
                #expect(try await terminal.ending() == .code(0))
                #expect(!String(decoding: terminal.rawBytes, as: UTF8.self).contains(Office.password))
                #expect(office.text(of: Self.file).contains("    auth: {user: mona}\n"))
                #expect(terminal.isRestored)
                // No password stands anywhere: it is the sign-in that was kept.
                let listed = try await Program.run(
                    try builtProgram("locktop"), ["ls"], environment: office.environment([Office.variable: "unset"]))
                #expect(listed.status == 0, "\(listed)")
            }
        }

        @Test("a password that nothing can be kept of goes to a private file of its own")
        func keptPassword() async throws {
            let options = DemoOptions(
                dialect: try #require(DialectKind(rawValue: "superoffice")), documents: 5, people: false)
            try await inOffice(options) { office in
                let terminal = try start(office, "add", "crm", office.server.address, "--user", "mona")
                try await terminal.see("how") { $0.contains("[T/c/f/e]") }
                terminal.type("t\r")
                try await terminal.see("the password") { $0.contains("Password of mona on crm:") }
                terminal.type(Office.password + "\r")
                try await terminal.see("the question") { $0.contains("Write it? [Y/n]") }
                #expect(terminal.screen.contains("keeps no sign-in, so the password itself goes to"))
                terminal.type("\r")
                #expect(try await terminal.ending() == .code(0))
                let secret = office.home + "/.config/locktop/crm.password"
                #expect(office.text(of: ".config/locktop/crm.password") == Office.password + "\n")
                let attributes = try FileManager.default.attributesOfItem(atPath: secret)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
                let listed = try await Program.run(
                    try builtProgram("locktop"), ["ls"], environment: office.environment)
                #expect(listed.status == 0, "\(listed)")
            }
        }

        @Test("a sign-in by code shows the code, and goes on when it is confirmed")
        func code() async throws {
            let options = DemoOptions(
                dialect: try #require(DialectKind(rawValue: "msgraph")), documents: 5, people: false)
            try await inOffice(options) { office in
                let terminal = try start(
                    office, "add", office.server.address, "--tenant", "harbour.example", "--login-url",
                    office.server.address)
                try await terminal.see("the name") { $0.contains("Name [") }
                terminal.type("files\r")
                try await terminal.see("the application") { $0.contains("client id") }
                terminal.type("00000000-0000-0000-0000-000000000000\r")
                try await terminal.see("the code") { $0.contains("and type the code") }
                try await terminal.see("the question", within: 40) { $0.contains("Write it? [Y/n]") }
                terminal.type("\r")
                #expect(try await terminal.ending() == .code(0))
                #expect(office.text(of: Self.file).contains("flow: device_code"))
            }
        }

        @Test("^C at each question leaves with 130, and nothing is written", arguments: 0..<5)
        func interrupted(at step: Int) async throws {
            try await inOffice { office in
                let terminal = try start(office, "add", office.server.address)
                let steps = [
                    ("Name [", "\r"), ("User of", "mona\r"), ("[T/c/f/e]", "t\r"),
                    ("Password of mona", Office.password + "\r"), ("Write it?", ""),
                ]
                for (index, (question, answer)) in steps.enumerated() {
                    try await terminal.see(question) { $0.contains(question) }
                    guard index < step else { break }
                    terminal.type(answer)
                }
                terminal.type("\u{3}")
                #expect(try await terminal.ending(within: 5) == .code(130))
                #expect(terminal.isRestored)
                #expect(!has(office, ".config"))
                #expect(!has(office, ".local"))
            }
        }

        /// Questions to which only some answers, or some servers, lead: the words behind `add`, what is answered, and the last.
        private static let rareQuestions: [(words: [String], answers: [(String, String)], last: String)] = {
            let user = [("Name [", "\r"), ("User of", "mona\r")]
            let application = [("Id of the registered application", "1\r")]
            return [
                (["OFFICE"], user + [("[T/c/f/e]", "c\r")], "Command that prints it:"),
                (["OFFICE"], user + [("[T/c/f/e]", "f\r")], "File (mode 0600)"),
                (["OFFICE"], user + [("[T/c/f/e]", "e\r")], "Name of the environment variable:"),
                (["CLOSED"], [], "User:"), (["CLOSED"], [("User:", "ann\r")], "Password of ann:"),
                (["CLOSED"], [("User:", "ann\r"), ("Password of ann:", "no\r")], "Password of ann, again"),
                (["files", "--kind", "msgraph"], [], "Id of the registered application"),
                (["files", "--kind", "msgraph"], application, "Tenant"),
            ]
        }()

        @Test("^C at the rarer questions leaves with 130 too, and nothing is written", arguments: rareQuestions.indices)
        func interruptedRarely(number: Int) async throws {
            let (words, answers, last) = Self.rareQuestions[number]
            let closed = try self.closed()
            try await inOffice { office in
                let names = ["OFFICE": office.server.address, "CLOSED": "http://127.0.0.1:\(closed.port)"]
                let terminal = try PseudoTerminal(
                    program: try builtProgram("locktop"), arguments: ["add"] + words.map { names[$0] ?? $0 },
                    environment: office.environment, size: Size(columns: 100, rows: 40), directory: office.home)
                for (question, answer) in answers {
                    try await terminal.see(question) { $0.contains(question) }
                    terminal.type(answer)
                }
                try await terminal.see(last) { $0.contains(last) }
                terminal.type("\u{3}")
                #expect(try await terminal.ending(within: 5) == .code(130))
                #expect(terminal.isRestored)
                #expect(!has(office, ".config") && !has(office, ".local"))
            }
        }

        @Test("^C at the question of remove leaves the configuration as it was")
        func removeInterrupted() async throws {
            try await inOffice { office in
                let before = office.text(of: "config.yaml")
                let terminal = try start(office, "remove", "intranet", "--config", office.configuration)
                try await terminal.see("the question") { $0.contains("[y/N]") || $0.contains("[Y/n]") }
                terminal.type("\u{3}")
                #expect(try await terminal.ending(within: 5) == .code(130))
                #expect(terminal.isRestored)
                #expect(office.text(of: "config.yaml") == before && !has(office, "config.yaml~"))
            }
        }

        @Test(
            "plain http to another machine is refused before anybody is asked who signs in", arguments: [["add"], []])
        func plain(command: [String]) async throws {
            let proxy = try self.closed()
            try await inOffice { office in
                let terminal = try PseudoTerminal(
                    program: try builtProgram("locktop"), arguments: command + ["http://files.example.org/dav"],
                    environment: office.environment(["http_proxy": "http://127.0.0.1:\(proxy.port)"]),
                    size: Size(columns: 100, rows: 40), directory: office.home)
                #expect(try await terminal.ending() == .code(78))
                #expect(terminal.screen.contains("plain `http://` to `files.example.org` sends secrets readable"))
                #expect(!terminal.screen.contains("User") && !terminal.screen.contains("wants a sign-in"))
                #expect(!has(office, ".config"))
            }
        }

        @Test("where the password is said and not who signs in, add asks for that alone, also of a closed server")
        func closedWithoutUser() async throws {
            let closed = try self.closed()
            try await inOffice { office in
                let address = "http://127.0.0.1:\(closed.port)"
                let terminal = try start(office, "add", address, "--password-env", Office.variable)
                try await terminal.see("who it is") { $0.contains("User:") }
                terminal.type("mona\r")
                #expect(try await terminal.ending() == .code(77))
                #expect(terminal.screen.contains("\(address) does not accept this user and password."))
                #expect(!terminal.screen.contains("Password of"))
            }
        }

        @Test("no to the question writes nothing")
        func declined() async throws {
            try await inOffice { office in
                let terminal = try start(
                    office, "add", "x", office.server.address, "--user", "mona", "--password-env", Office.variable)
                try await terminal.see("the question") { $0.contains("Write it?") }
                terminal.type("n\r")
                #expect(try await terminal.ending() == .code(1))
                #expect(terminal.screen.contains("Nothing was written."))
                #expect(!has(office, ".config"))
            }
        }

        @Test("an address opens the dashboard after its password, and a change there is in the audit log")
        func direct() async throws {
            try await inOffice { office in
                let terminal = try start(office, office.server.address.replacing("http://", with: "http://mona@"))
                try await terminal.see("the password") { $0.contains("Password of mona on plone:") }
                terminal.type(Office.password + "\r")
                try await terminal.see("the items") { $0.contains("/news/agm") }
                #expect(!has(office, ".config") && !has(office, ".local"))
                terminal.type("/")
                try await terminal.see("the filter") { $0.cursorVisible }
                terminal.type("agm")
                try await terminal.see("the one") { !$0.contains("/news/launch") }
                terminal.type("\r")
                terminal.type("l")
                try await terminal.see("the lock") { $0.contains("you") }
                terminal.type("u")
                try await terminal.see("the end of it") { $0.contains("released") || $0.contains("gave") }
                terminal.type("q")
                #expect(try await terminal.ending() == .code(0))
                #expect(!has(office, ".config"))
                let log = try await office.run("history", "--ours", "--json")
                #expect(log.output.contains("\"operation\":\"lock\""), "\(log)")
            }
        }

        @Test("without a configuration a page offers three ways, by arrows or by their letters")
        func firstPage() async throws {
            try await inOffice { office in
                let terminal = try start(office, size: Size(columns: 80, rows: 24))
                try await terminal.see("the page") { $0.contains("No server is configured yet.") }
                try Golden.check(terminal.screen.text, named: "first-page")
                terminal.press(.down)
                terminal.press(.down)
                terminal.press(.enter)
                try await terminal.see("the place") { screen in
                    screen.text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
                        .contains(office.home + "/.config/locktop/config.yaml")
                }
                terminal.press(.enter)
                try await terminal.see("the page again") { $0.contains("Add a server") }
                terminal.type("q")
                #expect(try await terminal.ending() == .code(0))
                #expect(terminal.isRestored)
            }
        }

        @Test("d on the first page opens the demo")
        func demo() async throws {
            try await inOffice { office in
                let terminal = try start(office)
                try await terminal.see("the page") { $0.contains("No server is configured yet.") }
                terminal.type("d")
                try await terminal.see("the demo") { $0.contains("4 servers") || $0.contains("servers ·") }
                terminal.type("q")
                #expect(try await terminal.ending() == .code(0))
                #expect(!has(office, ".config") && !has(office, ".local"))
            }
        }

        @Test("a on the first page adds a server and opens the dashboard on it")
        func addFromPage() async throws {
            try await inOffice { office in
                let terminal = try start(office)
                try await terminal.see("the page") { $0.contains("No server is configured yet.") }
                terminal.type("a")
                for (question, answer) in [
                    ("Address of the server", office.server.address), ("Name [", ""), ("User of", "mona"),
                    ("[T/c/f/e]", ""), ("Password of mona", Office.password), ("Write it?", ""),
                ] {
                    try await terminal.see(question) { $0.contains(question) }
                    terminal.type(answer + "\r")
                }
                try await terminal.see("the dashboard") { $0.contains("/news/agm") && $0.contains("Held") }
                terminal.type("q")
                #expect(try await terminal.ending() == .code(0))
                #expect(has(office, Self.file))
            }
        }
    }
}
