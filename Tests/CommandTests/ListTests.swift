// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import TestOffice
import TestSupport
import Testing

@Suite("locktop ls and show")
struct ListTests {
    /// Somebody holds the launch for long, somebody the brochure for a moment, I hold the terms, the agm is checked out.
    static func scene(_ office: Office) async throws {
        try await office.server.lock(path: "/news/launch", as: "bob", timeout: 86_400, age: 57_600 + 60)
        try await office.server.lock(path: "/news/brochure", as: "alice", timeout: 3_600, age: 1_205, stealable: false)
        try await office.server.lock(path: "/legal/terms", as: "mona", timeout: 3_600, age: 310)
        try await office.server.perform(.checkOut(path: "/news/agm", by: "joao"))
    }

    @Test("the table once, in every form")
    func forms() async throws {
        try await inOffice { office in
            try await Self.scene(office)
            for (name, words) in [("table", []), ("csv", ["--csv"]), ("json", ["--json"])] {
                let ending = try await Program.run(
                    try builtProgram("locktop"), ["ls", "--config", office.configuration] + words,
                    environment: office.environment)
                #expect(ending.status == 0, "\(ending)")
                #expect(ending.errors == "")
                try Golden.check(masked(ending.output, in: office), named: "List/\(name)")
            }
        }
    }

