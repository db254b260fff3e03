// SPDX-License-Identifier: MIT
import FoundationEssentials
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

    @Test("the page of the JSON has every key that is printed")
    func json() async throws {
        let page = try #require(try await pages()["locktop-json.5"])
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Sources/locktop/"
        for file in ["Output/JSONText.swift", "Commands/History.swift", "Commands/Servers.swift"] {
            let text = String(decoding: try #require(FileManager.default.contents(atPath: root + file)), as: UTF8.self)
            for match in text.matches(of: /\("([a-z][A-Za-z]+)", *[.a-z]/) {
                #expect(page.contains(".It Ic \"\(match.1)\"\n"), "\(match.1) of \(file)")
            }
        }
    }

    @Test("the page of the configuration says what each key is for")
    func configuration() async throws {
        let page = try #require(try await pages()["locktop-config.5"])
        for key in ConfigurationKeys.top + ConfigurationKeys.ofEveryServer {
            #expect(!key.meaning.isEmpty, "\(key.name)")
            #expect(page.contains(".It Ic \"\(key.name)\"\n"), "\(key.name)")
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
