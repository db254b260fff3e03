// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

@Suite("locktop check, as a monitor runs it")
struct CheckTests {
    /// Three items are held, one of them for sixteen hours.
    private func scene(_ office: Office) async throws {
        try await office.server.lock(path: "/news/launch", as: "bob", timeout: 86_400, age: 57_600)
        try await office.server.lock(path: "/news/brochure", as: "alice", timeout: 3_600, age: 1_200)
        try await office.server.lock(path: "/legal/terms", as: "mona", timeout: 3_600, age: 300)
    }

    private func check(_ office: Office, _ words: [String]) async throws -> (line: PluginLine, status: Int32) {
        let ending = try await Program.run(
            try builtProgram("locktop"), ["check", "--config", office.configuration] + words,
            environment: office.environment)
        return (try #require(PluginLine(ending.output), "\(ending)"), ending.status)
    }

    @Test("without thresholds it is OK, and tells how many are held, the oldest in seconds, and how many are stale")
    func numbers() async throws {
        try await inOffice { office in
            try await scene(office)
            let (line, status) = try await check(office, [])
            #expect(status == 0)
            #expect(line.word == "OK")
            #expect(line.numbers["held"] == .init(value: "3", unit: "", limits: ["", "", "0"]))
            #expect(line.numbers["stale"] == .init(value: "1", unit: "", limits: []))
            let oldest = try #require(line.numbers["oldest"])
            #expect(oldest.unit == "s" && (57_600..<57_700).contains(Int(oldest.value) ?? 0))
            #expect(line.sentence.contains("intranet:/news/launch, which bob has held for 16h"), "\(line.sentence)")
        }
    }

    private static let graded: [([String], Int32)] = [
        (["--warn-held", "3"], 0), (["--warn-held", "2"], 1), (["--warn-held", "2", "--crit-held", "3"], 1),
        (["--warn-held", "1", "--crit-held", "2"], 2), (["--crit-held", "2"], 2), (["--warn-age", "17h"], 0),
        (["--warn-age", "2h", "--crit-age", "17h"], 1), (["--warn-age", "2h", "--crit-age", "8h"], 2),
        (["--crit-age", "8h", "--warn-held", "2"], 2), (["--crit-age", "8h", "path:/legal"], 0),
        (["--warn-held", "0", "holder:me"], 1), (["--warn-held", "0", "holder:nobody"], 0),
    ]

    @Test("a threshold is passed by what is above it, and the graver one counts", arguments: graded)
    func thresholds(words: [String], status: Int32) async throws {
        try await inOffice { office in
            try await scene(office)
            let (line, code) = try await check(office, words)
            #expect(code == status, "\(line)")
            #expect(line.word == ["OK", "WARNING", "CRITICAL"][Int(status)])
        }
    }

    @Test("the thresholds stand beside the numbers that they judge, and the sentence says which was passed")
    func thresholdsTold() async throws {
        try await inOffice { office in
            try await scene(office)
            let (line, _) = try await check(
                office, ["--warn-age", "2h", "--crit-age", "8h", "--warn-held", "2", "--crit-held", "20"])
            #expect(line.numbers["held"]?.limits == ["2", "20", "0"])
            #expect(line.numbers["oldest"]?.limits == ["7200", "28800", "0"])
            #expect(
                line.sentence
                    == "3 items are held, more than 2; the oldest is intranet:/news/launch, which bob has held for 16h, longer than 8h."
            )
        }
    }

    @Test("with nothing held it is OK, and the oldest is 0 s")
    func nothing() async throws {
        try await inOffice { office in
            let (line, status) = try await check(office, ["--crit-age", "1s", "--crit-held", "0"])
            #expect(status == 0)
            #expect(line.sentence == "Nothing is held.")
            #expect(line.numbers["oldest"]?.value == "0")
        }
    }

    @Test("a server that does not answer is UNKNOWN, also where others would only warn")
    func outage() async throws {
        try await inOffice { office in
            try await scene(office)
            await office.server.setFaults(Faults([Fault(.status(503, retryAfter: 1))]))
            let (line, status) = try await check(office, ["--warn-held", "0"])
            #expect(status == 3)
            #expect(line.word == "UNKNOWN")
            #expect(line.sentence.contains("asks to be left alone"), "\(line.sentence)")
            #expect(line.numbers.isEmpty)
        }
    }

