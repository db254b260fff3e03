// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Settings
import Synchronization
import Testing
import Watching

@testable import locktop

@Suite("Hooks")
struct HookTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/hooks-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func update(_ paths: [String], _ kind: LockEvent.Kind = .released) -> ServerUpdate {
        let events = paths.map { path in
            LockEvent(
                at: Date(timeIntervalSince1970: 1_000_000), ref: ItemRef(server: "a", id: path), path: path,
                title: "It's $HOME", kind: kind, text: "")
        }
        return ServerUpdate(
            server: "a", catalog: Catalog(), changed: [], events: events,
            status: ServerStatus(operations: .none("")))
    }

    private func lines(_ name: String) -> [Substring] {
        let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    @Test("each event of its kind that the filter finds is given to the command as JSON, one after another")
    func oneAtATime() async throws {
        let said = Mutex<[String]>([])
        // Two at once would find the folder that the other made.
        let command =
            "mkdir '\(folder)/alone' || exit 9; cat >> '\(folder)/log'; sleep 0.05; rmdir '\(folder)/alone'"
        let hooks = Hooks([Hook(event: "released", filter: "path:/news", run: command)], Staleness()) { line in
            said.withLock { $0.append(line) }
        }
        hooks.take(update(["/news/1", "/docs/2", "/news/3"]))
        hooks.take(update(["/news/4"], .locked))
        hooks.take(update(["/news/5"]))
        await hooks.finish()
        #expect(said.withLock(\.self) == [])
        let told = lines("log")
        #expect(told.count == 3)
        #expect(told.allSatisfy { $0.hasPrefix("{\"seq\":null,") && $0.contains("\"title\":\"It's $HOME\"") })
        #expect(zip(told, ["/news/1", "/news/3", "/news/5"]).allSatisfy { $0.contains("\"id\":\"\($1)\"") })
    }

    @Test("what fails is told, with the item, and the next event is taken all the same")
    func failing() async {
        let said = Mutex<[String]>([])
        let hooks = Hooks([Hook(event: "locked", run: "echo no such list >&2; exit 4")], Staleness()) { line in
            said.withLock { $0.append(line) }
        }
        hooks.take(update(["/a", "/b"], .locked))
        await hooks.finish()
        #expect(
            said.withLock(\.self) == [
                "The hook for locked, on a:/a, failed with status 4: no such list.",
                "The hook for locked, on a:/b, failed with status 4: no such list.",
            ])
    }

    @Test("when the program ends, what runs is ended, and what waits is not begun")
    func stopped() async {
        let said = Mutex<[String]>([])
        let hooks = Hooks([Hook(event: "locked", run: "echo >> '\(folder)/begun'; sleep 600")], Staleness()) { line in
            said.withLock { $0.append(line) }
        }
        hooks.take(update(["/a", "/b"], .locked))
        while !FileManager.default.fileExists(atPath: "\(folder)/begun") { await Task.yield() }
        await hooks.stop()
        #expect(FileManager.default.contents(atPath: "\(folder)/begun") == Data("\n".utf8))
        #expect(said.withLock(\.self) == [])
    }
}
