// SPDX-License-Identifier: MIT
import DemoServer
import TestOffice
import TestSupport
import Testing

@Suite("Operations from the command line")
struct OperationTests {
    /// Who holds an item by the server's word, as another client would ask.
    private func holder(_ office: Office, _ path: String) async throws -> String? {
        try await office.run("show", path, "--json").json["lock"]?["holder"]?["id"]?.text
    }

    @Test("lock, refresh, unlock: done, and the second time unchanged or refused")
    func round() async throws {
        try await inOffice { office in
            var ending = try await office.run("lock", "/news/agm")
            #expect(ending.status == 0)
            #expect(ending.output == "intranet:/news/agm: locked\n")
            ending = try await office.run("lock", "/news/agm")
            #expect(ending.status == 0)
            #expect(ending.output == "intranet:/news/agm: unchanged. You have it already.\n")
            ending = try await office.run("refresh", "/news/agm")
            #expect(ending.status == 0)
            #expect(ending.output == "intranet:/news/agm: refreshed\n")
            ending = try await office.run("unlock", "/news/agm")
            #expect(ending.status == 0)
            #expect(ending.output == "intranet:/news/agm: released\n")
            ending = try await office.run("unlock", "/news/agm")
            #expect(ending.status == 0)
            #expect(ending.output.hasPrefix("intranet:/news/agm: unchanged."))
            ending = try await office.run("refresh", "/news/agm")
            #expect(ending.status == 1)
            #expect(ending.output == "")
            #expect(ending.errors.contains("intranet:/news/agm: refresh refused. Nobody has it"))
        }
    }

