// SPDX-License-Identifier: MIT
import Canvas
import TestSupport

/// Bob left: find and release all that he holds, with a reason, and see the record.
///
/// Bob's last day was on Friday. Mona's configuration says `departed: [bob]`; on Monday she is asked to free whatever
/// he still holds. What Alice is at work on must not suffer.
public func bobLeft(_ place: Workplace) async throws {
    for name in ["agm", "autumn", "launch"] { try await place.lock(name, as: "bob") }
    try await place.lock("brochure", as: "alice")

    // She opens the dashboard. `p` tells who holds how much; he who left is marked.
    let terminal = try await place.dashboard()
    terminal.type("p")
    try await terminal.see("Bob, with the most, and marked as departed") { screen in
        let people = screen.lines.filter { $0.contains("(bob)") || $0.contains("(alice)") }
        return people.count == 2 && people[0].contains("Bob Builder (bob), departed") && people[0].contains(" 3 ")
            && people[1].contains("Alice Ångström (alice)") && people[1].contains(" 1 ")
    }

    // `Enter` shows what it is that he holds.
    terminal.press(.enter)
    try await terminal.see("Bob's page with his three documents") { screen in
        screen.contains("PERSON Bob Builder (bob)")
            && ["agm", "autumn", "launch"].allSatisfy { screen.contains(place.path($0)) }
            && !screen.contains(place.path("brochure"))
    }

    // `F` would release it all, and asks once, with everything that will end. Cancel is chosen.
    terminal.type("F")
    try await terminal.see("the question, with all that will end") { screen in
        screen.hasBox("Force-unlock", chosen: "Cancel")
            && ["agm", "autumn", "launch"].allSatisfy { name in
                screen.lines.contains { $0.contains(place.path(name)) && $0.contains("Bob Builder") }
            } && !screen.contains(place.path("brochure"))
    }

    // She says why, and presses the button.
    terminal.press(.up)
    terminal.type("left on Friday, HR-118")
    try await terminal.see("the reason") { $0.contains("left on Friday, HR-118") }
    terminal.press(.enter)
    terminal.press(.right)
    try await terminal.see("the button") { $0.contains("[Force unlock 3]") }
    terminal.press(.enter)
    try await terminal.see("what came of it", within: 60) {
        $0.hasBox("force-unlock: 3 of 3 done", chosen: "Close")
    }
    terminal.press(.enter)
    terminal.press(.escape)
    terminal.press(.escape)
    try await terminal.see("his documents are free, and Alice has hers") { screen in
        screen.hasNoBox && ["agm", "autumn", "launch"].allSatisfy(screen.isFree)
            && screen.says("alice", has: "brochure")
    }
    try await terminal.leave()

    // The record says what was done, to whom and why; and it lies in Mona's store, not in her memory.
    let record = try await place.run("history", "--ours")
    for name in ["agm", "autumn", "launch"] {
        let lines = record.lines.filter { $0.contains("\(place.path(name)) ") }
        try expect(
            "one line for \(name), with whose it was and why", record.description,
            lines.count == 1 && lines[0].contains("force-unlock") && lines[0].contains("done")
                && lines[0].contains("(bob had it)") && lines[0].contains("(reason: left on Friday, HR-118)"))
    }
    try expect("nothing of Alice's", record.description, !record.output.contains("brochure"))
}