    @Test("an item in JSON has every key of the contract, and unknown values are null")
    func keys() async throws {
        try await inOffice { office in
            try await Self.scene(office)
            let json = try await office.run("ls", "--json").json
            #expect(json.values.count >= 7)
            for item in json.values {
                #expect(item["error"] == .null)
                guard let lock = item["lock"], lock != .null else {
                    #expect(item["state"]?.text == "free")
                    continue
                }
                #expect(
                    lock.keys == [
                        "kind", "holder", "since", "expires", "sinceExact", "timeout", "stealable", "identity",
                        "tokenKnown", "comment", "through", "sharedWith",
                    ])
                #expect(lock["holder"]?.keys == ["id", "name", "isMe"])
            }
            let launch = try #require(json.values.first { $0["path"]?.text == "/news/launch" })
            #expect(launch["stale"] == .bool(true))
            #expect(launch["lock"]?["holder"]?["name"]?.text == "Bob Builder")
            let copy = try #require(json.values.first { $0["path"]?.text == "/news/agm" })
            #expect(copy["lock"]?["timeout"] == .null)
            #expect(copy["lock"]?["expires"] == .null)
        }
    }

    @Test("filters by state, holder and query, sorts, and shows the columns asked for")
    func selecting() async throws {
        try await inOffice { office in
            try await Self.scene(office)
            func paths(_ words: String...) async throws -> [String] {
                let ending = try await Program.run(
                    try builtProgram("locktop"), ["ls", "--config", office.configuration, "--columns", "item"] + words,
                    environment: office.environment)
                #expect(ending.status == 0, "\(ending)")
                #expect(ending.lines.first == "ITEM")
                return Array(ending.lines.dropFirst())
            }
            #expect(try await paths("--state", "mine") == ["/legal/terms"])
            #expect(try await paths("--state", "stale") == ["/news/launch"])
            #expect(
                try await paths("--state", "free") == [
                    "/legal/contract", "/news/autumn", "/news/copy_of_agm", "/news/résumé",
                ])
            #expect(try await paths("--state", "mine,stale") == ["/legal/terms", "/news/launch"])
            #expect(try await paths("--state", "unknown") == [])
            #expect(try await paths("--holder", "bob") == ["/news/launch"])
            #expect(try await paths("--holder", "Bob Builder") == ["/news/launch"])
            #expect(try await paths("path:/legal") == ["/legal/contract", "/legal/terms"])
            #expect(try await paths("state:held", "not:launch", "path:/news").contains("/news/brochure"))
            #expect(try await !paths("state:held", "not:launch").contains("/news/launch"))
            let byAge = try await paths("--state", "held", "--sort", "held:desc")
            #expect(byAge.first == "/news/launch")
            let back = try await paths("--state", "held", "--sort", "held")
            #expect(back.last == "/news/launch")
            #expect(try await paths("--sort", "path:desc") == paths("--sort", "path").reversed())
            for column in ["title", "kind", "since", "left", "expires", "type", "modified", "server", "stale", "url"] {
                #expect(try await paths("--sort", column).count == paths().count)
            }
            #expect(try await paths("--sort", "state").first == "/legal/terms")
            #expect(try await paths("--sort", "item:desc") == paths("--sort", "item").reversed())
        }
    }

    @Test("all columns have a heading and a cell in CSV")
    func allColumns() async throws {
        try await inOffice { office in
            try await Self.scene(office)
            let columns =
                "state,item,title,holder,kind,since,held,left,expires,type,modified,server,stale,url,identity,path"
            let ending = try await office.run("ls", "--csv", "--columns", columns, "launch")
            #expect(ending.lines.first == columns)
            #expect(ending.lines.count == 2)
            #expect(ending.lines[1].split(separator: ",", omittingEmptySubsequences: false).count == 16)
            #expect(ending.lines[1].hasPrefix("held,/news/launch,Launch,bob,lock,20"))
        }
    }

    @Test(
        "words that mean nothing end with 64 and the nearest right word",
        arguments: [
            (["--columns", "item,hodler"], "Did you mean holder?"), (["--state", "hold"], "Did you mean held?"),
            (["--sort", "titel"], "Did you mean title?"), (["--sort", "held:down"], "held:asc or held:desc"),
            (["--columns", ","], "at least one column"), (["--server", "intranett"], "Did you mean intranet?"),
            (["state:helt"], "helt"),
        ])
    func wrongWords(words: [String], sentence: String) async throws {
        try await inOffice { office in
            let ending = try await Program.run(
                try builtProgram("locktop"), ["ls", "--config", office.configuration] + words,
                environment: office.environment)
            #expect(ending.status == 64, "\(ending)")
            #expect(ending.output == "")
            #expect(ending.errors.contains(sentence), "\(ending.errors)")
        }
    }

    @Test("show tells everything of one item, for people and as JSON")
    func show() async throws {
        try await inOffice { office in
            try await Self.scene(office)
            for path in ["launch", "brochure", "agm", "autumn"] {
                let ending = try await office.run("show", "intranet:/news/\(path)")
                #expect(ending.status == 0, "\(ending)")
                try Golden.check(masked(ending.output, in: office), named: "Show/\(path)")
            }
            let one = try await office.run("show", "/news/launch", "--json").json
            let listed = try await office.run("ls", "--json", "launch").json[0]
            #expect(one.keys == listed?.keys)
            #expect(one["lock"]?["identity"] == listed?["lock"]?["identity"])
            #expect(one["id"] == listed?["id"])
        }
    }

    @Test("show of what is not there ends with 1, and of a strange server with 64")
    func showNothing() async throws {
        try await inOffice { office in
            let gone = try await office.run("show", "/news/nothing")
            #expect(gone.status == 1)
            #expect(gone.output == "")
            #expect(gone.errors.contains("/news/nothing is not on intranet"))
            let strange = try await office.run("show", "intranett:/news/agm")
            #expect(strange.status == 64)
            #expect(strange.errors.contains("Did you mean intranet?"))
        }
    }

    @Test("on a narrow terminal paths and names give way, so that a row is a line; elsewhere they are whole")
    func narrow() async throws {
        try await inOffice { office in
            let path = "/news/what-the-harbour-master-said-about-the-new-bridge-and-its-opening-hours"
            try await office.server.add(path: path, title: "Bridge")
            try await office.server.lock(path: path, as: "bob")
            let terminal = try PseudoTerminal(
                program: try builtProgram("locktop"), arguments: ["ls", "--config", office.configuration, "bridge"],
                environment: office.environment, size: Size(columns: 60, rows: 10), directory: office.home)
            #expect(try await terminal.ending() == .code(0))
            let lines = terminal.screen.lines.filter { $0.contains { $0 != " " } }
            #expect(lines.count == 2, "\(lines)")
            #expect(lines.first?.contains("LEFT") ?? false)
            #expect(lines.last?.contains("…") ?? false)
            #expect(lines.last?.contains("its-opening-hours  bob") ?? false, "\(lines)")
            #expect(try await office.run("ls", "bridge").output.contains(path))
        }
    }
}
