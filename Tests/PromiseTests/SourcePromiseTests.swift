// SPDX-License-Identifier: MIT
import FoundationEssentials
import Testing

/// What Package.swift can't hold, held by looking at the text of the sources.
@Suite struct SourcePromiseTests {
    private struct File {
        let path: String
        let lines: [Substring]
    }

    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private static func files(in folder: String, ending: [String] = [".swift"]) -> [File] {
        guard let names = try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)") else { return [] }
        return names.filter { name in ending.contains { name.hasSuffix($0) } }.compactMap {
            guard let data = try? Data(contentsOf: URL(filePath: "\(root)/\(folder)/\($0)")) else { return nil }
            let text = String(decoding: data, as: UTF8.self)
            return File(path: "\(folder)/\($0)", lines: text.split(separator: "\n", omittingEmptySubsequences: false))
        }
    }

    private func places(_ files: [File], where isFound: (Substring) -> Bool) -> [String] {
        files.flatMap { file in
            file.lines.enumerated().filter { isFound($0.element) }.map { "\(file.path):\($0.offset + 1)" }
        }
    }

    @Test("No source of ours imports the whole of Foundation, its networking or its XML")
    func noFoundation() {
        let found = places(Self.files(in: "Sources")) { line in
            ["Foundation", "FoundationNetworking", "FoundationXML"].contains { line.hasSuffix("import \($0)") }
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test("Only the terminal's C code includes curses")
    func cursesInOnePlace() {
        let found = places(Self.files(in: "Sources", ending: [".swift", ".c", ".h"])) { $0.contains("curses.h") }
        #expect(found.allSatisfy { $0.hasPrefix("Sources/CTerminal/CTerminal.c") }, "\(found)")
        #expect(!found.isEmpty)
    }

    @Test("Nothing in the dashboard names a colour or an attribute: it names a role, and the theme knows the rest")
    func rolesOnly() {
        let words = ["Style(", "Style.plain", ".plain.", "Color."] + ["isBold", "isDim"].map { $0 + " =" }
        let found = places(Self.files(in: "Sources/Dashboard")) { line in words.contains { line.contains($0) } }
        #expect(found.isEmpty, "\(found)")
    }

    @Test("No task inherits the main actor: every unstructured one is detached")
    func noInheritingTasks() {
        let found = places(Self.files(in: "Sources")) { line in
            let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
            return code.replacing("addTask {", with: "").contains("Task {") || code.contains("Task(priority")
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test("No task group hands tuples over, which optimization scrambles when they are large")
    func noTuplesFromTasks() {
        let found = places(Self.files(in: "Sources")) { $0.contains("TaskGroup(of: (") }
        #expect(found.isEmpty, "\(found)")
    }

    @Test("Only one place of ours includes libcurl, and no client brings a second one")
    func curlInOnePlace() {
        let found = places(Self.files(in: "Sources", ending: [".swift", ".c", ".h"])) { $0.contains("curl/curl.h") }
        #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("Sources/CCurl/") }, "\(found)")
    }

    @Test("No force, no crash on purpose, no work left for later in the sources")
    func noCrashes() {
        let words = ["try!", "as! ", "fatalError(", "preconditionFailure(", "TODO", "FIXME"]
        let found = places(Self.files(in: "Sources")) { line in words.contains { line.contains($0) } }
        #expect(found.isEmpty, "\(found)")
    }

    @Test("Every source begins with its licence")
    func licence() {
        let files = Self.files(in: "Sources", ending: [".swift", ".c", ".h"])
        let bare = files.filter { !($0.lines.first?.contains("SPDX-License-Identifier: MIT") ?? false) }.map(\.path)
        #expect(bare.isEmpty, "\(bare)")
        #expect(files.count > 100)
    }

    @Test("A page is one folder, its case, and the row of the key map that opens it")
    func pagesAreFolders() throws {
        let layers = "Sources/Dashboard/Layers"
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(Self.root)/\(layers)")
        // The details are the table's own pane as well.
        let pages = names.filter { !$0.hasSuffix(".swift") && $0 != "Details" }
        #expect(pages.count >= 7)
        for page in pages {
            let found = places(Self.files(in: "Sources")) { line in
                let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
                return ["\(page)(", "\(page).self", ": \(page)"].contains { word in
                    guard let place = code.firstRange(of: word)?.lowerBound else { return false }
                    let before = code[..<place].last
                    return before.map { !$0.isLetter && $0 != "." } ?? true
                }
            }
            // A page that opens from another is named by that one.
            let others = found.filter { place in
                let isPages = place.hasPrefix("\(layers)/") && !place.hasPrefix("\(layers)/Model+Layers.swift")
                return !isPages && !place.hasPrefix("Sources/Dashboard/Keymap.swift")
                    && place.hasPrefix("Sources/Dashboard/")
            }
            #expect(others.isEmpty, "\(page): \(others)")
            let cases = places(Self.files(in: layers)) { $0.hasPrefix("    case ") && $0.hasSuffix("(\(page))") }
            #expect(cases.count == 1 && cases[0].hasPrefix("\(layers)/Layer.swift"), "\(page): \(cases)")
        }
    }

    @Test("No source is longer than four hundred lines: it is one idea")
    func length() {
        let long = ["Sources", "Tests"].flatMap { Self.files(in: $0) }
            .filter { !$0.path.contains("/.") && $0.lines.count > 401 }
        #expect(long.isEmpty, "\(long.map(\.path))")
    }

    @Test("No test sleeps: it waits for a condition")
    func noSleeps() {
        let words = ["usleep" + "(", "Thread" + ".sleep"]
        let found = places(Self.files(in: "Tests")) { line in words.contains { line.contains($0) } }
        #expect(found.isEmpty, "\(found)")
    }
}
