// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport

extension Bench {
    func bytes(_ report: inout Report, _ peers: Peers) throws {
        let scene = try Scene(documents: 500)
        defer { scene.close() }
        for (size, name, limits) in [
            (Scene.small, "80x24", (2_600.0, 220.0)), (Scene.large, "200x50", (6_500.0, 350.0)),
        ] {
            let terminal = try scene.start(size: size)
            try terminal.waitUntil("the first table") { $0.lines.filter { $0.contains("○") }.count > 10 }
            report.add(
                Budget(
                    "first frame, bytes, \(name), 500 items", atMost: limits.0, "B", Double(terminal.byteCount),
                    peers: peers.map {
                        "\($0.name) \(size == Scene.small ? $0.small.firstBytes : $0.large.firstBytes) B"
                    }.joined(separator: ", ")))
            Peer.watch(terminal, seconds: 1)
            report.add(
                Budget(
                    "cursor key, \(name)", atMost: limits.1, "B", keyBytes(terminal),
                    peers: peers.map {
                        "\($0.name) \(Figure.text(size == Scene.small ? $0.small.keyBytes : $0.large.keyBytes)) B"
                    }.joined(separator: ", ")))
            terminal.leave()
            let thin = try scene.started(["--low-bandwidth"], size: size)
            report.add(Budget("cursor key, \(name), --low-bandwidth", atMost: 40, "B", keyBytes(thin)))
            thin.leave()
        }
        let path = try firstPath(scene)
        let office = scene.office
        let both = try changeBytes(scene, "", path, from: { try await office.server.unlock(path: path) })
        report.add(Budget("one row changed, with its event and the counts", atMost: 320, "B", both))
        let alone = try changeBytes(
            scene, "e", path,
            from: {
                try await office.server.unlock(path: path)
                try await office.server.lock(path: path, as: "erin")
            })
        report.add(Budget("one row changed, its holder another, events hidden", atMost: 160, "B", alone))
    }

    /// What is drawn when a row goes from one state to another by which bob has it, and back.
    private func changeBytes(
        _ scene: Scene, _ key: String, _ path: String, from other: @escaping @Sendable () async throws -> Void
    ) throws -> Double {
        let server = scene.office.server
        try Waiting.wait { try await other() }
        let terminal = try scene.started(["--no-clock"])
        defer { terminal.leave() }
        terminal.type(key)
        Peer.watch(terminal, seconds: 2.5)
        var sizes: [Double] = []
        for _ in 0..<3 {
            for isBobs in [true, false] {
                let before = terminal.byteCount
                try Waiting.wait {
                    guard isBobs else { return try await other() }
                    try await server.unlock(path: path)
                    try await server.lock(path: path, as: "bob")
                }
                try terminal.waitUntil("the row changes") { screen in
                    terminal.byteCount > before
                        && screen.lines.contains {
                            $0.contains(path.suffix(12)) && ($0.contains("bob") || $0.contains("Bob")) == isBobs
                        }
                }
                terminal.settle(milliseconds: 300)
                sizes.append(Double(terminal.byteCount - before))
            }
        }
        try Waiting.wait { try await server.unlock(path: path) }
        return Figure.median(sizes)
    }

    private func keyBytes(_ terminal: PseudoTerminal) -> Double {
        Figure.median((0..<20).map { _ in Double(terminal.bytes(silence: 30) { terminal.press(.down) }) })
    }

    private func firstPath(_ scene: Scene) throws -> String {
        let office = scene.office
        let list = try Waiting.wait { try await office.run("ls", "--columns", "item") }
        guard list.lines.count > 2 else { throw Missing(description: "no items: \(list)") }
        return list.lines[1].trimmed
    }
}