    @Test(
        "another's lock: everything but force is a conflict, 75, and sends nothing",
        arguments: [
            "lock", "refresh", "unlock", "check-out", "check-in", "discard",
        ])
    func conflict(command: String) async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let ending = try await office.run(command, "/news/agm", "--json", "--yes")
            #expect(ending.status == 75, "\(ending)")
            let result = try ending.json
            #expect(result["outcome"]?.text == "refused")
            #expect(result["reason"]?.text == "conflict")
            #expect(result["before"]?["holder"]?["id"]?.text == "bob")
            #expect(await office.changes == [])
        }
    }

    @Test("check-out, check-in and discard, from the free item and back")
    func copies() async throws {
        try await inOffice { office in
            #expect(try await office.run("check-out", "/news/agm").output == "intranet:/news/agm: checked out\n")
            #expect(try await office.run("show", "/news/agm", "--json").json["lock"]?["kind"]?.text == "workingCopy")
            let unlock = try await office.run("unlock", "/news/agm")
            #expect(unlock.status == 1)
            #expect(unlock.errors.contains("use discard or check-in"))
            #expect(try await office.run("check-in", "/news/agm", "-m", "done with it").status == 0)
            #expect(try await office.run("show", "/news/agm", "--json").json["lock"] == .null)
            let nothing = try await office.run("check-in", "/news/agm")
            #expect(nothing.status == 1)
            #expect(try await office.run("check-out", "/news/agm").status == 0)
            #expect(try await office.run("discard", "/news/agm").status == 0)
            #expect(try await office.run("show", "/news/agm", "--json").json["state"]?.text == "free")
            #expect(try await office.run("discard", "/news/agm").output.contains("unchanged"))
        }
    }

    @Test("another's check-out is discarded only with --force and --yes")
    func discardOfAnother() async throws {
        try await inOffice { office in
            try await office.server.perform(.checkOut(path: "/news/agm", by: "joao"))
            let unsure = try await office.run("discard", "--force", "/news/agm")
            #expect(unsure.status == 64)
            #expect(await office.changes == [])
            let forced = try await office.run("discard", "--force", "--yes", "/news/agm", "--json")
            #expect(forced.status == 0, "\(forced)")
            #expect(try forced.json["outcome"]?.text == "done")
            #expect(try await holder(office, "/news/agm") == nil)
        }
    }

    @Test("force without a terminal needs --yes, and then ends the lock and says so")
    func force() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let unsure = try await office.run("unlock", "--force", "/news/agm")
            #expect(unsure.status == 64)
            #expect(unsure.errors.contains("give --yes"))
            #expect(await office.changes == [])
            let forced = try await office.run(
                "unlock", "--force", "/news/agm", "--yes", "--reason", "bob left", "--json")
            #expect(forced.status == 0, "\(forced)")
            try Golden.check(masked(forced.output, in: office), named: "Operations/force")
            #expect(try await holder(office, "/news/agm") == nil)
            let again = try await office.run("unlock", "--force", "/news/agm", "--yes")
            #expect(again.status == 0)
            #expect(again.output.contains("unchanged"))
            let log = try await office.run("history", "--ours", "--json").json
            #expect(log[0]?["operation"]?.text == "forceUnlock")
            #expect(log[0]?["note"]?.text == "bob left")
        }
    }

    @Test("a lock that is not stealable is forced with both requests")
    func notStealable() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob", stealable: false)
            let forced = try await office.run("unlock", "--force", "/news/agm", "--yes")
            #expect(forced.status == 0, "\(forced)")
            #expect(try await holder(office, "/news/agm") == nil)
        }
    }

    @Test(
        "--dry-run says what would be done and sends nothing but readings",
        arguments: [
            ["lock", "/news/agm"], ["unlock", "--force", "/news/launch"], ["check-out", "/news/agm"],
            ["unlock", "/legal/terms"], ["refresh", "/legal/terms"], ["discard", "--force", "/news/brochure"],
        ])
    func dryRun(words: [String]) async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/launch", as: "bob")
            try await office.server.lock(path: "/legal/terms", as: "mona")
            try await office.server.perform(.checkOut(path: "/news/brochure", by: "joao"))
            let ending = try await Program.run(
                try builtProgram("locktop"),
                [words[0], "--config", office.configuration] + words.dropFirst()
                    + ["--dry-run", "--json"], environment: office.environment)
            #expect(ending.status == 0, "\(ending)")
            #expect(try ending.json["outcome"]?.text == "planned")
            #expect(await office.changes == [])
        }
    }

    @Test("--expect-holder and --expect-lock refuse another lock: changed, nothing sent")
    func expectations() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let identity = try await office.run("show", "/news/agm", "--json").json["lock"]?["identity"]?.text ?? ""
            #expect(!identity.isEmpty)
            for words in [["--expect-holder", "alice"], ["--expect-lock", "0000000000"]] {
                let ending = try await Program.run(
                    try builtProgram("locktop"),
                    ["unlock", "--config", office.configuration, "--force", "--yes", "--json", "/news/agm"] + words,
                    environment: office.environment)
                #expect(ending.status == 1)
                #expect(try ending.json["reason"]?.text == "changed")
            }
            #expect(await office.changes == [])
            let right = try await office.run(
                "unlock", "--force", "--yes", "--expect-holder", "bob", "--expect-lock", identity, "/news/agm")
            #expect(right.status == 0, "\(right)")
            // Free by now: for a force that is a change, for an unlock it is as wished.
            let force = try await office.run(
                "unlock", "--force", "--yes", "--expect-holder", "bob", "/news/agm", "--json")
            #expect(force.status == 1)
            #expect(try force.json["reason"]?.text == "changed")
            let unlock = try await office.run("unlock", "--expect-holder", "bob", "/news/agm", "--json")
            #expect(unlock.status == 0)
            #expect(try unlock.json["outcome"]?.text == "unchanged")
        }
    }

    @Test("several items have one exit code when all that went wrong has the same, else 1")
    func several() async throws {
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            try await office.server.lock(path: "/news/launch", as: "alice")
            let same = try await office.run("lock", "/news/agm", "/news/launch", "/news/autumn", "--json")
            #expect(same.status == 75)
            #expect(try same.jsonLines.map { $0["outcome"]?.text } == ["refused", "refused", "done"])
            let mixed = try await office.run("lock", "/news/agm", "/news/nothing")
            #expect(mixed.status == 1)
            #expect(mixed.errors.split(separator: "\n").count == 2)
        }
    }

    @Test("- reads items from standard input, one a line")
    func standardInput() async throws {
        try await inOffice { office in
            let ending = try await office.run("lock", "-", input: "/news/agm\nintranet:/news/launch\n\n")
            #expect(ending.status == 0)
            #expect(ending.output == "intranet:/news/agm: locked\nintranet:/news/launch: locked\n")
            #expect(try await office.run("lock", "-", input: "").status == 64)
            #expect(try await office.run("lock").status == 64)
        }
    }

    @Test("read-only in the configuration makes every operation impossible: 77")
    func readOnly() async throws {
        try await inOffice(top: ["read_only: true"]) { office in
            try await office.server.lock(path: "/news/launch", as: "bob")
            for words in [
                ["lock", "/news/agm"], ["unlock", "--force", "--yes", "/news/launch"], ["check-out", "/news/agm"],
            ] {
                let ending = try await Program.run(
                    try builtProgram("locktop"), [words[0], "--config", office.configuration] + words.dropFirst(),
                    environment: office.environment)
                #expect(ending.status == 77, "\(ending)")
            }
            #expect(await office.changes == [])
        }
    }

    @Test("an account that may not is told so: 77")
    func notAllowed() async throws {
        try await inOffice { office in
            let text = office.text(of: "config.yaml").replacing("user: mona", with: "user: carol")
            try Office.write(text, to: office.configuration)
            let ending = try await office.run("lock", "/news/agm", changes: [Office.variable: "carol-pw"])
            #expect(ending.status == 77, "\(ending)")
            #expect(ending.errors.contains("does not let"))
        }
    }

    @Test("what can't be locked is refused with its reason")
    func notLockable() async throws {
        try await inOffice { office in
            let ending = try await office.run("lock", "/news", "--json")
            #expect(ending.status == 1, "\(ending)")
            #expect(try ending.json["reason"]?.text == "not-lockable")
        }
    }

    @Test("a lock with a time-out, a remark and no stealing is what the server then has")
    func options() async throws {
        try await inOffice { office in
            let ending = try await office.run(
                "lock", "/news/agm", "--timeout", "1h", "--no-steal", "--comment", "for the printers")
            #expect(ending.status == 0, "\(ending)")
            let lock = try await office.run("show", "/news/agm", "--json").json["lock"]
            #expect(lock?["timeout"]?.number == 3_600)
            // Plone tells the owner that it is stealable, and others that it is not.
            let other = try await Office.open(office.server, as: "erin", password: "erin-pw")
            let seen = try await other.run("show", "/news/agm", "--json").json["lock"]
            #expect(seen?["stealable"] == .bool(false))
            other.removeHome()
            let log = try await office.run("history", "--ours", "--json").json
            #expect(log[0]?["note"]?.text == "for the printers")
        }
    }

    @Test("a change whose answer is lost is read, never sent again, and told as it is", arguments: [true, false])
    func lostAnswer(happened: Bool) async throws {
        try await inOffice { office in
            let fault: Fault.Kind = happened ? .dropAfterEffect : .dropBeforeEffect
            await office.server.setFaults(Faults([Fault(fault, method: "POST", pathContains: "@lock", next: 1)]))
            let ending = try await office.run("lock", "/news/agm", "--json")
            #expect(try ending.json["outcome"]?.text == (happened ? "done" : "failed"), "\(ending)")
            #expect(ending.status == (happened ? 0 : 69))
            #expect(await office.changes.count == 1)
        }
    }
}
