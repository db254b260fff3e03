// SPDX-License-Identifier: MIT
import Glibc
import TestOffice
import TestSupport
import Testing

@Suite("locktop demo without a terminal")
struct DemoTests {
    private func demo(_ arguments: String...) async throws -> Program.Ending {
        try await Program.run(
            try builtProgram("locktop"), ["demo"] + arguments,
            environment: ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"])
    }

    @Test("prints the table once and ends with 0, also where there is no HOME")
    func table() async throws {
        let all = try await demo("--seed", "3")
        #expect(all.status == 0, "\(all)")
        #expect(all.lines.count > 61)
        let ending = try await demo("--seed", "3", "--dialect", "plone")
        #expect(ending.status == 0, "\(ending)")
        #expect(ending.errors == "")
        #expect(ending.lines.first?.hasPrefix("STATE") ?? false)
        #expect(ending.lines.count >= 61)
        #expect(ending.lines.contains { $0.hasPrefix("held") })
    }

    @Test(
        "the same seed has the same items; more documents make more rows",
        arguments: ["office", "conflict", "abandoned", "storm"])
    func seeds(scenario: String) async throws {
        func items(_ ending: Program.Ending) -> Set<Substring> {
            Set(ending.lines.dropFirst().compactMap { $0.split(separator: " ").dropFirst().first })
        }
        let one = try await demo("--seed", "5", "--documents", "12", "--scenario", scenario, "--dialect", "plone")
        let other = try await demo("--seed", "5", "--documents", "12", "--scenario", scenario, "--dialect", "plone")
        #expect(one.status == 0, "\(one)")
        #expect(items(one).filter { !$0.contains("copy_of") } == items(other).filter { !$0.contains("copy_of") })
        #expect(items(one).count >= 12)
    }

    @Test(
        "words that mean nothing end with 64",
        arguments: [
            (["--scenario", "ofice"], "Did you mean office?"), (["--dialect", "sharepoint"], "no dialect"),
            (["--documents", "0"], "--documents"), (["--port", "70000"], "--port"),
        ])
    func wrongWords(words: [String], sentence: String) async throws {
        let ending = try await Program.run(try builtProgram("locktop"), ["demo"] + words, environment: [:])
        #expect(ending.status == 64, "\(ending)")
        #expect(ending.errors.contains(sentence), "\(ending.errors)")
    }

    @Test(
        "several systems are named after one flag, with commas, or by several flags",
        arguments: [
            ["--dialect", "plone", "gitlfs"], ["--dialect", "plone,gitlfs"],
            ["--dialect", "plone", "--dialect", "gitlfs"],
        ])
    func dialects(words: [String]) async throws {
        let ending = try await Program.run(
            try builtProgram("locktop"), ["demo", "--documents", "5"] + words + ["--seed", "3"], environment: [:])
        #expect(ending.status == 0, "\(ending)")
        let columns = try #require(ending.lines.first).split(separator: " ").count
        #expect(columns > 3)
        #expect(ending.output.contains("intranet") && ending.output.contains("assets"), "\(ending)")
        #expect(!ending.output.contains("crm"), "\(ending)")
    }

    @Test("--serve-only prints a configuration that works, serves, and ends on a signal", arguments: [SIGINT, SIGTERM])
    func serving(signal: Int32) async throws {
        let home = try Office.makeFolder()
        let server = try Program(
            try builtProgram("locktop"), ["demo", "--serve-only", "--documents", "8", "--dialect", "plone"],
            environment: ["HOME": home])
        try await server.waitUntilErrors("it serves") { $0.contains("serves until") && $0.contains("admin") }
        let configuration = String(decoding: server.output, as: UTF8.self)
        try Office.write(configuration, to: home + "/demo.yaml")
        let export = try #require(configuration.firstMatch(of: /export (\w+)=(\S+)/))
        let list = try await Program.run(
            try builtProgram("locktop"), ["ls", "--config", home + "/demo.yaml", "--json"],
            environment: ["HOME": home, String(export.output.1): String(export.output.2)])
        #expect(list.status == 0, "\(list)")
        #expect(try list.json.values.count >= 8)
        server.send(signal: signal)
        let ending = try await server.finish()
        #expect(ending.status == 0, "\(ending)")
        _ = try await Program.run("/bin/rm", ["-rf", home])
    }

    @Test("a port that is taken ends with 69 and a sentence")
    func takenPort() async throws {
        let stub = try StubServer(answer: "")
        let ending = try await demo("--port", "\(stub.port)")
        #expect(ending.status == 69, "\(ending)")
        #expect(ending.errors.contains("give another --port"))
    }
}
