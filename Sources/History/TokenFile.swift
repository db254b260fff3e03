// SPDX-License-Identifier: MIT
import FoundationEssentials

/// The sign-in tokens that are kept between runs: a small private JSON file of its own, replaced whole on each change.
struct TokenFile: Sendable {
    let path: String
    let directory: String

    private struct Content: Codable {
        var version = 1
        var tokens: [String: String] = [:]
    }

    /// Takes others' rights to the file away, and says so.
    func secure() -> [String] {
        guard PrivateFile.isOpenToOthers(path) else { return [] }
        do throws(PrivateFile.Failure) {
            try PrivateFile.restrict(path, to: 0o600)
            return ["\(path) was open to others; it is private now. Sign out and in again if that matters."]
        } catch {
            return ["\(path) is open to others, and that can't be changed: \(error.words)."]
        }
    }

    func token(for key: String) -> (token: String?, notice: String?) {
        do throws(PrivateFile.Failure) {
            return (try content().tokens[key], nil)
        } catch {
            return (nil, "The kept sign-ins at \(path) can't be read: \(error.words).")
        }
    }

    /// Changes what is kept under a key while no other program is at the file.
    /// - Returns: what a person should know when that failed.
    func update(_ key: String, _ change: (String?) -> String?) -> String? {
        do throws(PrivateFile.Failure) {
            try PrivateFile.alone(in: directory) { () throws(PrivateFile.Failure) in
                var content = try content()
                let token = change(content.tokens[key])
                guard content.tokens[key] != token else { return }
                content.tokens[key] = token
                // Earlier versions left each lock's token here for ever.
                content.tokens = content.tokens.filter { !$0.key.contains(" lock /") }
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys]
                guard let bytes = try? encoder.encode(content) else { return }
                try PrivateFile.replace(path, with: [UInt8](bytes))
            }
            return nil
        } catch {
            return "The sign-in can't be kept at \(path): \(error.words)."
        }
    }

    // A file that makes no sense holds no token that could be used: the next change replaces it.
    private func content() throws(PrivateFile.Failure) -> Content {
        guard let bytes = try PrivateFile.read(path, limit: 4 * 1_024 * 1_024) else { return Content() }
        return (try? JSONDecoder().decode(Content.self, from: Data(bytes))) ?? Content()
    }
}
