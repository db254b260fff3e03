// SPDX-License-Identifier: MIT
import DemoServer
import Glibc
import TestOffice
import TestSupport
import Testing

@Suite("locktop plan and apply")
struct PlanTests {
    private func holder(_ office: Office, _ path: String) async throws -> String? {
        try await office.run("show", path, "--json").json["lock"]?["holder"]?["id"]?.text
    }

    /// Bob holds two documents in /news, alice one in /legal, and I one.
    private func scene(_ office: Office) async throws {
        try await office.server.lock(path: "/news/agm", as: "bob")
        try await office.server.lock(path: "/news/launch", as: "bob")
        try await office.server.lock(path: "/legal/terms", as: "alice")
        try await office.server.lock(path: "/legal/contract", as: "mona")
    }

    private func plan(_ office: Office, _ words: String...) async throws -> String {
        let ending = try await Program.run(
            try builtProgram("locktop"), ["plan", "--config", office.configuration] + words,
            environment: office.environment)
        #expect(ending.status == 0, "\(ending)")
        return ending.output
    }

    private func apply(_ office: Office, _ plan: String, _ words: String...) async throws -> Program.Ending {
        try Office.write(plan, to: office.home + "/plan.json")
        return try await Program.run(
            try builtProgram("locktop"), ["apply", "--config", office.configuration, "plan.json"] + words,
            environment: office.environment, directory: office.home)
    }

    @Test("a plan has what the contract says of each item on which the operation would do something, and no other")
    func rows() async throws {
        try await inOffice { office in
            try await scene(office)
            let text = try await plan(office, "unlock", "--force", "path:/news")
            let document = OrderedJSON(text)
            #expect(document.keys == ["version", "operation", "rows"])
            for row in document["rows"].values {
                #expect(row.keys == ["server", "id", "path", "holder", "identity"])
                #expect(row["holder"].keys == ["id", "name", "isMe"])
            }
            let json = try AnyJSON.read(text)
            #expect(json["version"]?.number == 1)
            #expect(json["operation"]?.text == "forceUnlock")
            #expect(json["rows"]?.values.map { $0["path"]?.text } == ["/news/agm", "/news/launch"])
            let identity = try await office.run("show", "/news/agm", "--json").json["lock"]?["identity"]
            #expect(json["rows"]?[0]?["identity"] == identity)
            #expect(await office.changes == [])
        }
    }

    private static let selections: [([String], [String])] = [
        (["unlock"], ["/legal/contract"]), (["unlock", "--force"], ["/legal/terms", "/news/agm", "/news/launch"]),
        (["refresh"], ["/legal/contract"]), (["unlock", "--force", "holder:alice"], ["/legal/terms"]),
        (["lock", "path:/news"], ["/news/autumn", "/news/brochure", "/news/résumé"]), (["check-in"], []),
        (["check-out", "autumn"], ["/news/autumn"]), (["discard", "--force"], []),
    ]

    @Test("each operation plans the items that it would change", arguments: selections)
    func selection(words: [String], paths: [String]) async throws {
        try await inOffice { office in
            try await scene(office)
            let ending = try await Program.run(
                try builtProgram("locktop"), ["plan", "--config", office.configuration] + words,
                environment: office.environment)
            #expect(ending.status == 0, "\(ending)")
            let found = try ending.json["rows"]?.values.compactMap { $0["path"]?.text } ?? []
            #expect(found.sorted() == paths)
            #expect(ending.errors.contains(paths.count == 1 ? "1 item would be" : "\(paths.count) items would be"))
        }
    }

    @Test("where a server can't be read no plan is written at all: half of one would look like all of it")
    func unreadable() async throws {
        try await inOffice { office in
            try await scene(office)
            let away =
                office.text(of: "config.yaml") + """
                      - name: away
                        kind: plone
                        url: http://127.0.0.1:9/Plone
                        auth: {user: mona, password_env: \(Office.variable)}

                    """
            try Office.write(away, to: office.home + "/two.yaml")
            let words = ["plan", "--config", office.home + "/two.yaml", "unlock", "--force", "holder:bob"]
            let program = try builtProgram("locktop")
            let ending = try await Program.run(program, words, environment: office.environment)
            #expect(ending.status == 69 && ending.output == "", "\(ending)")
            #expect(ending.errors.contains("No plan was written"), "\(ending.errors)")
            let one = try await Program.run(
                program, words + ["--server", "intranet"], environment: office.environment)
            #expect(one.status == 0 && one.output.contains("/news/agm"), "\(one)")
        }
    }

