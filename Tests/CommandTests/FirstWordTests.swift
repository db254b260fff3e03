// SPDX-License-Identifier: MIT
import DemoServer
import TestOffice
import TestSupport
import Testing

@Suite("The word in a command's place")
struct FirstWordTests {
    @Test(
        "a misspelt command ends with 64 and the right one, and is not taken for a query",
        arguments: [
            (["unlok", "/news/agm"], "Did you mean unlock?"), (["lokc", "/news/agm"], "Did you mean lock?"),
            (["chek-out", "/news/agm"], "Did you mean check-out?"), (["sevrers"], "Did you mean servers?"),
            (["--ascii", "histroy"], "Did you mean history?"), (["--poll", "5s", "unlock"], "Write the command first"),
            (["list"], "Did you mean ls?"), (["version"], "Did you mean --version?"),
            (["status"], "Did you mean servers?"), (["config", "chek"], "Did you mean check?"),
        ])
    func misspelt(words: [String], sentence: String) async throws {
        try await inOffice { office in
            let ending = try await Program.run(
                try builtProgram("locktop"), ["--config", office.configuration] + words,
                environment: office.environment)
            #expect(ending.status == 64, "\(ending)")
            #expect(ending.output == "")
            #expect(ending.errors.contains(sentence), "\(ending.errors)")
            #expect(await office.server.requestCount == 0)
        }
    }

    @Test("a word that is near no command is a query, and so is any behind watch or --", arguments: [0, 1, 2])
    func query(form: Int) async throws {
        try await inOffice { office in
            let words = [["launch"], ["watch", "unlok"], ["--", "unlok"]][form]
            let leading = form == 1 ? ["watch", "--config", office.configuration, "unlok"] : []
            let ending = try await Program.run(
                try builtProgram("locktop"),
                leading.isEmpty ? ["--config", office.configuration] + words : leading,
                environment: office.environment)
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.lines.count == (form == 0 ? 2 : 1))
        }
    }

    @Test("what stands after -- is words also when one of those before it is the name of a command")
    func wordsBehindTheDashes() async throws {
        try await inOffice { office in
            try await office.server.add(path: "/news/lock-draft", title: "A draft on the lock")
            let ending = try await office.run("ls", "lock", "--columns", "item", "--", "-harbour")
            #expect(ending.status == 0, "\(ending)")
            #expect(ending.lines == ["ITEM", "/news/lock-draft"])
        }
    }
}
