// SPDX-License-Identifier: MIT
import FoundationEssentials

/// Comparing text with files that people have looked at.
public enum Golden {
    /// The two texts differ, or the file is missing.
    public struct Mismatch: Error, CustomStringConvertible {
        /// What differs, line by line.
        public let description: String
    }

    /// Compares with `Golden/<name>.txt` beside the test's file; `name` may hold folders.
    ///
    /// With `LOCKTOP_GOLDEN=rewrite` in the environment the file is written instead. Fails when it is missing.
    public static func check(_ actual: String, named name: String, beside file: String = #filePath) throws {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/Golden/\(name).txt"
        if ProcessInfo.processInfo.environment["LOCKTOP_GOLDEN"] == "rewrite" {
            return try write(actual, to: path)
        }
        guard let expected = try? readText(path) else {
            throw Mismatch(description: "Golden/\(name).txt is missing; it would be:\n\(actual)")
        }
        if expected != actual {
            throw Mismatch(description: "Golden/\(name).txt differs:\n" + difference(expected, actual))
        }
    }

    private static func write(_ text: String, to path: String) throws {
        let folder = "/" + path.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// The lines that differ, `-` as they were and `+` as they are, in their order.
    static func difference(_ old: String, _ new: String) -> String {
        let oldLines = old.split(separator: "\n", omittingEmptySubsequences: false)
        let newLines = new.split(separator: "\n", omittingEmptySubsequences: false)
        var changes: [(line: Int, order: Int, text: String)] = []
        for change in newLines.difference(from: oldLines) {
            switch change {
            case .remove(let line, let text, _): changes.append((line, 0, "\(line + 1) -\(text)"))
            case .insert(let line, let text, _): changes.append((line, 1, "\(line + 1) +\(text)"))
            }
        }
        changes.sort { ($0.line, $0.order) < ($1.line, $1.order) }
        return changes.map(\.text).joined(separator: "\n")
    }
}
