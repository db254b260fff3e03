// SPDX-License-Identifier: MIT
import TestOffice
import TestSupport
import Testing

@Suite("locktop config")
struct ConfigTests {
    @Test("config check says that a right file is right")
    func right() async throws {
        try await inOffice { office in
            let ending = try await office.run("config", "check")
            #expect(ending.status == 0)
            #expect(ending.output == "\(office.configuration) is right: 1 server.\n")
            #expect(try await office.run("config", "path").output == "\(office.configuration)\n")
        }
    }

    static let wrong: [(name: String, text: String)] = [
        ("unknown-key", "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n    read_onyl: true\n"),
        ("unknown-kind", "servers:\n  - {name: a, kind: ploen, url: \"https://a.example\"}\n"),
        ("no-url", "servers:\n  - {name: a, kind: plone, url: intranet}\n"),
        ("no-tls", "servers:\n  - {name: a, kind: plone, url: \"http://a.example\"}\n"),
        (
            "twice",
            "servers:\n  - {name: a, kind: plone, url: \"https://a.example\"}\n  - {name: a, kind: plone, url: \"https://b.example\"}\n"
        ),
        ("not-a-time", "poll: soon\nservers:\n  - {name: a, kind: plone, url: \"https://a.example\"}\n"),
        ("tab", "servers:\n\t- name: a\n"),
        ("empty", ""),
        (
            "open-password",
            "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n    auth: {user: u, password: secret-in-file}\n"
        ),
    ]

    @Test("a wrong file is refused with 78, line, column and the nearest right word", arguments: wrong)
    func wrongFiles(name: String, text: String) async throws {
        try await inOffice { office in
            try Office.write(text, to: office.configuration)
            let ending = try await office.run("config", "check")
            #expect(ending.status == 78, "\(ending)")
            #expect(ending.output == "")
            #expect(!ending.errors.contains("secret-in-file"))
            try Golden.check(masked(ending.errors, in: office), named: "Config/\(name)")
            let list = try await office.run("ls")
            #expect(list.status == 78)
            #expect(list.errors == ending.errors)
        }
    }

    @Test("no configuration at all: 78, and what to do first")
    func none() async throws {
        try await inOffice { office in
            let ending = try await Program.run(
                try builtProgram("locktop"), ["ls"], environment: office.environment)
            #expect(ending.status == 78)
            try Golden.check(masked(ending.errors, in: office), named: "Config/none")
            let named = try await Program.run(
                try builtProgram("locktop"), ["ls", "--config", office.home + "/nothing.yaml"],
                environment: office.environment)
            #expect(named.status == 78, "\(named)")
            let homeless = try await Program.run(try builtProgram("locktop"), ["ls"], environment: ["PATH": "/bin"])
            #expect(homeless.status == 78, "\(homeless)")
            #expect(homeless.errors.contains("HOME"))
        }
    }

    @Test("the example is a right configuration")
    func example() async throws {
        try await inOffice { office in
            let example = try await office.run("config", "example")
            #expect(example.status == 0)
            try Office.write(example.output, to: office.configuration)
            let check = try await office.run("config", "check")
            #expect(check.status == 0, "\(check)")
            let list = try await office.run("ls", "--server", "intranet", changes: ["PATH": "/nowhere"])
            #expect(list.status == 77, "\(list)")
            #expect(list.errors.contains("status 127: /bin/sh"), "what the command said is told: \(list.errors)")
        }
    }

    @Test("what every command takes may stand before its name")
    func flagsFirst() async throws {
        try await inOffice { office in
            let ending = try await Program.run(
                try builtProgram("locktop"),
                ["--config", office.configuration, "--server=intranet", "ls", "--columns", "item"],
                environment: office.environment)
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output.contains("/news/agm"))
            let check = try await Program.run(
                try builtProgram("locktop"), ["--config", office.configuration, "config", "check"],
                environment: office.environment)
            #expect(check.status == 0, "\(check)")
        }
    }
}
