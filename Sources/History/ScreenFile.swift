// SPDX-License-Identifier: MIT
import FoundationEssentials

/// What was chosen on the screen and outlives it: a small private JSON file of its own, replaced whole on each change.
struct ScreenFile: Sendable {
    let path: String

    /// The columns that were chosen, and those of the configuration that they were chosen over.
    struct Columns: Codable, Equatable {
        var chosen: [String]
        var over: [String]?
    }

    private struct Content: Codable {
        var version = 1
        var columns: Columns?
    }

    // A file that can't be read or makes no sense is no choice: the screen looks as the configuration says.
    var columns: Columns? {
        guard let bytes = try? PrivateFile.read(path, limit: 64 * 1_024) else { return nil }
        return (try? JSONDecoder().decode(Content.self, from: Data(bytes)))?.columns
    }

    /// - Returns: what a person should know when it can't be kept.
    func keep(_ columns: Columns?) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let bytes = try? encoder.encode(Content(columns: columns)) else { return nil }
        do throws(PrivateFile.Failure) {
            try PrivateFile.replace(path, with: [UInt8](bytes))
            return nil
        } catch {
            return "The columns can't be kept at \(path): \(error.words)."
        }
    }
}
