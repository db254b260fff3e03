// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport
import Testing

extension EndToEndTests {
    @Suite("The dashboard: operating")
    struct OperatingTests {
        @Test("lock, refresh, unlock, undo: each at once, with its line in the events")
        func ownLock() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                try await terminal.select("/news/autumn")
                terminal.type("l")
                try await terminal.see("it is mine") { $0.row("/news/autumn")?.contains("you") ?? false }
                try await terminal.see("and said") { $0.contains("You locked /news/autumn") }
                terminal.type("r")
                try await terminal.see("refreshed") { $0.contains("You refreshed /news/autumn") }
                terminal.type("u")
                try await terminal.see("released") { $0.row("/news/autumn")?.contains("○") ?? false }
                terminal.type("Z")
                try await terminal.see("undone") { $0.row("/news/autumn")?.contains("you") ?? false }
                terminal.type("u")
                try await terminal.see("released again") { $0.row("/news/autumn")?.contains("○") ?? false }
                try await terminal.quit()
            }
        }

        @Test("marks and a bulk operation end in a list: done, refused")
        func bulk() async throws {
            try await inBusyOffice { office in
                try await office.server.lock(path: "/news/launch", as: "bob")
                let terminal = try await office.opened()
                terminal.type("a")
                try await terminal.see("all are marked") { screen in
                    screen.lines.filter { $0.contains("+") && $0.contains("/") }.count >= 7
                }
                terminal.type("l")
                try await terminal.see("the list") {
                    $0.hasBox("lock: 6 of 7 done") && $0.contains("Done: 6") && $0.contains("Refused: 1")
                        && $0.contains("[Close]")
                }
                terminal.press(.enter)
                try await terminal.see("closed") { $0.hasNoBox && ($0.row("/news/agm")?.contains("you") ?? false) }
                terminal.type("3a")
                terminal.type("u")
                try await terminal.see("all are released") { $0.contains("Done: 6") && $0.contains("[Close]") }
                terminal.press(.escape)
                try await terminal.see("nothing is mine") { $0.contains("You have nothing.") }
                try await terminal.quit()
            }
        }

        @Test("a conflict opens a box; wait and take gets the item when the other releases it")
        func waitAndTake() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                try await terminal.select("/news/brochure")
                terminal.type(".")
                try await terminal.see("paused") { $0.contains("PAUSED") }
                try await office.server.lock(path: "/news/brochure", as: "alice")
                terminal.type("l")
                try await terminal.see("the box") {
                    $0.hasBox("Conflict") && $0.contains("Alice Ångström (alice)") && $0.contains("[Leave]")
                }
                terminal.press(.right)
                try await terminal.see("the second button") { $0.contains("[Wait and take]") }
                terminal.press(.enter)
                try await terminal.see("it waits") { $0.hasNoBox && $0.contains("it is taken when it is free") }
                terminal.type(".")
                terminal.type("W")
                try await terminal.see("the list of waits") {
                    $0.contains("WAITED FOR") && $0.contains("/news/brochure")
                }
                terminal.press(.enter)
                try await terminal.see("closed") { $0.hasNoBox }
                try await office.server.unlock(path: "/news/brochure")
                try await terminal.see("it is mine") { $0.row("/news/brochure")?.contains("you") ?? false }
                try await terminal.see("and said") { $0.contains("You locked /news/brochure") }
                terminal.type("u")
                try await terminal.see("released") { $0.row("/news/brochure")?.contains("○") ?? false }
                try await terminal.quit()
            }
        }

        @Test("force asks with the holder and the age; Cancel is chosen; a reason and the button end the lock")
        func force() async throws {
            try await inBusyOffice { office in
                try await office.server.lock(path: "/news/launch", as: "bob", timeout: 86_400, age: 57_700)
                let terminal = try await office.opened()
                try await terminal.select("/news/launch")
                terminal.type("F")
                try await terminal.see("the question") {
                    $0.hasBox("Force-unlock") && $0.contains("End Bob Builder (bob)'s lock on /news/launch, held 16h?")
                        && $0.contains("can't be undone") && $0.contains("[Cancel]")
                }
                terminal.press(.enter)
                try await terminal.see("cancelled") { $0.hasNoBox }
                #expect(await office.changes == [])
                terminal.type("F")
                try await terminal.see("the question again") { $0.contains("[Cancel]") }
                terminal.press(.up)
                terminal.type("bob has left")
                try await terminal.see("the reason") { $0.contains("bob has left") }
                terminal.press(.enter)
                terminal.press(.right)
                try await terminal.see("the button") { $0.contains("[Force unlock]") }
                terminal.press(.enter)
                try await terminal.see("free") { $0.hasNoBox && ($0.row("/news/launch")?.contains("○") ?? false) }
                try await terminal.quit()
                let log = try await office.run("history", "--ours")
                #expect(log.output.contains("(reason: bob has left)"), "\(log)")
            }
        }

        @Test("key repeat, Enter held down and pasted text never confirm")
        func noAccidents() async throws {
            try await inBusyOffice { office in
                try await office.server.lock(path: "/news/launch", as: "bob")
                try await office.server.perform(.checkOut(path: "/news/agm", by: "joao"))
                let terminal = try await office.opened()
                try await terminal.select("/news/launch")
                for keys in [String(repeating: "F", count: 40), "F\r\r\r\r", "Fy", "FyyyyY\r", "F \r", "F\n\n"] {
                    terminal.type(keys)
                    // What is held down or typed on is not for the box; then Esc leaves it, once it takes keys.
                    var isOpen = true
                    for _ in 0..<10 where isOpen {
                        try await terminal.see("\(keys): the question, or none") {
                            $0.hasNoBox || $0.contains("[Cancel]")
                        }
                        terminal.press(.escape)
                        isOpen = (try? await terminal.see("nothing is open", within: 2) { $0.hasNoBox }) == nil
                    }
                    #expect(!isOpen, "\(keys)")
                }
                terminal.type("F")
                try await terminal.see("the question") { $0.contains("[Cancel]") }
                for paste in ["\r", "y\r", "Force unlock\r\r", "\t\r", "\u{1b}[C\r", "launch\r"] {
                    terminal.press(.paste(paste))
                }
                terminal.press(.escape)
                try await terminal.see("closed") { $0.hasNoBox }
                try await terminal.select("/news/agm")
                terminal.type("D")
                try await terminal.see("the question") {
                    $0.hasBox("Discard") && $0.contains("Type agm") && $0.contains("[Cancel]")
                }
                terminal.press(.up)
                terminal.press(.paste("agm"))
                terminal.press(.enter)
                terminal.press(.right)
                terminal.press(.enter)
                try await terminal.see("it wants it typed") { $0.contains("exactly") }
                terminal.press(.escape)
                try await terminal.see("closed") { $0.hasNoBox }
                #expect(await office.changes == [])
                try await terminal.quit()
            }
        }

        @Test("a lock that changed between the question and the answer is left alone")
        func changedMeanwhile() async throws {
            try await inBusyOffice { office in
                try await office.server.lock(path: "/news/launch", as: "bob")
                let terminal = try await office.opened(size: Sizes.large)
                try await terminal.select("/news/launch")
                terminal.type(".")
                try await terminal.see("paused") { $0.contains("PAUSED") }
                terminal.type("F")
                try await terminal.see("the question") {
                    $0.contains("End Bob Builder (bob)'s lock") && $0.contains("[Cancel]")
                }
                try await office.server.unlock(path: "/news/launch")
                try await office.server.lock(path: "/news/launch", as: "alice")
                terminal.press(.right)
                try await terminal.see("the button") { $0.contains("[Force unlock]") }
                terminal.press(.enter)
                try await terminal.see("left alone") { $0.contains("It is another lock by now (alice's).") }
                #expect(await office.changes == [])
                terminal.type(".")
                try await terminal.see("alice has it") { $0.row("/news/launch")?.contains("alice") ?? false }
                try await terminal.quit()
            }
        }

        @Test("another's check-out is discarded only after its name was typed")
        func discard() async throws {
            try await inBusyOffice { office in
                try await office.server.perform(.checkOut(path: "/news/agm", by: "joao"))
                let terminal = try await office.opened()
                try await terminal.select("/news/agm")
                terminal.type("D")
                try await terminal.see("the question") {
                    $0.hasBox("Discard") && $0.contains("Type agm") && $0.contains("destroyed")
                        && $0.contains("[Cancel]")
                }
                terminal.press(.right)
                terminal.press(.enter)
                try await terminal.see("it wants the name") { $0.contains("Type agm exactly.") }
                terminal.type("agm")
                terminal.press(.enter)
                terminal.press(.right)
                try await terminal.see("the button") { $0.contains("[Discard]") }
                terminal.press(.enter)
                try await terminal.see("free") { $0.hasNoBox && ($0.row("/news/agm")?.contains("○") ?? false) }
                try await terminal.quit()
            }
        }

        @Test("my own check-out: out, and in with a comment")
        func checkInOut() async throws {
            try await inBusyOffice { office in
                let terminal = try await office.opened()
                try await terminal.select("/legal/contract")
                terminal.type("c")
                try await terminal.see("checked out") { $0.row("/legal/contract")?.contains("workingCopy") ?? false }
                terminal.type("i")
                try await terminal.see("the line for a remark") { $0.hasBox("Check in") && $0.cursorVisible }
                terminal.type("version two")
                try await terminal.see("the remark") { $0.contains("version two") }
                terminal.press(.enter)
                try await terminal.see("free") { $0.hasNoBox && ($0.row("/legal/contract")?.contains("○") ?? false) }
                try await terminal.quit()
            }
        }

        @Test("read-only: every operation is refused in words, and nothing is sent")
        func readOnly() async throws {
            try await inBusyOffice { office in
                try await office.server.lock(path: "/news/launch", as: "bob")
                try await office.server.lock(path: "/legal/terms", as: "mona")
                let terminal = try await office.opened(["--read-only"])
                #expect(terminal.screen.lines[0].contains("read-only"))
                for path in ["/news/launch", "/legal/terms", "/news/agm"] {
                    try await terminal.select(path)
                    for key in ["l", "r", "u", "F", "c", "i", "D", "L", "w"] {
                        terminal.type(key)
                        try await terminal.see("\(key) is refused") {
                            $0.lines.last.map { $0.contains("read-only") || $0.contains(": ") } ?? false
                        }
                        #expect(terminal.screen.hasNoBox)
                    }
                }
                #expect(await office.changes == [])
                try await terminal.quit()
            }
        }

        @Test("a protected server wants its name typed for each operation")
        func protected() async throws {
            try await inBusyOffice(extra: ["protected: true"]) { office in
                let terminal = try await office.opened()
                #expect(terminal.screen.contains("PROTECTED: intranet"))
                try await terminal.select("/news/agm")
                terminal.type("l")
                try await terminal.see("the question") { $0.contains("Type intranet") && $0.cursorVisible }
                terminal.press(.enter)
                try await terminal.see("a reason first") { $0.contains("may not stay empty") }
                terminal.type("a reason")
                terminal.press(.enter)
                try await terminal.see("then the name") { $0.contains("Type intranet exactly.") }
                terminal.type("intranet")
                terminal.press(.enter)
                try await terminal.see("mine") { $0.row("/news/agm")?.contains("you") ?? false }
                terminal.press(.escape)
                #expect(await office.changes.count == 1)
            }
        }

        @Test("two dashboards see each other's locks, and a conflict in the one names the other")
        func together() async throws {
            try await inBusyOffice { office in
                let mine = try await office.opened()
                let other = try await Office.open(office.server, as: "erin", password: "erin-pw")
                let hers = try await other.opened()
                try await hers.select("/news/brochure")
                hers.type("l")
                try await hers.see("hers") { $0.row("/news/brochure")?.contains("you") ?? false }
                try await mine.see("seen here") { $0.row("/news/brochure")?.contains("erin") ?? false }
                try await mine.select("/news/brochure")
                mine.type("l")
                try await mine.see("the conflict") {
                    $0.hasBox("Conflict") && $0.contains("Erin Editor (erin)") && $0.contains("[Leave]")
                }
                mine.press(.right)
                mine.press(.enter)
                try await mine.see("it waits") { $0.hasNoBox }
                hers.type("u")
                try await mine.see("taken") { $0.row("/news/brochure")?.contains("you") ?? false }
                try await hers.see("seen there") { $0.row("/news/brochure")?.contains("mona") ?? false }
                try await hers.quit()
                mine.type("u")
                try await mine.see("released") { $0.row("/news/brochure")?.contains("○") ?? false }
                try await mine.quit()
                other.removeHome()
            }
        }
    }
}
