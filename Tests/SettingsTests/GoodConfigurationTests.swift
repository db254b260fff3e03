// SPDX-License-Identifier: MIT
import Locks
import Settings
import Testing

@Suite("A right configuration")
struct GoodConfigurationTests {
    @Test("what is left out has the documented default")
    func defaults() throws {
        let configuration = try read(server("plone"))
        #expect(configuration.poll == 5)
        #expect(configuration.requestBudget == 10)
        #expect(configuration.staleAfter == 28_800)
        #expect(configuration.departed.isEmpty)
        #expect(!configuration.readOnly)
        #expect(configuration.keepAlive)
        let profile = try firstServer(server("plone"))
        #expect(profile == ServerProfile(name: "a", kind: "plone", url: "https://a.example", line: 1))
        #expect(profile.connections == nil)
        #expect(profile.limit == nil)
        let defaults = Dictionary(uniqueKeysWithValues: allKinds.map { ($0.kind, [$0.connections, $0.limit]) })
        #expect(defaults["plone"] == [8, 100_000])
        #expect(defaults["superoffice"] == [4, 1_000])
        #expect(defaults["nick"] == [4, 100_000])
    }

    @Test("every key at the top is read")
    func top() throws {
        let text = """
            poll: 1m30s
            request_budget: 60/m
            stale_after: 2d
            departed: [bob, "Ann Lee", 42]
            read_only: true
            keep_alive: false

            """
        let configuration = try read(text + server("plone"))
        #expect(configuration.poll == 90)
        #expect(configuration.requestBudget == 1)
        #expect(configuration.staleAfter == 172_800)
        #expect(configuration.departed == ["bob", "Ann Lee", "42"])
        #expect(configuration.readOnly)
        #expect(!configuration.keepAlive)
    }

    @Test("every key of every server is read")
    func everyServer() throws {
        let profile = try firstServer(
            server(
                "plone", "poll: 30s", "request_budget: 2/s", "connections: 3", "request_timeout: 90s", "limit: 77",
                "read_only: true",
                "protected: true", "color: red", "ca_file: /etc/ca.pem", "client_cert: c.pem", "client_key: ~/k.pem",
                "proxy: http://proxy.example:3128", "language: en-GB", "insecure_http: true", "insecure_tls: true",
                "items: {path: /news, types: [News Item, Document], depth: 3, text: offer}"),
            environment: ["HOME": "/home/ann"])
        var items = OptionValues()
        items.put("path", "/news")
        items.put("types", ["News Item", "Document"])
        items["depth"] = .whole(3)
        items.put("text", "offer")
        var expected = ServerProfile(name: "a", kind: "plone", url: "https://a.example", items: items, line: 2)
        expected.poll = 30
        expected.requestBudget = 2
        expected.connections = 3
        expected.requestTimeout = 90
        expected.limit = 77
        expected.readOnly = true
        expected.protected = true
        expected.color = "red"
        expected.caFile = "/etc/ca.pem"
        expected.clientCert = "c.pem"
        expected.clientKey = "/home/ann/k.pem"
        expected.proxy = "http://proxy.example:3128"
        expected.language = "en-GB"
        expected.insecureHTTP = true
        expected.insecureTLS = true
        #expect(profile == expected)
    }

