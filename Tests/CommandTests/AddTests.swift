// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import Glibc
import HTTP
import Serving
import TestOffice
import TestSupport
import Testing

@Suite("add, remove and an address, from a script")
struct AddTests {
    /// The arguments that add the office's server.
    private func flags(_ office: Office) -> [String] {
        [office.server.address, "--user", "mona", "--password-env", Office.variable, "--yes"]
    }

    private func run(_ office: Office, _ words: [String], changes: [String: String] = [:]) async throws
        -> Program.Ending
    {
        try await Program.run(
            try builtProgram("locktop"), words, environment: office.environment(changes), directory: office.home)
    }

    private func path(_ office: Office) -> String { office.home + "/.config/locktop/config.yaml" }

    private func mode(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
    }

    @Test("by flags a server is added to a private file, which shows it before, and can be read")
    func byFlags() async throws {
        try await inOffice { office in
            let ending = try await run(office, ["add", "intranet"] + flags(office))
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output == "intranet was added to \(path(office)).\n")
            let lines = """
                  - name: intranet
                    kind: plone
                    url: \(office.server.address)
                    auth: {user: mona, password_env: \(Office.variable)}

                """
            #expect(ending.errors.contains("is Plone.\n"))
            #expect(ending.errors.contains("Signed in on intranet as Mona Manager: 7 items.\n"))
            #expect(ending.errors.contains(lines))
            #expect(office.text(of: ".config/locktop/config.yaml") == "servers:\n" + lines)
            #expect(try mode(path(office)) == 0o600)
            #expect(try mode(office.home + "/.config/locktop") == 0o700)
            #expect(!FileManager.default.fileExists(atPath: path(office) + "~"))
            let listed = try await run(office, ["ls"])
            #expect(listed.status == 0 && listed.output.contains("/news/agm"), "\(listed)")
        }
    }

    @Test("what was there stays, and is kept beside it; a second one is refused, and nothing is written")
    func twice() async throws {
        try await inOffice { office in
            let old = "# mine\npoll: 7s\n\nservers:\n  - {name: x, kind: nick, url: \"http://127.0.0.1:1\"}\n# end\n"
            try Office.write(old, to: office.configuration)
            let words = ["add", "--config", office.configuration]
            let ending = try await run(office, words + flags(office))
            #expect(ending.status == 0, "\(ending)")
            let new = office.text(of: "config.yaml")
            #expect(new.hasPrefix("# mine\npoll: 7s\n\nservers:\n  - {name: x"))
            #expect(new.hasSuffix("}\n# end\n"))
            #expect(office.text(of: "config.yaml~") == old)
            #expect(try mode(office.configuration) == 0o600)
            let again = try await run(office, words + flags(office))
            #expect(again.status == 64, "\(again)")
            #expect(again.errors.contains("That server is configured already: it is called plone."))
            let named = try await run(office, words + ["plone"] + flags(office))
            #expect(named.status == 64, "\(named)")
            #expect(named.errors.contains("A server called plone is configured already."))
            #expect(office.text(of: "config.yaml") == new)
        }
    }

    @Test("a page below the site becomes the folder to list, and the user stands in the address")
    func below() async throws {
        try await inOffice { office in
            let address = office.server.address.replacing("http://", with: "http://mona@") + "/news/agm/view"
            let ending = try await run(office, ["add", "news", address, "--password-env", Office.variable, "--yes"])
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.errors.contains("items: {path: /news/agm}"))
            #expect(ending.errors.contains("auth: {user: mona,"))
        }
    }

    @Test(
        "without a terminal what is missing is said with its flag, and nothing is written",
        arguments: [
            ([], "--yes"), (["--yes"], "--user"), (["--user", "mona", "--yes"], "--password-env"),
            (["--user", "mona", "--password-env", "A", "--password-file", "b", "--yes"], "keep one"),
            (["--user", "mona", "--password-env", "A", "--client-id", "x", "--yes"], "no use for --client-id"),
            (["--kind", "plon", "--yes"], "Did you mean plone?"),
        ])
    func missing(words: [String], told: String) async throws {
        try await inOffice { office in
            let ending = try await run(office, ["add", office.server.address] + words)
            #expect(ending.status == 64, "\(ending)")
            #expect(ending.errors.contains(told), "\(ending)")
            #expect(ending.output == "")
            #expect(!FileManager.default.fileExists(atPath: path(office)))
        }
    }

    @Test("a wrong password ends with 77, and nothing is written: no configuration, no sign-in")
    func wrongPassword() async throws {
        try await inOffice { office in
            let ending = try await run(office, ["add"] + flags(office), changes: [Office.variable: "not it"])
            #expect(ending.status == 77, "\(ending)")
            #expect(ending.errors.contains("plone does not accept the password of mona. Nothing was written."))
            #expect(!FileManager.default.fileExists(atPath: path(office)))
            #expect(!FileManager.default.fileExists(atPath: office.state))
        }
    }

    @Test("nothing listening, and a page of another program, are named, and nothing is written")
    func strangers() async throws {
        try await inOffice { office in
            let nobody = try await run(
                office, ["add", "x", "http://127.0.0.1:1", "--user", "a", "--password-env", "A", "--yes"])
            #expect(nobody.status == 69, "\(nobody)")
            #expect(nobody.errors.contains("127.0.0.1:1"))
            let body = "<!doctype html><title>Grafana</title>"
            let stub = try StubServer(
                answer: "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(body.utf8.count)\r\n"
                    + "Connection: close\r\n\r\n\(body)")
            let grafana = try await run(office, ["http://127.0.0.1:\(stub.port)"])
            #expect(grafana.status == 78, "\(grafana)")
            #expect(grafana.errors.contains("it is a Grafana."))
            #expect(!FileManager.default.fileExists(atPath: path(office)))
        }
    }

    @Test("a folder that is not on the site is said to be so, and nothing is written")
    func noSuchFolder() async throws {
        try await inOffice { office in
            let ending = try await run(
                office, ["add"] + [office.server.address + "/news/nowhere"] + flags(office).dropFirst())
            #expect(ending.status == 1, "\(ending)")
            #expect(
                ending.errors.hasSuffix(
                    "/news/nowhere is not on plone, or this account may not see it. Name a folder that is there, or the site "
                        + "alone. Nothing was written.\n"), "\(ending)")
            #expect(!FileManager.default.fileExists(atPath: path(office)))
        }
    }

    @Test("where nobody is named and somebody has to be, it is said how one is named")
    func nobodyNamed() async throws {
        let server = try await closedShare(tellsWhatItIs: true)
        let ending = try await Program.run(
            try builtProgram("locktop"), ["http://127.0.0.1:\(server.port)/files"],
            environment: ["HOME": "/nonexistent"])
        #expect(ending.status == 77, "\(ending)")
        #expect(
            ending.errors.contains("Say who signs in: write NAME@ before the host. Nothing was written."),
            "\(ending)")
        await server.stop()
    }

    /// A share that answers nothing, not even what it is, to who is not signed in.
    private func closedShare(tellsWhatItIs: Bool = false) async throws -> HTTPServer {
        try await HTTPServer.serve(host: "127.0.0.1", port: 0) { request in
            let pass = Credentials.basic(user: "admin", password: "admin").header
            let isOpen = tellsWhatItIs && request.method == "OPTIONS"
            guard isOpen || request.headers["Authorization"] == pass else {
                return .whole(Response(status: 401, headers: ["WWW-Authenticate": "Basic realm=\"Staff only\""]))
            }
            if request.method == "OPTIONS" { return .whole(Response(status: 200, headers: ["DAV": "1, 2"])) }
            let listing = """
                <d:multistatus xmlns:d="DAV:"><d:response><d:href>/files/</d:href><d:propstat><d:prop>
                <d:resourcetype><d:collection/></d:resourcetype><d:lockdiscovery/></d:prop>
                <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>
                """
            return .whole(
                Response(status: 207, headers: ["Content-Type": "application/xml"], body: Array(listing.utf8)))
        }
    }

    @Test("what is behind a sign-in is found by the flags that say who; without them they are named")
    func behindSignIn() async throws {
        let server = try await closedShare()
        let address = "http://127.0.0.1:\(server.port)/files"
        let home = try Office.makeFolder()
        func add(_ words: String...) async throws -> Program.Ending {
            try await Program.run(
                try builtProgram("locktop"), ["add", "share", address, "--yes"] + words,
                environment: ["HOME": home, "PW": "admin", "WRONG": "not it"])
        }
        let unsaid = try await add()
        #expect(unsaid.status == 64, "\(unsaid)")
        #expect(unsaid.errors.contains("wants a sign-in before it tells what it is (“Staff only”): "), "\(unsaid)")
        #expect(unsaid.errors.contains("say who with --user and where the password is"), "\(unsaid)")
        let look = try await Program.run(try builtProgram("locktop"), [address], environment: ["HOME": home])
        #expect(look.status == 77 && look.errors.contains("(“Staff only”), and without a terminal"), "\(look)")
        let wrong = try await add("--user", "admin", "--password-env", "WRONG")
        #expect(wrong.status == 77, "\(wrong)")
        #expect(wrong.errors.contains("\(address) does not accept this user and password."), "\(wrong)")
        let empty = try await add("--user", "admin", "--password-env", "NOWHERE")
        #expect(empty.status == 77 && empty.errors.contains("NOWHERE"), "\(empty)")
        let right = try await add("--user", "admin", "--password-env", "PW")
        #expect(right.status == 0, "\(right)")
        // The password stays where it is.
        #expect(right.errors.contains("auth: {user: admin, password_env: PW}"), "\(right)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: home + "/.config/locktop") == ["config.yaml"])
        await server.stop()
        try? FileManager.default.removeItem(atPath: home)
    }

    @Test("an address without a scheme is completed by add, and refused where it may be a filter")
    func scheme() async throws {
        try await inOffice { office in
            let bare = office.server.address.replacing("http://", with: "")
            let ending = try await run(office, ["add"] + [bare] + flags(office).dropFirst())
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.errors.contains("Without a scheme, it is taken for \(office.server.address)."))
            let look = try await run(office, [bare])
            #expect(look.status == 64, "\(look)")
            #expect(look.errors.contains("To look at a server, write \(office.server.address)\n"))
        }
    }

    @Test(
        "a site behind a single sign-on is named with where it sends, in a look and in add", arguments: [["add"], []])
    func singleSignOn(command: [String]) async throws {
        let stub = try StubServer(
            answer: "HTTP/1.1 302 Found\r\nLocation: https://login.example.com/saml2?SAMLRequest=opaque\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n")
        let ending = try await Program.run(
            try builtProgram("locktop"),
            command + ["http://127.0.0.1:\(stub.port)/news"] + (command.isEmpty ? [] : ["--user", "a", "--yes"]),
            environment: ["HOME": "/nonexistent"])
        #expect(ending.status == 77, "\(ending)")
        #expect(
            ending.errors.contains("is behind a single sign-on: it sends to https://login.example.com,"), "\(ending)")
        #expect(!ending.errors.contains("opaque"))
    }

    @Test(
        "a configuration that can't be changed is said before anything is asked of the server",
        arguments: ["read-only", "folder", "YAML", "tabs", "anchor", "link to nothing"])
    func unwritable(what: String) async throws {
        try await inOffice { office in
            let file = office.configuration
            switch what {
            case "read-only": #expect(unsafe chmod(file, 0o400) == 0)
            case "folder":
                #expect(unsafe unlink(file) == 0 && mkdir(file, 0o700) == 0)
            case "YAML": try Office.write("servers: {", to: file)
            case "tabs": try Office.write("servers:\n\t- name: x\n", to: file)
            case "anchor": try Office.write("servers: &all\n  - *all\n", to: file)
            default: #expect(unsafe unlink(file) == 0 && symlink("/nonexistent/config.yaml", file) == 0)
            }
            let before = office.text(of: "config.yaml")
            await office.server.resetRequestLog()
            let ending = try await run(office, ["add", "x", "--config", file] + flags(office))
            #expect(ending.status == 78, "\(ending)")
            #expect(ending.errors.contains("config.yaml"))
            #expect(office.text(of: "config.yaml") == before)
            #expect(await office.server.requestLog.isEmpty)
        }
    }

    @Test("a configuration of another user is left to that user")
    func otherOwner() async throws {
        guard geteuid() == 0 else { return }
        try await inOffice { office in
            #expect(unsafe chown(office.configuration, 65_534, 65_534) == 0)
            let ending = try await run(office, ["add", "x", "--config", office.configuration] + flags(office))
            #expect(ending.status == 78, "\(ending)")
            #expect(ending.errors.contains("belongs to another user"))
        }
    }

    @Test("a configuration that is a link stays one, and what it leads to is replaced")
    func link() async throws {
        try await inOffice { office in
            let real = office.home + "/dotfiles.yaml"
            #expect(unsafe rename(office.configuration, real) == 0)
            #expect(unsafe symlink("dotfiles.yaml", office.configuration) == 0)
            let ending = try await run(office, ["add", "x", "--config", office.configuration] + flags(office))
            #expect(ending.status == 0, "\(ending)")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: office.configuration) == "dotfiles.yaml")
            #expect(office.text(of: "dotfiles.yaml").contains("- name: x\n"))
            #expect(office.text(of: "dotfiles.yaml~").contains("- name: intranet\n"))
        }
    }

    @Test("remove takes a server and its sign-in out, by its name only, and asks first")
    func remove() async throws {
        try await inOffice { office in
            #expect(try await office.run("ls").status == 0)
            let token = office.state + "/tokens.json"
            let kept = FileManager.default.contents(atPath: token)
            let unknown = try await office.run("remove", "intranett", "--yes")
            #expect(unknown.status == 64, "\(unknown)")
            #expect(unknown.errors.contains("Did you mean intranet?"))
            let unasked = try await office.run("remove", "intranet")
            #expect(unasked.status == 64, "\(unasked)")
            let before = office.text(of: "config.yaml")
            let ending = try await office.run("remove", "intranet", "--yes")
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.errors.contains("  - name: intranet\n"))
            #expect(office.text(of: "config.yaml") == "servers: []\n")
            #expect(office.text(of: "config.yaml~") == before)
            if kept != nil { #expect(FileManager.default.contents(atPath: token) != kept) }
        }
    }

    @Test("an address alone prints the server's table, and leaves nothing behind")
    func direct() async throws {
        try await inOffice { office in
            let address = office.server.address.replacing("http://", with: "http://mona@") + "/news"
            let ending = try await Program.run(
                try builtProgram("locktop"), [address], environment: office.environment,
                input: Office.password + "\n", directory: office.home)
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output.contains("/news/agm"))
            #expect(!ending.output.contains("/legal"))
            #expect(!FileManager.default.fileExists(atPath: office.home + "/.config"))
            #expect(!FileManager.default.fileExists(atPath: office.home + "/.local"))
            let nobody = try await run(office, [office.server.address])
            #expect(nobody.status == 0, "\(nobody)")
        }
    }

    @Test("an address stands alone")
    func alone() async throws {
        let ending = try await Program.run(try builtProgram("locktop"), ["https://a.example.org", "state:held"])
        #expect(ending.status == 64, "\(ending)")
    }
}
