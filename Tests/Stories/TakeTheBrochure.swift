// SPDX-License-Identifier: MIT
import Canvas
import TestSupport

/// Take the brochure the moment it is free.
///
/// Alice is at the brochure, and Mona needs it next. She does not ask every five minutes: she has it waited for, and
/// goes on with other work.
public func takeTheBrochure(_ place: Workplace) async throws {
    try await place.lock("brochure", as: "alice")
    let terminal = try await place.dashboard()
    try await terminal.see("Alice has it") { $0.says("alice", has: "brochure") }

    // She asks for it, and is told who has it, and what can be done. Leave is chosen.
    try await terminal.find("brochure")
    terminal.type("l")
    try await terminal.see("who has it, and the choices") {
        $0.hasBox("Conflict", chosen: "Leave") && $0.contains("Alice Ångström (alice)") && $0.contains("Wait and take")
    }
    terminal.press(.right)
    try await terminal.see("the second button") { $0.contains("[Wait and take]") }
    terminal.press(.enter)

    // Waiting stands in the list of waits; the rest of the screen is hers again.
    try await terminal.see("it is waited for") { $0.hasNoBox && $0.contains("taken when it is free") }
    terminal.type("W")
    try await terminal.see("the wait") { $0.contains("WAITED FOR") && $0.contains(place.path("brochure")) }
    terminal.press(.escape)
    terminal.press(.escape)
    try await terminal.see("all documents again") { $0.row("agm") != nil && $0.says("alice", has: "brochure") }

    // Alice is done. Nobody presses anything.
    try await place.unlock("brochure", as: "alice")
    try await terminal.see("it is Mona's, and said so") {
        $0.says("you", has: "brochure") && $0.contains("You locked \(place.path("brochure"))")
    }

    // She does what she wanted, and gives it back.
    try await terminal.find("brochure")
    terminal.type("u")
    try await terminal.see("free") { $0.isFree("brochure") }
    try await terminal.leave()

    // A script does the same with one command, which ends once it has the lock.
    try await place.lock("brochure", as: "bob")
    async let waiting = place.run("lock", place.path("brochure"), "--wait=60s", "--", "/bin/echo", "it was mine")
    let after = try await place.run("show", place.path("brochure"), "--json")
    try expect("Bob has it while the command waits", after.description, after.output.contains(#""id":"bob""#))
    try await place.unlock("brochure", as: "bob")
    let ending = try await waiting
    try expect("the command ran once the lock was had", ending.description, ending.status == 0)
    try expect("and held it meanwhile", ending.description, ending.lines.contains("it was mine"))
    let free = try await place.run("ls", "--state", "held")
    try expect("and gave it back", free.description, !free.output.contains("brochure"))
}
