// SPDX-License-Identifier: MIT

/// The configuration's file as it is on disk, unread.
public struct ConfigurationFile: Sendable, Equatable {
    /// Its content.
    public var text: String
    /// Whether it is trusted with secrets: ours and nobody else's business, mounted for us, or a pipe to us.
    public var isPrivate: Bool

    /// Loads the file at `path`, or a pipe, to its end; `-` is standard input. Refused: what can't be read, is a folder
    /// or the like, no UTF-8 or longer than 1 MB.
    public static func load(path: String) throws(ConfigurationErrors) -> ConfigurationFile {
        func refused(_ message: String) -> ConfigurationErrors {
            ConfigurationErrors([ConfigurationError(file: name(of: path), message: message)])
        }
        do {
            let file = try OpenFile.open(path: path)
            guard file.isRegular || file.isStream else { throw refused("this is no regular file") }
            let bytes = try file.bytes(limit: DocumentParser.byteLimit)
            guard bytes.count <= DocumentParser.byteLimit else { throw refused("the file is longer than 1 MB") }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw refused("the file is no UTF-8 text")
            }
            return ConfigurationFile(text: text, isPrivate: file.access.fault == nil)
        } catch let error as SystemError {
            throw refused("can't be read: \(error.reason)")
        } catch let error as ConfigurationErrors {
            throw error
        } catch {
            throw refused("can't be read")
        }
    }

    /// What the file at `path` is called in messages.
    public static func name(of path: String) -> String { path == "-" ? "standard input" : path }
}
