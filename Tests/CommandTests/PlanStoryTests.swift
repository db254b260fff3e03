// SPDX-License-Identifier: MIT
import DemoServer
import TestOffice
import TestSupport
import Testing

/// A story: plan a bulk release, have it looked over, apply it.
///
/// Bob has left on a Friday with four documents locked. Mona, who administers the site, will end his locks, but not
/// before somebody has looked over what that means. On Monday one of the documents is Alice's.
@Suite("Plan a bulk release, have it looked over, apply it")
struct PlanStoryTests {
    @Test("Mona plans, Joao strikes a row, the weekend takes another, and what is left is done and written down")
    func story() async throws {
        try await inOffice { office in
            // What Bob left behind.
            let left = ["/legal/contract", "/legal/terms", "/news/agm", "/news/launch"]
            for path in left {
                try await office.server.lock(path: path, as: "bob", timeout: 864_000, age: 259_200)
            }

            // Mona looks first: what does he hold?
            let look = try await office.run("ls", "holder:bob", "--columns", "item,held")
            #expect(
                look.lines == [
                    "ITEM             HELD", "/legal/contract  3d!", "/legal/terms     3d!", "/news/agm        3d!",
                    "/news/launch     3d!",
                ])

            // She writes the release down. Nothing is sent.
            let planned = try await office.run("plan", "unlock", "--force", "holder:bob")
            #expect(planned.status == 0)
            #expect(planned.errors == "locktop: 4 items would be force-unlocked.\n")
            #expect(await office.changes == [])

            // The plan is a file that people can read and mark: a row a line. Joao, who looks it over, knows that the
            // contract is still worked on, and strikes its row.
            let rows = planned.output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(rows.count(where: { $0.contains("Bob Builder") }) == 4)
            let struck = rows.filter { !$0.contains("/legal/contract") }.joined(separator: "\n")
            try Office.write(struck, to: office.home + "/plan.json")

            // On Monday morning the launch is no longer Bob's: Alice took it over.
            try await office.server.unlock(path: "/news/launch")
            try await office.server.lock(path: "/news/launch", as: "alice")

            // Mona rehearses: the row that is no longer true is left alone.
            let rehearsal = try await office.run("apply", "plan.json", "--dry-run")
            #expect(rehearsal.status == 1, "\(rehearsal)")
            #expect(
                rehearsal.lines == [
                    "intranet:/legal/terms: would be force-unlocked, which bob has",
                    "intranet:/news/agm: would be force-unlocked, which bob has",
                ])
            #expect(
                rehearsal.errors.contains("intranet:/news/launch: force-unlock refused. alice has it now, not bob."))
            #expect(await office.changes == [])

            // She applies it: one question, with all that will end, and nothing that will not.
            let terminal = try PseudoTerminal(
                program: try builtProgram("locktop"),
                arguments: [
                    "apply", "--config", office.configuration, "plan.json", "--reason", "bob left, see HR-118",
                ],
                environment: office.environment, directory: office.home)
            try await terminal.see("the question") { $0.contains("Type yes to go on:") }
            for line in [
                "intranet:/legal/terms  Bob Builder (bob), 3d", "intranet:/news/agm  Bob Builder (bob), 3d",
                "End these 2 locks?",
            ] {
                #expect(terminal.screen.contains(line), "\(terminal.screen.text)")
            }
            #expect(!terminal.screen.contains("launch") && !terminal.screen.contains("contract"))
            terminal.type("yes\r")
            #expect(try await terminal.ending().shellStatus == 1)
            #expect(terminal.screen.contains("intranet:/news/agm: force-unlocked"))

            // What is left: the contract is Bob's, as Joao wished, and the launch is Alice's.
            let after = try await office.run("ls", "--state", "held", "--columns", "item,holder")
            #expect(after.lines == ["ITEM             HOLDER", "/legal/contract  bob", "/news/launch     alice"])

            // And the record says what was done, to whom, and why.
            let record = try await office.run("history", "--ours", "--json").json
            #expect(
                record.values.map { $0["id"]?.text }.sorted { $0 ?? "" < $1 ?? "" } == ["/legal/terms", "/news/agm"])
            for entry in record.values {
                #expect(entry["operation"]?.text == "forceUnlock" && entry["outcome"]?.text == "done")
                #expect(entry["note"]?.text == "bob left, see HR-118")
                #expect(entry["before"]?["holder"]?["id"]?.text == "bob")
            }

            // The plan is spent: applied once more it does no harm.
            let again = try await office.run("apply", "plan.json", "--yes")
            #expect(again.status == 1)
            #expect(
                again.errors.contains(
                    "intranet:/news/agm: force-unlock refused. It is free now: the lock that was meant is gone."))
            #expect(await office.server.requestLog.count { $0.method == "DELETE" } == 2)
        }
    }
}
