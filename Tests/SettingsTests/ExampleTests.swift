// SPDX-License-Identifier: MIT
import Locks
import Settings
import Testing

@Suite("Example and rendered configurations")
struct ExampleTests {
    @Test("the example reads without an error and shows every kind")
    func example() throws {
        let configuration = try read(ConfigurationExample.text(kinds: allKinds), private: false)
        #expect(Set(configuration.servers.map(\.kind)) == Set(allKinds.map(\.kind)))
    }

    @Test("the example of some kinds has no word of the others, and reads where only these are known")
    func someKinds() throws {
        for words in [["plone"], ["nick", "gitlfs"], ["msgraph", "superoffice"]] {
            let kinds = allKinds.filter { words.contains($0.kind) }
            let configuration = try ConfigurationReader.read(
                text: ConfigurationExample.text(kinds: kinds), file: "f", isPrivateFile: false, kinds: kinds,
                environment: [:])
            #expect(Set(configuration.servers.map(\.kind)) == Set(words))
        }
    }

    @Test("rendered servers read back as the same servers")
    func roundTrip() throws {
        let read = try read(
            ConfigurationExample.text(kinds: allKinds), file: "/etc/config.yaml", environment: ["HOME": "/h"])
        var servers = read.servers
        servers[0].poll = 0.5
        servers[0].requestBudget = 2.5
        servers[0].requestTimeout = 1.5
        servers[0].clientCert = "/a b.pem"
        servers[0].clientKey = "/k: #.pem"
        servers[0].insecureTLS = true
        servers[0].proxy = "http://p:1"
        servers[0].items.put("text", "\"quoted\" \\ tab\u{FEFF}é\u{1F600}")
        servers[1].auth.password = .command("a\n\tb 'c' \"d\" # e")
        servers[1].options.put("force_by_save", true)
        let text = ConfigurationText.render(servers, comments: ["": ["top\nsecond"], "crm": ["a comment"]])
        let again = try ConfigurationReader.read(
            text: text, file: "/etc/config.yaml", isPrivateFile: false, kinds: allKinds, environment: [:])
        func withoutLines(_ servers: [ServerProfile]) -> [ServerProfile] {
            servers.map { server in
                var server = server
                server.line = 0
                return server
            }
        }
        #expect(withoutLines(again.servers) == withoutLines(servers))
    }

    @Test("simple servers render as people would write them")
    func simple() {
        let profile = ServerProfile(
            name: "plone-1", kind: "plone", url: "http://127.0.0.1:8080/Plone",
            auth: AuthProfile(user: "admin", password: .environment("DEMO_PASSWORD")))
        let text = ConfigurationText.render([profile], comments: ["plone-1": ["DEMO_PASSWORD=secret"]])
        #expect(
            text == """
                servers:
                  # DEMO_PASSWORD=secret
                  - name: plone-1
                    kind: plone
                    url: http://127.0.0.1:8080/Plone
                    auth: {user: admin, password_env: DEMO_PASSWORD}

                """)
    }

    @Test("a literal secret is never rendered")
    func literal() {
        let profile = ServerProfile(
            name: "a", kind: "plone", url: "https://a.example",
            auth: AuthProfile(user: "u", password: .literal(Secret("hunter2"))))
        let text = ConfigurationText.render([profile])
        #expect(!text.contains("hunter2"))
        #expect(text.contains("# password: not written here"))
    }

    @Test("no mutation of the example crashes the reader, and each refusal has a place")
    func fuzz() {
        var random = SeededNumbers(seed: 20_26)
        let original = Array(ConfigurationExample.text(kinds: allKinds).unicodeScalars)
        let spice = Array(
            "\t\n\r:-[]{}&*!|>'\"%@`#,? 0aé\u{0}\u{7F}\u{85}\u{2028}\u{FEFF}\u{E000}\u{1F600}".unicodeScalars)
        var refused = 0
        for _ in 0..<2_000 {
            var text = original
            for _ in 0...Int(random.next() % 6) { mutate(&text, spice, &random) }
            do {
                let configuration = try ConfigurationReader.read(
                    text: String(String.UnicodeScalarView(text)), file: "f", isPrivateFile: true, kinds: allKinds,
                    environment: [:])
                #expect(!configuration.servers.isEmpty)
            } catch {
                refused += 1
                #expect((1...20).contains(error.errors.count))
                #expect(error.errors.allSatisfy { $0.line > 0 && $0.column > 0 && !$0.message.contains("\n") })
            }
        }
        #expect(refused > 500)
    }

    @Test("no single slip of the pen makes a sentence repeat a secret")
    func canary() {
        let texts = [
            server("plone", "auth: {user: a, password: hunter2, language: x}", "color: red"),
            server("plone", "auth:", "  user: a", "  password: hunter2", "  token_env: X", "color: red"),
        ]
        for text in texts {
            let scalars = Array(text.unicodeScalars)
            for index in scalars.indices {
                for insert in ["", " ", "\n", ":", "\"", "\t", "-", "}"] {
                    var changed = scalars
                    changed.replaceSubrange(index...index, with: insert.unicodeScalars)
                    let message = complaints(String(String.UnicodeScalarView(changed)), private: index % 2 == 0)
                    #expect(!message.contains("hunter2"), "\(message)")
                }
            }
        }
    }

    private func mutate(_ text: inout [Unicode.Scalar], _ spice: [Unicode.Scalar], _ random: inout SeededNumbers) {
        let place = Int(random.next() % UInt64(text.count))
        let length = min(Int(random.next() % 40), text.count - place)
        switch random.next() % 5 {
        case 0: text.insert(spice[Int(random.next() % UInt64(spice.count))], at: place)
        case 1: text[place] = spice[Int(random.next() % UInt64(spice.count))]
        case 2 where text.count > 200: text.removeSubrange(place..<(place + length))
        case 3: text.insert(contentsOf: text[place..<(place + length)], at: Int(random.next() % UInt64(text.count)))
        default: text.swapAt(place, Int(random.next() % UInt64(text.count)))
        }
    }
}

/// Numbers that are the same for the same seed.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
