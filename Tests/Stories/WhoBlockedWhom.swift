// SPDX-License-Identifier: MIT
import Canvas
import TestSupport

/// Who blocked whom this morning.
///
/// Bob says that the brochure was taken from under his hands. Mona had the dashboard open in the morning and closed it
/// at noon; in the afternoon she looks what happened.
public func whoBlockedWhom(_ place: Workplace) async throws {
    // The morning: the dashboard is open while Alice takes the brochure.
    let morning = try await place.dashboard()
    try await place.lock("brochure", as: "alice")
    try await morning.see("Alice took it") { $0.says("alice", has: "brochure") && $0.contains("alice took it") }

    // Mona asks for it and is refused; she leaves it at that. A little later she ends Alice's lock by a command, and Bob takes the brochure.
    try await morning.find("brochure")
    morning.type("l")
    try await morning.see("refused") { $0.hasBox("Conflict", chosen: "Leave") }
    morning.press(.escape)
    try await morning.see("left at that") { $0.hasNoBox }
    let forced = try await place.run(
        "unlock", "--force", place.path("brochure"), "--expect-holder", "alice", "--reason", "goes to print", "--yes")
    try expect("it is ended", forced.description, forced.status == 0)
    try await morning.see("it is free for a moment") { $0.isFree("brochure") }
    try await place.lock("brochure", as: "bob")
    try await morning.see("Bob took it") { $0.says("bob", has: "brochure") && $0.contains("bob took it") }
    try await morning.leave()

    // The afternoon: another run of the program knows it all. The details tell it, the newest first.
    let afternoon = try await place.dashboard()
    try await afternoon.see("Bob has it") { $0.says("bob", has: "brochure") }
    try await afternoon.find("brochure")
    afternoon.press(.enter)
    try await afternoon.see("the story, over both runs") { screen in
        guard let start = screen.lines.firstIndex(where: { $0.contains("What happened") }) else { return false }
        let story = screen.lines[start...].joined(separator: "\n")
        let told = [
            "alice took it", "conflict: you asked, alice has it", "you force-unlocked it (alice had it)", "bob took it",
        ]
        let places = told.compactMap { story.firstRange(of: $0)?.lowerBound }
        return places.count == told.count && places == places.sorted(by: >)
    }
    afternoon.press(.escape)
    try await afternoon.see("the table") { !$0.contains("What happened") }

    // A person's page tells theirs.
    afternoon.type("p")
    try await afternoon.see("Bob among the people") { $0.contains("Bob Builder (bob)") }
    afternoon.press(.enter)
    try await afternoon.see("Bob's page, with the brochure") {
        $0.contains("PERSON Bob Builder (bob)") && $0.contains(place.path("brochure"))
    }
    afternoon.press(.escape)
    afternoon.press(.escape)
    try await afternoon.leave()

    // On paper it is one command; `--ours` is the part that Mona answers for.
    let history = try await place.run("history", place.path("brochure"))
    let told = ["alice took it", "conflict", "force-unlock", "alice had it", "bob took it"]
    try expect("all of it", history.description, told.allSatisfy(history.output.contains))
    let ours = try await place.run("history", "--ours", place.path("brochure"))
    try expect(
        "what Mona did, and why", ours.description,
        ours.output.contains("(reason: goes to print)") && !ours.output.contains("alice took it"))
}
