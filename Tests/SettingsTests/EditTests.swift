// SPDX-License-Identifier: MIT
import LockSystems
import Locks
import Settings
import Testing

@Suite("Changing the servers of a configuration")
struct EditTests {
    private func edit(_ text: String) throws -> ConfigurationEdit {
        try ConfigurationEdit(
            text, file: "config.yaml", isPrivateFile: true, kinds: Registry.kinds.map(\.options), environment: [:])
    }

    private static let crm: ServerProfile = {
        var profile = ServerProfile(name: "crm", kind: "plone", url: "https://crm.example.org")
        profile.auth = AuthProfile(user: "admin", password: .environment("CRM_PASSWORD"))
        return profile
    }()

    private static let lines = """
          - name: crm
            kind: plone
            url: https://crm.example.org
            auth: {user: admin, password_env: CRM_PASSWORD}

        """

    private static let written = """
        # Ours. Ask Mona.
        poll: 5s   # slow link

        servers:
          # The intranet
          - name: intranet
            kind: plone # the old one
            url: https://intranet.example.org

          # Of the designers:
          # they work at night
          - name: blog
            kind: nick
            url: https://blog.example.org
            items:
              path: /news
            # path: /legal

        # Who has left
        departed: [bob]

        """

    @Test("A server is added behind the others, and every other byte stays")
    func adding() throws {
        let text = try edit(Self.written).adding(Self.crm)
        let parts = Self.written.split(separator: "\n# Who has left")
        #expect(text == parts[0] + Self.lines + "\n# Who has left" + parts[1])
    }

    @Test(
        "A configuration without a server gets its first",
        arguments: [
            ("", "servers:\n"), ("# nothing yet\n", "# nothing yet\nservers:\n"), ("poll: 5s", "poll: 5s\nservers:\n"),
            ("servers:\n", "servers:\n"), ("servers: []  # none\n", "servers: # none\n"), ("servers: ~", "servers:\n"),
            ("---\npoll: 5s\n...\n", "---\npoll: 5s\nservers:\n"),
        ])
    func first(text: String, before: String) throws {
        let added = try edit(text).adding(Self.crm)
        #expect(added == before + Self.lines + (text.hasSuffix("...\n") ? "...\n" : ""))
    }

    @Test("The dash goes where the others are")
    func dashes() throws {
        let text = "servers:\n- name: a\n  kind: nick\n  url: https://a.example.org\n# end\npoll: 5s\n"
        let added = try edit(text).adding(Self.crm)
        #expect(added.contains("https://a.example.org\n- name: crm\n  kind: plone\n"))
        #expect(added.hasSuffix("CRM_PASSWORD}\n# end\npoll: 5s\n"))
    }

    @Test("Windows' line ends and a byte order mark stay")
    func windows() throws {
        let text = "\u{FEFF}poll: 5s\r\nservers:\r\n  - name: a\r\n    kind: nick\r\n    url: https://a.example.org"
        let added = try edit(text).adding(Self.crm)
        #expect(added.hasPrefix(text + "\r\n  - name: crm\r\n"))
        #expect(added.hasSuffix("CRM_PASSWORD}\r\n"))
        #expect(added.unicodeScalars.count { $0 == "\n" } == added.unicodeScalars.count { $0 == "\r" })
    }

    @Test("Words behind a command's bar are no comments")
    func blocks() throws {
        let text = """
            servers:
              - name: a
                kind: plone
                url: https://a.example.org
                auth:
                  user: mona
                  password_command: |
                    # the safe
                    pass show a

                    # end

            """
        let added = try edit(text).adding(Self.crm)
        #expect(added == text + Self.lines)
    }

    @Test("A server that is taken out takes the comment above it along, and nothing else")
    func removing() throws {
        let (text, lines) = try edit(Self.written).removing("blog")
        #expect(lines.first == "  # Of the designers:")
        #expect(lines.last == "    # path: /legal")
        #expect(
            text == """
                # Ours. Ask Mona.
                poll: 5s   # slow link

                servers:
                  # The intranet
                  - name: intranet
                    kind: plone # the old one
                    url: https://intranet.example.org

                # Who has left
                departed: [bob]

                """)
    }

    @Test("What was added and is taken out again leaves the text as it was")
    func roundTrip() throws {
        let added = try edit(Self.written).adding(Self.crm)
        #expect(try edit(added).removing("crm").text == Self.written)
    }

    @Test("The last server leaves an empty list, to which one can be added")
    func last() throws {
        let text = "servers: # ours\n  - name: a\n    kind: nick\n    url: https://a.example.org\npoll: 5s\n"
        let left = try edit(text).removing("a").text
        #expect(left == "servers: [] # ours\npoll: 5s\n")
        #expect(try edit(left).adding(Self.crm).hasPrefix("servers: # ours\n  - name: crm\n"))
    }

    @Test("Servers in brackets are left to a person")
    func brackets() throws {
        let text = "servers: [{name: a, kind: nick, url: \"https://a.example.org\"}]\n"
        let error = #expect(throws: ConfigurationErrors.self) { try edit(text).adding(Self.crm) }
        #expect(error?.description.contains("change the file by hand") ?? false)
    }

    @Test(
        "What is wrong already is told with its place, and nothing is added",
        arguments: [
            ("servers:\n\t- name: a\n", "config.yaml:2:"), ("servers: &a []\n", "config.yaml:1:"),
            ("pol: 5s\n", "did you mean `poll`"), ("{", "config.yaml:"),
        ])
    func wrong(text: String, told: String) {
        let error = #expect(throws: ConfigurationErrors.self) { try edit(text) }
        #expect(error?.description.contains(told) ?? false, "\(error?.description ?? "")")
    }

    @Test("A name that is taken can't be added")
    func twice() throws {
        let added = try edit("").adding(Self.crm)
        let error = #expect(throws: ConfigurationErrors.self) { try edit(added).adding(Self.crm) }
        #expect(error?.description.contains("two servers are named `crm`") ?? false)
    }
}
