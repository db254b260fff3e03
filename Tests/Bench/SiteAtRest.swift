// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestOffice
import TestSupport

/// A demo server of one kind on which nobody works, and a dashboard that looks at it: what looking alone costs.
struct SiteAtRest {
    let kind: DialectKind
    let terminal: PseudoTerminal
    let itemCount: Int
    private let office: Office

    init(_ kind: DialectKind, documents: Int) throws {
        self.kind = kind
        let office = try Waiting.wait {
            let server = try await DemoServer.start(
                DemoOptions(dialect: kind, documents: documents * 2 / 3, people: false))
            try await Self.hold(documents / 3, on: server)
            return try await Office.open(server, as: server.accounts[0].name, password: server.accounts[0].password)
        }
        self.office = office
        do {
            try Office.write("poll: 5s\nservers:\n" + Self.entry(kind, office), to: office.configuration)
            if kind == .msgraph {
                let ending = try Waiting.wait { try await office.run("login", "site") }
                guard ending.status == 0 else { throw Missing(description: "no sign-in: \(ending)") }
            }
            let list = try Waiting.wait { try await office.run("ls", "--columns", "item", within: 60) }
            guard list.lines.count > 2 else { throw Missing(description: "no items: \(list)") }
            itemCount = list.lines.count - 1
            terminal = try office.dashboard("--no-clock", size: Scene.large)
        } catch {
            Waiting.wait { await office.close() }
            throw error
        }
    }

    // Where rows are locks, there are rows only when somebody holds something.
    private static func hold(_ count: Int, on server: DemoServer) async throws {
        try await server.add(path: "/held", type: "Folder", title: "Held")
        for number in 0..<count {
            try await server.add(path: "/held/minutes-\(number)", title: "Minutes \(number)")
            try await server.perform(
                .lock(path: "/held/minutes-\(number)", by: server.accounts[1].name, timeout: 86_400))
        }
    }

    private static func entry(_ kind: DialectKind, _ office: Office) -> String {
        let known = "{user: \(office.server.accounts[0].name), password_file: \(office.home)/password"
        let more =
            switch kind {
            case .msgraph:
                ", tenant: harbour.example, login_url: \"\(office.server.address)\", drives: [me, "
                    + "\"site:harbour.sharepoint.example:/sites/harbour\"], auth: {flow: device_code, client_id: bench}"
            case .superoffice: ", auth: \(known), scheme: basic}"
            default: ", auth: \(known)}"
            }
        return "  - {name: site, kind: \(kind.rawValue), url: \"\(office.server.address)\"\(more)}\n"
    }

    /// Waits until the whole listing has come, and what it does not tell has been read.
    func waitUntilListed() throws {
        try terminal.waitUntil("everything is listed and read", within: 300) { screen in
            let head = screen.lines[0].replacing("listing cut", with: "")
            return head.contains("locktop") && !head.contains("listing") && !head.contains("connecting")
                && (kind != .superoffice || !head.contains("unknown"))
                // Where rows are locks none is free.
                && screen.lines.contains { line in ["○", "◆", "●", "■"].contains { line.contains($0) } }
        }
    }

    /// Counts anew from now on.
    func begin() {
        let server = office.server
        Waiting.wait { await server.resetRequestLog() }
    }

    /// What the server was asked since then, and how much it answered, heads not counted.
    var cost: (requests: Int, bytes: Int) {
        let server = office.server
        let log = Waiting.wait { await server.requestLog }
        return (log.count, log.reduce(0) { $0 + $1.bytes })
    }

    func close() {
        let office = office
        terminal.leave()
        Waiting.wait { await office.close() }
    }
}
