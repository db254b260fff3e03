// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import HTTP
import LockSystemContract
import Locks
import Synchronization
import Testing
import Watching

@testable import LockSystems

/// A drive in memory whose changes name what was done, and nothing of what lies below it.
final class MadeUpDrive: Sendable {
    private struct Entry {
        var name: String
        var parent: String
        let isFolder: Bool
    }
    private struct State {
        var dice: UInt64
        var entries: [String: Entry] = [:]
        var changed: [String] = []
        var next = 0
    }
    private let state: Mutex<State>

    init(seed: UInt64) {
        state = Mutex(State(dice: seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493))
        for _ in 0..<40 { add() }
        state.withLock { $0.changed = [] }
    }

    private func roll(_ count: Int) -> Int {
        state.withLock { state in
            state.dice = state.dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state.dice >> 33) % UInt64(count))
        }
    }

    private func pick(_ isWanted: (String, Bool) -> Bool) -> String? {
        let ids = state.withLock { $0.entries.filter { isWanted($0.key, $0.value.isFolder) }.keys.sorted() }
        return ids.isEmpty ? nil : ids[roll(ids.count)]
    }

    private func folder(but avoided: String? = nil) -> String {
        guard roll(3) > 0, let folder = pick({ _, isFolder in isFolder }) else { return "ROOT" }
        var above: String? = folder
        while let id = above {
            if id == avoided { return "ROOT" }
            above = state.withLock { $0.entries[id]?.parent }
        }
        return folder
    }

    private func add() {
        let (parent, isFolder) = (folder(), roll(3) == 0)
        state.withLock { state in
            state.next += 1
            state.entries["I\(state.next)"] = Entry(name: "n\(state.next)", parent: parent, isFolder: isFolder)
            state.changed.append("I\(state.next)")
        }
    }

    private func below(_ id: String) -> [String] {
        let children = state.withLock { $0.entries.filter { $0.value.parent == id }.keys.sorted() }
        return children + children.flatMap { below($0) }
    }

    func change() {
        for _ in 0...roll(5) {
            guard let id = pick({ _, _ in true }) else { return add() }
            switch roll(6) {
            case 0: add()
            case 1:
                // A name that another one has just left, now and then.
                let name = roll(2) == 0 ? "m\(roll(4))" : "n\(roll(400))"
                state.withLock { state in
                    let parent = state.entries[id]?.parent
                    guard !state.entries.values.contains(where: { $0.parent == parent && $0.name == name }) else {
                        return
                    }
                    state.entries[id]?.name = name
                    state.changed.append(id)
                }
            case 2, 3:
                let parent = folder(but: id)
                state.withLock { state in
                    let name = state.entries[id]?.name
                    guard !state.entries.values.contains(where: { $0.parent == parent && $0.name == name }) else {
                        return
                    }
                    state.entries[id]?.parent = parent
                    state.changed.append(id)
                }
            case 4:
                let gone = below(id)
                state.withLock { state in
                    for other in gone + [id] { state.entries[other] = nil }
                    // What had been named already is named as gone; the rest goes without a word.
                    state.changed += gone.filter(state.changed.contains) + [id]
                }
            default: break
            }
        }
    }

    /// Where every file is.
    var paths: [String: String] {
        state.withLock { state in
            var paths: [String: String] = [:]
            for (id, entry) in state.entries where !entry.isFolder {
                var (path, parent) = ("/" + entry.name, entry.parent)
                while let folder = state.entries[parent] { (path, parent) = ("/" + folder.name + path, folder.parent) }
                paths["b!d/" + id] = "/Docs" + path
            }
            return paths
        }
    }

    func system() throws -> GraphSystem {
        let transport = MemoryTransport { [self] request in
            func json(_ text: String) -> Response {
                Response(status: 200, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
            }
            if request.url.contains("/oauth2/") {
                return json(#"{"token_type":"Bearer","access_token":"t","expires_in":3600}"#)
            }
            if request.url.contains("/root/delta") { return json(delta(isWhole: !request.url.contains("token="))) }
            if request.url.contains("/drives/b%21d?") || request.url.contains("/drives/b!d?") {
                return json(#"{"id":"b!d","name":"Docs","driveType":"documentLibrary"}"#)
            }
            return Response(status: 404, body: Array(#"{"error":{"code":"itemNotFound","message":"No."}}"#.utf8))
        }
        var profile = SystemProfile(
            name: "files", address: try WebAddress("https://graph.example"),
            login: .program(clientID: "app", secret: { "secret" }), transport: transport, tokens: KeptTokens(),
            now: { Date(timeIntervalSince1970: 1_777_888_800) })
        profile.options.put("drives", ["drive:b!d"])
        profile.options.tenant = "t"
        profile.options.put("login_url", "https://login.example")
        return GraphSystem(profile, sleep: { _ in })
    }

    private func delta(isWhole: Bool) -> String {
        let ids = state.withLock { state in
            defer { state.changed = [] }
            return isWhole ? state.entries.keys.sorted() : state.changed
        }
        let lines = ids.map { id in
            state.withLock { state in
                guard let entry = state.entries[id] else { return #"{"id":"\#(id)","deleted":{"state":"deleted"}}"# }
                let kind = entry.isFolder ? #""folder":{}"# : #""file":{},"publication":{"level":"published"}"#
                return #"{"id":"\#(id)","name":"\#(entry.name)","parentReference":{"id":"\#(entry.parent)"},\#(kind)}"#
            }
        }
        let root = #"{"id":"ROOT","name":"root","root":{},"folder":{}}"#
        let all = ([root] + lines).joined(separator: ",")
        return #"{"value":[\#(all)],"@odata.deltaLink":"https://graph.example/v1.0/drives/b!d/root/delta?token=x"}"#
    }
}