    @Test("-m gives the versions of a plan to check in their remark, and no other plan takes it")
    func remark() async throws {
        try await inOffice { office in
            #expect(try await office.run("check-out", "/news/autumn").status == 0)
            let plan = try await plan(office, "check-in")
            let done = try await apply(office, plan, "-m", "proof-read")
            #expect(done.status == 0, "\(done)")
            #expect(
                await office.server.requestLog.contains {
                    $0.method == "PATCH" && $0.path.contains("@workingcopy") && $0.status < 300
                })
            try await office.server.lock(path: "/news/agm", as: "bob")
            let other = try await self.plan(office, "unlock", "--force", "holder:bob")
            let refused = try await apply(office, other, "--yes", "-m", "why")
            #expect(refused.status == 64 && refused.errors.contains("-m goes with a plan to check in"), "\(refused)")
        }
    }

    @Test("a read-only server has nothing to plan")
    func readOnly() async throws {
        try await inOffice(extra: ["read_only: true"]) { office in
            try await scene(office)
            #expect(try AnyJSON.read(try await plan(office, "unlock", "--force"))["rows"] == .array([]))
        }
    }

    @Test(
        "words that make no plan end with 64",
        arguments: [
            (["unlok"], "Did you mean unlock?"), (["lock", "--force"], "unlock and discard alone"),
            (["force-unlock"], "is no operation"), (["unlock", "state:helt"], "helt"),
        ])
    func wrongWords(words: [String], sentence: String) async throws {
        try await inOffice { office in
            let ending = try await Program.run(
                try builtProgram("locktop"), ["plan", "--config", office.configuration] + words,
                environment: office.environment)
            #expect(ending.status == 64, "\(ending)")
            #expect(ending.errors.contains(sentence), "\(ending.errors)")
            #expect(await office.server.requestCount == 0)
        }
    }

    @Test("a plan is carried out whole, and its reason is in the audit log")
    func applied() async throws {
        try await inOffice { office in
            try await scene(office)
            let plan = try await plan(office, "unlock", "--force", "holder:bob")
            let ending = try await apply(office, plan, "--yes", "--reason", "bob left", "--json")
            #expect(ending.status == 0, "\(ending)")
            #expect(try ending.jsonLines.map { $0["outcome"]?.text } == ["done", "done"])
            #expect(try ending.jsonLines.map { $0["operation"]?.text } == ["forceUnlock", "forceUnlock"])
            #expect(try await holder(office, "/news/agm") == nil)
            #expect(try await holder(office, "/legal/terms") == "alice")
            let log = try await office.run("history", "--ours", "--json").json
            #expect(log.values.map { $0["note"]?.text } == ["bob left", "bob left"])
        }
    }

    @Test("a row whose lock is another one by now, or gone, is refused as changed, and the others are done")
    func skipped() async throws {
        try await inOffice { office in
            try await scene(office)
            let plan = try await plan(office, "unlock", "--force", "path:/")
            try await office.server.unlock(path: "/news/agm")
            try await office.server.unlock(path: "/legal/terms")
            try await office.server.lock(path: "/legal/terms", as: "bob")
            let ending = try await apply(office, plan, "--yes", "--json")
            #expect(ending.status == 1, "\(ending)")
            let results = Dictionary(
                uniqueKeysWithValues: try ending.jsonLines.map {
                    ($0["id"]?.text, [$0["outcome"]?.text, $0["reason"]?.text])
                })
            #expect(results["/news/agm"] == ["refused", "changed"])
            #expect(results["/legal/terms"] == ["refused", "changed"])
            #expect(results["/news/launch"] == ["done", nil])
            #expect(try await holder(office, "/legal/terms") == "bob")
        }
    }

    @Test("what was free in the plan and is held by now is left alone, as changed")
    func noLongerFree() async throws {
        try await inOffice { office in
            let plan = try await plan(office, "lock", "path:/legal")
            try await office.server.lock(path: "/legal/terms", as: "bob")
            try await office.server.lock(path: "/legal/contract", as: "mona")
            let ending = try await apply(office, plan, "--json")
            #expect(ending.status == 1, "\(ending)")
            #expect(try ending.jsonLines.map { $0["reason"]?.text } == ["changed", "changed"])
            #expect(await office.changes == [])
        }
    }

    @Test("a path or a holder that was altered in the plan is not what was looked over, so nothing is sent")
    func altered() async throws {
        try await inOffice { office in
            try await scene(office)
            let plan = try await plan(office, "unlock", "--force", "launch")
            for (word, other) in [
                ("\"path\":\"/news/launch\"", "\"path\":\"/news/agm\""), ("\"id\":\"bob\"", "\"id\":\"eve\""),
            ] {
                let ending = try await apply(office, plan.replacing(word, with: other), "--yes", "--json")
                #expect(ending.status == 1, "\(ending)")
                #expect(try ending.json["reason"]?.text == "changed")
            }
            #expect(await office.changes == [])
        }
    }

    @Test("--dry-run says what would be done and what is skipped, and sends nothing")
    func rehearsal() async throws {
        try await inOffice { office in
            try await scene(office)
            let plan = try await plan(office, "unlock", "--force", "holder:bob")
            try await office.server.unlock(path: "/news/agm")
            let ending = try await apply(office, plan, "--dry-run", "--json")
            #expect(ending.status == 1, "\(ending)")
            #expect(try ending.jsonLines.map { $0["outcome"]?.text } == ["refused", "planned"])
            #expect(await office.changes == [])
        }
    }

    @Test("without --yes and without a terminal it is refused with 64 where others lose something, and only there")
    func unasked() async throws {
        try await inOffice { office in
            try await scene(office)
            let others = try await apply(office, try await plan(office, "unlock", "--force"))
            #expect(others.status == 64, "\(others)")
            #expect(await office.changes == [])
            let mine = try await apply(office, try await plan(office, "unlock"))
            #expect(mine.status == 0, "\(mine)")
            #expect(mine.output == "intranet:/legal/contract: released\n")
        }
    }

    @Test("on a protected server --yes is not enough: the server's name is wanted too")
    func protected() async throws {
        try await inOffice(extra: ["protected: true"]) { office in
            try await scene(office)
            let plan = try await plan(office, "unlock", "--force", "launch")
            let unnamed = try await apply(office, plan, "--yes")
            #expect(unnamed.status == 64, "\(unnamed)")
            #expect(unnamed.errors.contains("--server-name intranet"))
            #expect(await office.changes == [])
            #expect(try await apply(office, plan, "--yes", "--server-name", "intranet").status == 0)
        }
    }

    @Test("on a terminal one question shows all that would end, and anything but yes leaves it")
    func question() async throws {
        try await inOffice { office in
            try await scene(office)
            try Office.write(try await plan(office, "unlock", "--force", "holder:bob"), to: office.home + "/plan.json")
            for (answer, status) in [("no", Int32(1)), ("yes", 0)] {
                let terminal = try PseudoTerminal(
                    program: try builtProgram("locktop"),
                    arguments: ["apply", "--config", office.configuration, "plan.json"],
                    environment: office.environment, directory: office.home)
                try await terminal.see("the question") { $0.contains("Type yes to go on:") }
                #expect(terminal.screen.contains("intranet:/news/agm  Bob Builder (bob)"))
                #expect(terminal.screen.contains("End these 2 locks?"))
                #expect(await office.changes == [])
                terminal.type(answer + "\r")
                #expect(try await terminal.ending(within: 10).shellStatus == status)
            }
            #expect(try await holder(office, "/news/launch") == nil)
        }
    }

    @Test("a plan comes from standard input as well, and one without rows is done at once")
    func standardInput() async throws {
        try await inOffice { office in
            try await scene(office)
            let ending = try await office.run(
                "apply", "-", "--yes", input: try await plan(office, "unlock", "--force", "launch"))
            #expect(ending.status == 0, "\(ending)")
            #expect(try await holder(office, "/news/launch") == nil)
            let nothing = try await office.run("apply", "-", input: try await plan(office, "unlock", "nowhere"))
            #expect(nothing.status == 0, "\(nothing)")
        }
    }

    private static let row =
        #"{"server":"intranet","id":"/a","path":"/a","holder":{"id":"bob","name":null,"isMe":false},"identity":"9f"}"#
    private static func document(_ rows: String) -> String {
        "{\"version\":1,\"operation\":\"forceUnlock\",\"rows\":[\n\(rows)\n]}\n"
    }
    private static let mistakes: [(String, Int, String)] = [
        ("", 1, "ends in the middle"), ("[]", 1, "a plan is an object"), ("{}", 1, "version is missing"),
        (document(row).replacing("\"version\":1", with: "\"version\":2"), 1, "plans of version 1 alone"),
        (document(row).replacing("\"version\":1", with: "\"version\":\"1\""), 1, "plans of version 1 alone"),
        (document(row).replacing("forceUnlock", with: "forceUnlok"), 1, "Did you mean forceUnlock?"),
        (document(row).replacing("\"rows\":", with: "\"row\":"), 1, "Did you mean rows?"),
        (
            document(row + ",\n" + row.replacing("/a", with: "/b").replacing("\"server\"", with: "\"serv\"")), 3,
            "Did you mean server?"
        ),
        (document(row + ",\n" + row), 3, "stands on line 2 too"),
        (
            document(row + ",\n" + row.replacing("/a", with: "/b").replacing("intranet", with: "intranett")), 3,
            "Did you mean intranet?"
        ),
        (document(row + ",\n"), 4, "one too many"),
        (document(row.replacing("\"9f\"", with: "x")), 2, "this is no value"),
        (document(row + "\n" + row), 3, "a comma"),
        (document(row).replacing("\"9f\"", with: "9"), 2, "identity has to be a text, and is a number"),
        (document(row).replacing("\"9f\"", with: "null"), 2, "belong together"),
        (document(row).replacing("\"id\":\"/a\"", with: "\"id\":\"\""), 2, "id has to be a text, and is empty"),
        (document(row).replacing("\"isMe\":false", with: "\"isMe\":0"), 2, "isMe has to be true or false"),
        (document(row).replacing(",\"identity\":\"9f\"", with: ""), 2, "identity is missing"),
        (document(row).replacing("\"identity\"", with: "\"id\""), 2, "id stands here twice"),
        (
            document(row).replacing(
                "{\"id\":\"bob\",\"name\":null,\"isMe\":false},\"identity\":\"9f\"", with: "null,\"identity\":null"), 2,
            "nothing to force-unlock"
        ),
        (String(document(row).dropLast(20)), 2, "ends in the middle"), (document(row) + "x", 4, "more behind the end"),
    ]

    @Test(
        "a plan that is not whole and right is refused with 78, file and line, before anything is sent",
        arguments: mistakes)
    func wrong(text: String, line: Int, sentence: String) async throws {
        try await inOffice { office in
            let ending = try await apply(office, text, "--yes")
            #expect(ending.status == 78, "\(ending)")
            #expect(ending.errors.contains("plan.json:\(line): "), "\(ending.errors)")
            #expect(ending.errors.contains(sentence), "\(ending.errors)")
            #expect(ending.errors.contains("Nothing was sent"))
            #expect(await office.server.requestCount == 0)
        }
    }

    @Test("a plan that is not there is refused with 78 and its name")
    func missing() async throws {
        try await inOffice { office in
            let ending = try await office.run("apply", "nowhere.json")
            #expect(ending.status == 78, "\(ending)")
            #expect(ending.errors.contains("nowhere.json can't be read: No such file"))
        }
    }

    @Test("a plan of a title or a path with any character is read as it was written")
    func oddPaths() async throws {
        try await inOffice { office in
            let path = "/news/\u{1F511}\u{202E}\"\\x"
            try await office.server.add(path: path, title: "Odd")
            try await office.server.lock(path: path, as: "bob")
            let ending = try await apply(office, try await plan(office, "unlock", "--force"), "--yes")
            #expect(ending.status == 0, "\(ending)")
        }
    }
}
