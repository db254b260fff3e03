// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import LockSystems
import Locks
import Settings
import TestOffice
import TestSupport
import Testing

@Suite("The manual")
struct ManualTests {
    private func pages() async throws -> [String: String] {
        let folder = try Office.makeFolder()
        let ending = try await Program.run(try builtProgram("locktop"), ["manual", folder])
        #expect(ending.status == 0 && ending.output == "", "\(ending)")
        var pages: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            pages[name] = String(
                decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
        }
        try? FileManager.default.removeItem(atPath: folder)
        return pages
    }

    @Test("there is a page for the program, each command and each file, the same each time")
    func all() async throws {
        let pages = try await pages()
        for command in HelpTests.commands {
            let name = (["locktop"] + command.split(separator: " ").map(String.init)).joined(separator: "-") + ".1"
            let page = try #require(pages[name], "\(name)")
            #expect(page.contains(".Sh EXIT STATUS\n"), "\(name)")
            #expect(page.contains(".Sh EXAMPLES\n"), "\(name)")
        }
        #expect(pages.count == HelpTests.commands.count + 2)
        #expect(try await self.pages() == pages)
    }

    /// The sections of a page, each with the names in its lists.
    private func keys(_ page: String) -> [String: [String]] {
        var (sections, title): ([String: [String]], String) = ([:], "")
        for line in page.split(separator: "\n") {
            if let match = line.wholeMatch(of: /\.Sh "?(.*?)"?/) { title = String(match.1) }
            if let match = line.wholeMatch(of: /\.It Ic "(.*)"/) {
                sections[title, default: []].append(String(match.1))
            }
        }
        return sections
    }

    @Test("the page of the JSON has the keys that the commands print, in their order, and no others")
    func json() async throws {
        let told = keys(try #require(try await pages()["locktop-json.5"]))
        try await inOffice { office in
            try await office.server.lock(path: "/news/agm", as: "bob")
            let items = OrderedJSON(try await office.run("ls", "--json").output).values
            let item = try #require(items.first { !$0["lock"].keys.isEmpty })
            #expect(told["AN ITEM"] == item.keys)
            #expect(told["A LOCK"] == item["lock"].keys)
            #expect(told["A HOLDER"] == item["lock"]["holder"].keys)
            #expect(told["A RESULT"] == OrderedJSON(try await office.run("lock", "/news/agm", "--json").output).keys)
            // A store that has both.
            try FileManager.default.removeItem(atPath: office.state)
            try FileManager.default.createDirectory(atPath: office.state, withIntermediateDirectories: true)
            let store = #filePath.replacing("ManualTests.swift", with: "Golden/Upgrade/0.1.0/history.sqlite")
            try FileManager.default.copyItem(atPath: store, toPath: office.state + "/history.sqlite")
            let history = OrderedJSON(try await office.run("history", "--json").output).values
            #expect(told["AN OPERATION OF THE AUDIT LOG"] == history.first { !$0["operation"].isNothing }?.keys)
            #expect(told["AN EVENT"] == history.first { !$0["event"].isNothing }?.keys)
            let server = try #require(OrderedJSON(try await office.run("servers", "--json").output).values.first)
            // What is inside of a key stands behind it; the account's name is called as the server's.
            let insides = ["account": ["id"], "operations": server["operations"]["lock"].keys]
            #expect(told["A SERVER"] == server.keys.flatMap { [$0] + (insides[$0] ?? []) })
            let plan = OrderedJSON(try await office.run("plan", "unlock", "--force", "holder:bob").output)
            let row = try #require(plan["rows"].values.first)
            #expect(told["A PLAN"] == plan.keys + row.keys)
        }
        let recording = #filePath.replacing("ManualTests.swift", with: "Recordings/version-1.ndjson")
        let lines = String(decoding: FileManager.default.contents(atPath: recording) ?? Data(), as: UTF8.self)
        #expect(told["A LINE OF A RECORDING"]?.sorted() == OrderedJSON(lines).keys.sorted())
        #expect(told.count == 9)
    }

    @Test("the page of the JSON names the version of a recording and every event that one has")
    func recording() async throws {
        let page = try #require(try await pages()["locktop-json.5"])
        let start = try #require(page.firstRange(of: "A LINE OF A RECORDING")).upperBound
        let section = page[start...].prefix(upTo: page[start...].firstRange(of: "\n.Sh ")?.lowerBound ?? page.endIndex)
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = root + "/Sources/locktop/Recording/RecordedLine.swift"
        let source = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
        let version = try #require(source.firstMatch(of: /static let version = (\d+)/)).1
        #expect(section.contains(".It Ic \"version\"\n\(version)."), "\(section)")
        let events = try #require(
            source.firstMatch(of: /struct RecordedEvent: Codable \{(.*?)\n\}/.dotMatchesNewlines())
        ).1
        let words = events.matches(of: /\n    var (\w+): Recorded/).map { String($0.1) }
        #expect(words.count >= 5)
        for word in words { #expect(section.contains("\(word) ("), "\(word)") }
    }

    @Test("the page of the program names every variable of the environment that it looks at")
    func environment() async throws {
        let told = keys(try #require(try await pages()["locktop.1"]))["ENVIRONMENT"] ?? []
        let names = Set(told.flatMap { $0.split(separator: " ") })
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Sources"
        // REQUEST_METHOD is what a web server sets, not a person.
        var found: Set<Substring> = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: root)
        where name.hasSuffix(".swift") || name.hasSuffix(".c") {
            let text = String(
                decoding: FileManager.default.contents(atPath: "\(root)/\(name)") ?? Data(), as: UTF8.self)
            let looks = /(?:getenv\(|variables\[|environment\[|set\()"([A-Za-z_]+)"/
            for match in text.matches(of: looks)
            where match.1.contains(where: \.isUppercase) && match.1 != "REQUEST_METHOD" { found.insert(match.1) }
        }
        #expect(found.count > 10)
        #expect(found.subtracting(names).isEmpty, "\(found.subtracting(names))")
    }

    @Test("the page of the configuration says what each key is for")
    func configuration() async throws {
        let page = try #require(try await pages()["locktop-config.5"])
        for key in ConfigurationKeys.top + ConfigurationKeys.ofEveryServer {
            #expect(!key.meaning.isEmpty, "\(key.name)")
            #expect(page.contains(".It Ic \"\(key.name)\"\n"), "\(key.name)")
        }
        for kind in Registry.kinds {
            for key in kind.options.all {
                let names = key.isSecret ? key.forms.joined(separator: " ") : key.name
                #expect(page.contains(".It Ic \"\(names)\"\n"), "\(kind.word): \(key.name)")
            }
        }
    }

    @Test("no page draws a warning from groff, nor a complaint from mandoc, where they are installed")
    func lint() async throws {
        let folder = try Office.makeFolder()
        _ = try await Program.run(try builtProgram("locktop"), ["manual", folder])
        let check = """
            cd \(folder) || exit 1
            if command -v groff > /dev/null; then for page in *; do groff -wall -mandoc -Kutf8 -Tutf8 -z "$page"; done; fi
            if command -v mandoc > /dev/null; then mandoc -Tlint *; fi
            true
            """
        let ending = try await Program.run("/bin/sh", ["-c", check], environment: ["PATH": "/usr/bin:/bin"])
        #expect(ending.output == "" && ending.errors == "", "\(ending)")
        try? FileManager.default.removeItem(atPath: folder)
    }
}
