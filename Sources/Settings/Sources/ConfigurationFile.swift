// SPDX-License-Identifier: MIT

/// The configuration's file as it is on disk, unread.
public struct ConfigurationFile: Sendable, Equatable {
    /// Its content.
    public var text: String
    /// Whether it is ours and only we have any right on it, so that secrets in it are accepted.
    public var isPrivate: Bool

    /// Loads the file at `path`. Refused: what can't be read, is no regular file, no UTF-8 or longer than 1 MB.
    public static func load(path: String) throws(ConfigurationErrors) -> ConfigurationFile {
        func refused(_ message: String) -> ConfigurationErrors {
            ConfigurationErrors([ConfigurationError(file: path, message: message)])
        }
        do {
            let file = try OpenFile.open(path: path)
            guard file.isRegular else { throw refused("this is no regular file") }
            let bytes = try file.bytes(limit: DocumentParser.byteLimit)
            guard bytes.count <= DocumentParser.byteLimit else { throw refused("the file is longer than 1 MB") }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw refused("the file is no UTF-8 text")
            }
            return ConfigurationFile(text: text, isPrivate: file.isOurs && file.isPrivate)
        } catch let error as SystemError {
            throw refused("can't be read: \(error.reason)")
        } catch let error as ConfigurationErrors {
            throw error
        } catch {
            throw refused("can't be read")
        }
    }
}
