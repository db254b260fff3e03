// SPDX-License-Identifier: MIT
import FoundationEssentials
import Testing

/// A lock system is its folders and a line in each registry: whatever else knows its name is listed here, with the
/// reason, and the list may only become shorter.
@Suite struct KindPromiseTests {
    /// A kind of server: the folder that is its own wherever there is one, and the words for it.
    private struct Kind {
        let folder: String
        let words: [String]
    }

    private static let kinds = [
        Kind(folder: "Plone", words: ["plone"]), Kind(folder: "Nick", words: ["nick"]),
        Kind(folder: "SuperOffice", words: ["superoffice"]), Kind(folder: "Graph", words: ["graph", "msgraph"]),
        Kind(folder: "GitLFS", words: ["gitlfs"]),
        Kind(folder: "WebDAV", words: ["webdav", "webdavsystem"]),
    ]

    /// Where kinds are named on purpose.
    private static let registries: Set = [
        "LockSystems/Registry.swift", "DemoServer/Dialects/DialectRegistry.swift",
    ]

    /// The other files that name a kind, and why they do as yet.
    private static let known: [String: String] = [
        "DemoServer/Dialects/Nick/NickDialect+Auth.swift": "tells how the two differ",
        "DemoServer/Dialects/Nick/NickDialect+Serve.swift": "words of the wire, and how the two differ",
        "DemoServer/Dialects/Nick/NickDialect.swift": "tells how the two differ",
        "LockSystems/Nick/NickSite.swift": "tells how the two differ",
        "LockSystems/Nick/NickSystem.swift": "tells how the two differ",
        "DemoServer/Dialects/Plone/PloneDialect+WebDAV.swift": "Plone's own other interface is called so",
        "DemoServer/Dialects/Plone/PloneDialect.swift": "Plone's own other interface is called so",
        "LockSystems/Plone/PloneLocks.swift": "Plone's own other interface is called so",
        "LockSystems/Plone/PloneSystem.swift": "Plone's own other interface is called so",
        "LockSystems/Plone/PloneWire.swift": "Plone's own other interface is called so",
        "HTTP/XMLReader.swift": "tells where its facts stand",
    ]

    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Sources"

    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    /// Whether the text has the word by itself, or in front of a name that is made with it: `PloneSystem`.
    private static func names(_ text: [UInt8], _ lowered: [UInt8], _ word: [UInt8]) -> Bool {
        guard lowered.count >= word.count else { return false }
        for start in 0...(lowered.count - word.count) where lowered[start] == word[0] {
            let end = start + word.count
            guard lowered[start..<end].elementsEqual(word) else { continue }
            let isBegun = start == 0 || !isWordByte(text[start - 1])
            let isMade = end < text.count && (0x41...0x5A).contains(text[end]) && (0x41...0x5A).contains(text[start])
            if isBegun, isMade || end == text.count || !isWordByte(text[end]) { return true }
        }
        return false
    }

    /// The files that name a kind outside its folders.
    private static func found() throws -> Set<String> {
        var found: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) where path.hasSuffix(".swift") {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(root)/\(path)")))
            let lowered = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            let folders = path.split(separator: "/").dropLast().map(String.init)
            for kind in kinds where !folders.contains(kind.folder) {
                if kind.words.contains(where: { names(bytes, lowered, Array($0.utf8)) }) { found.insert(path) }
            }
        }
        return found
    }

    @Test("No file outside a kind's folders names it, but for the registries and those that have a reason")
    func files() throws {
        let found = try Self.found()
        let unknown = found.subtracting(Self.registries).subtracting(Self.known.keys)
        #expect(unknown.isEmpty, "name a kind: \(unknown.sorted())")
        let mended = Set(Self.known.keys).subtracting(found)
        #expect(mended.isEmpty, "name none any more, and are to be taken from the list: \(mended.sorted())")
        #expect(Self.registries.isSubset(of: found))
    }
}