    @Test("what is critical on one server goes before another that does not answer, which is told too")
    func criticalBesideOutage() async throws {
        try await inOffice(top: []) { office in
            try await scene(office)
            let text = office.text(of: "config.yaml")
            try Office.write(
                text
                    + "  - {name: gone, kind: plone, url: \"http://127.0.0.1:1\", auth: {user: u, password_env: \(Office.variable)}}\n",
                to: office.configuration)
            let (warned, unknown) = try await check(office, ["--warn-held", "0"])
            #expect(unknown == 3, "\(warned)")
            #expect(warned.sentence.contains("gone"))
            let (line, status) = try await check(office, ["--crit-held", "0"])
            #expect(status == 2)
            #expect(line.word == "CRITICAL")
            #expect(line.sentence.contains("more than 0") && line.sentence.contains("gone"), "\(line.sentence)")
        }
    }

    @Test("a sign-in that fails is UNKNOWN")
    func signIn() async throws {
        try await inOffice { office in
            let ending = try await office.run("check", changes: [Office.variable: "wrong"])
            #expect(ending.status == 3, "\(ending)")
            #expect(try #require(PluginLine(ending.output)).word == "UNKNOWN")
        }
    }

    @Test(
        "usage and configuration that are wrong are UNKNOWN too, in one line of standard output",
        arguments: [
            ["--frobnicate"], ["--warn-age", "soon"], ["--warn-held", "many"], ["--warn-held", "-1"], ["state:helt"],
            ["--warn-age", "8h", "--crit-age", "2h"], ["--warn-held", "20", "--crit-held", "10"],
            ["--server", "intranett"], ["--config", "/nowhere/config.yaml"],
        ])
    func wrong(words: [String]) async throws {
        try await inOffice { office in
            let leading = words.contains("--config") ? ["check"] : ["check", "--config", office.configuration]
            let ending = try await Program.run(
                try builtProgram("locktop"), leading + words, environment: office.environment)
            #expect(ending.status == 3, "\(ending)")
            #expect(try #require(PluginLine(ending.output), "\(ending)").word == "UNKNOWN")
            #expect(await office.server.requestCount == 0)
        }
    }

    @Test("several mistakes in a configuration are one line")
    func manyMistakes() async throws {
        try await inOffice { office in
            try Office.write("poll: soon\nservers: 3\nfrobnicate: 1\n", to: office.configuration)
            let ending = try await office.run("check")
            #expect(ending.status == 3, "\(ending)")
            let line = try #require(PluginLine(ending.output), "\(ending)")
            #expect(line.sentence.contains("poll") && line.sentence.contains("frobnicate"), "\(line.sentence)")
        }
    }

    @Test("a name with a bar, a line end or a colour in it can't make numbers, lines or colours")
    func hostileName() async throws {
        try await inOffice { office in
            try await office.server.add(path: "/news/a|held=0", title: "A")
            try await office.server.lock(path: "/news/a|held=0", as: "bob", timeout: 86_400, age: 7_200)
            let (line, status) = try await check(office, [])
            #expect(status == 0)
            #expect(line.numbers["held"]?.value == "1")
            #expect(line.sentence.contains("/news/a¦held=0"), "\(line.sentence)")
        }
    }

    @Test("the monitoring plug-ins' own runner takes the line and the code for a plug-in's")
    func runner() async throws {
        let negate = "/usr/lib/nagios/plugins/negate"
        guard FileManager.default.isExecutableFile(atPath: negate) else {
            print("skipped: Debian's monitoring-plugins-basic is not installed")
            return
        }
        try await inOffice { office in
            let home = try await Office.open(office.server, as: "mona", password: Office.password)
            defer { home.removeHome() }
            try await scene(office)
            // It turns the code round, and the word with it where it knows the word.
            let ending = try await Program.run(
                negate,
                [
                    "-s", "-c", "OK", "-o", "WARNING", try builtProgram("locktop"), "check", "--config",
                    home.configuration, "--crit-held", "2",
                ],
                environment: office.environment)
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.output.hasPrefix("OK: 3 items are held"), "\(ending)")
        }
    }
}