    @Test("the keys of single kinds are read")
    func kinds() throws {
        #expect(try firstServer(server("nick", "force_by_save: true")).options.flag("force_by_save"))
        let crm = """
            servers:
              - {name: crm, kind: superoffice, tenant: Cust12345, environment: sod, state_url: "https://s.example/x",
                 items: {filter: "name contains 'offer'"}}
            """
        let office = try firstServer(crm)
        #expect(office.url == nil)
        #expect(office.options.text("tenant") == "Cust12345")
        #expect(office.options.text("environment") == "sod")
        #expect(office.options.text("state_url") == "https://s.example/x")
        #expect(office.items.text("filter") == "name contains 'offer'")
        let files = """
            servers:
              - name: files
                kind: msgraph
                tenant: contoso.onmicrosoft.com
                login_url: https://login.example
                api: beta
                drives: [me, site:contoso.sharepoint.com:/sites/legal, group:1, user:ann@contoso.com, drive:b!x]
                items: {path: /a, depth: 1}
            """
        let graph = try firstServer(files)
        #expect(graph.options.text("login_url") == "https://login.example")
        #expect(graph.options.text("api") == "beta")
        #expect(
            graph.options.list("drives") == [
                "me", "site:contoso.sharepoint.com:/sites/legal", "group:1", "user:ann@contoso.com", "drive:b!x",
            ])
    }

    @Test("each secret is read in each of its four forms")
    func secrets() throws {
        let keys = [
            ("plone", "password"), ("plone", "token"), ("superoffice", "app_token"), ("msgraph", "client_secret"),
        ]
        for (kind, key) in keys {
            let beside = kind == "msgraph" ? "flow: client_credentials, client_id: x, " : "user: u, "
            let tenant = kind == "msgraph" ? ["tenant: t"] : []
            func source(_ pair: String) throws -> SecretSource? {
                let lines = tenant + ["auth: {\(beside)\(pair)}"]
                return try firstServer(server(kind, lines.joined(separator: "\n    "))).auth.secrets[key]
            }
            #expect(try source("\(key)_env: NAME_1") == .environment("NAME_1"))
            #expect(try source("\(key)_file: /run/x") == .file("/run/x"))
            #expect(try source("\(key)_command: \"pass show x | head -1\"") == .command("pass show x | head -1"))
            #expect(try source("\(key): 00123") == .literal(Secret("00123")))
        }
    }

    private func said(_ texts: [String: String]) -> OptionValues {
        var values = OptionValues()
        for (key, text) in texts { values.put(key, text) }
        return values
    }

    @Test("user, scheme, flow, client id and netrc are read")
    func auth() throws {
        let ticket = try firstServer(server("plone", "auth: {scheme: negotiate, user: ann}")).auth
        #expect(ticket == AuthProfile(user: "ann", said(["scheme": "negotiate"])))
        let basic = try firstServer(server("superoffice", "auth: {scheme: basic, user: ann, netrc: true}")).auth
        #expect(basic == AuthProfile(user: "ann", netrc: true, said(["scheme": "basic"])))
        let code = try firstServer(server("msgraph", "auth: {flow: device_code, client_id: 0-1}")).auth
        #expect(code == AuthProfile(said(["flow": "device_code", "client_id": "0-1"])))
    }

    @Test("a literal secret in a file that others can read is refused with the command to run")
    func notPrivate() {
        let text = server("plone", "auth: {user: a, password: hunter2}")
        #expect(
            complaints(text, file: "/etc/my config.yaml", private: false)
                == "/etc/my config.yaml:5:21: `password` stands in a file that others can read; run "
                + "`chmod 600 '/etc/my config.yaml'`, or use `password_env`, `password_file` or `password_command`")
        #expect(complaints(text, private: true).isEmpty)
        #expect(complaints(server("plone", "auth: {user: a, password_env: X}"), private: false).isEmpty)
    }

    @Test("a relative path starts at the folder of the file")
    func relativePaths() throws {
        let text = server("plone", "ca_file: ca.pem", "auth: {user: a, password_file: secret}")
        let profile = try read(text, file: "/etc/locktop/config.yaml").servers.first
        #expect(profile?.caFile == "/etc/locktop/ca.pem")
        #expect(profile?.auth.password == .file("/etc/locktop/secret"))
    }

    @Test("a byte order mark, CRLF, comments and quotes are no trouble", arguments: ["\n", "\r\n"])
    func lineEnds(_ end: String) throws {
        let lines = [
            "# c", "'poll': \"7s\" # d", "servers:", "- name: a", "  kind: plone", "  url: 'https://a.example'", "",
        ]
        let configuration = try read("\u{FEFF}" + lines.joined(separator: end))
        #expect(configuration.poll == 7)
        #expect(configuration.servers.first?.line == 4)
    }

    @Test(
        "plain HTTP goes without asking to this machine only",
        arguments: [
            "http://localhost:8080/Plone", "http://127.0.0.1", "http://127.1.2.3:1/", "http://[::1]:80",
            "HTTP://LOCALHOST", "https://[2001:db8::1]:8443/x/", "https://a_b.example",
            "https://a.example:8080/@site/x:y", "https://a.example/@@view",
        ])
    func addresses(_ address: String) throws {
        let text = "servers: [{name: a, kind: plone, url: \"\(address)\"}]"
        #expect(try firstServer(text).url == address)
    }

    @Test("insecure_http lets plain HTTP out")
    func insecure() throws {
        let text = "servers: [{name: a, kind: plone, url: \"http://a.example\", insecure_http: true}]"
        #expect(try firstServer(text).insecureHTTP)
    }

    @Test("a kind that only the caller knows takes the keys of every server and its own")
    func strangeKind() throws {
        let configuration = try ConfigurationReader.read(
            text: "servers: [{name: a, kind: alfresco, url: \"https://a.example\", items: {path: /x}}]",
            file: "config.yaml", isPrivateFile: false,
            kinds: [OptionList("alfresco", auth: [.user], items: [.path], examples: [])], environment: [:])
        #expect(configuration.servers.first?.kind == "alfresco")
    }

    @Test("at most twenty errors are told, the others counted")
    func manyErrors() {
        let text = (0..<30).map { "k\($0)zzzzzzz: 1\n" }.joined() + server("plone")
        let lines = complaints(text).split(separator: "\n")
        #expect(lines.count == 21)
        #expect(lines.last == "and 10 more")
    }

    @Test("a text of more than a megabyte and a nest without end are refused")
    func limits() {
        let long = "# " + String(repeating: "x", count: 1_048_576)
        #expect(complaints(long) == "config.yaml:1:1: the file is longer than 1 MB")
        let deep = String(repeating: "[", count: 500_000)
        #expect(complaints(deep).contains("the values are nested too deeply"))
        #expect(complaints(String(repeating: "- ", count: 500_000)).contains("the values are nested too deeply"))
    }

    @Test("aliases that would unfold without end are refused at once")
    func aliasBomb() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...30 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "? *a30\n: 1\n"
        #expect(complaints(text).contains("anchors and aliases"))
    }
}
