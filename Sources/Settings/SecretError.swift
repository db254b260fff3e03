// SPDX-License-Identifier: MIT
import Locks

/// Why a secret could not be read. No case holds a secret or a command's text.
public enum SecretError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The environment variable is not set, or empty.
    case variableUnset(String)
    /// The environment variable's value has several lines, or control characters.
    case variableWithoutSecret(String)
    /// The file could not be opened or read; the reason in the system's words.
    case fileUnreadable(path: String, reason: String)
    /// The path is a folder, a device or the like.
    case fileNotRegular(path: String)
    /// Others than its owner may read or change the file.
    case fileNotPrivate(path: String)
    /// The file belongs to another user.
    case fileNotOurs(path: String)
    /// The file's first line is empty, too long or no text.
    case fileWithoutSecret(path: String)
    /// The netrc file says nothing of the host. `fault` is the first thing in it that could not be read.
    case netrcWithoutLogin(path: String, host: String, fault: String?)
    /// Git's helpers know no user and password for the host. `standardError` is what git said, uncleaned.
    case gitWithoutLogin(host: String, standardError: String)
    /// The command could not be started; the reason in the system's words.
    case commandNotStarted(reason: String)
    /// The command ended with a status that is not 0. `standardError` is what it said, uncleaned: clean it before
    /// it goes on a screen.
    case commandFailed(status: Int32, standardError: String)
    /// The command was ended by a signal.
    case commandKilled(signal: Int32, standardError: String)
    /// The command took longer than `seconds` and was ended.
    case commandTooSlow(seconds: Double)
    /// The first line that the command printed is empty, too long or no text.
    case commandWithoutSecret
    /// The task that asked was cancelled.
    case cancelled

    /// One sentence, without `detail`.
    public var description: String {
        switch self {
        case .variableUnset(let name): "environment variable \(name) is not set"
        case .variableWithoutSecret(let name):
            "environment variable \(name) holds no secret: it has several lines or control characters"
        case .fileUnreadable(let path, let reason): "secret file \(path) can't be read: \(reason)"
        case .fileNotRegular(let path): "secret file \(path) is no regular file"
        case .fileNotPrivate(let path):
            "secret file \(path) can be read or changed by others; run `chmod 600 \(ShellWord.quote(path))`"
        case .fileNotOurs(let path): "secret file \(path) belongs to another user"
        case .fileWithoutSecret(let path): "the first line of secret file \(path) holds no secret"
        case .netrcWithoutLogin(let path, let host, let fault):
            "netrc file \(path) has no login for \(host)" + (fault.map { "; \($0)" } ?? "")
        case .gitWithoutLogin(let host, _): "git has no user and password for \(host)"
        case .commandNotStarted(let reason): "the secret's command could not be started: \(reason)"
        case .commandFailed(let status, _): "the secret's command failed with status \(status)"
        case .commandKilled(let signal, _): "the secret's command was ended by signal \(signal)"
        case .commandTooSlow(let seconds):
            "the secret's command gave no answer within \(DurationText.format(seconds)); it can't ask at the terminal"
        case .commandWithoutSecret: "the first line that the secret's command printed holds no secret"
        case .cancelled: "reading the secret was cancelled"
        }
    }

    /// `description`, and what the command said for itself: its last lines, shortened.
    public var sentence: String {
        let lines = (detail ?? "").split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        guard !lines.isEmpty else { return description }
        let told = lines.suffix(3).joined(separator: "; ")
        return "\(description): \(told.count > 300 ? told.prefix(299) + "…" : told[...])"
    }

    /// What the command wrote to standard error, at most 4 KB, uncleaned; `nil` if it said nothing.
    public var detail: String? {
        switch self {
        case .commandFailed(_, let text), .commandKilled(_, let text), .gitWithoutLogin(_, let text):
            text.isEmpty ? nil : text
        default: nil
        }
    }
}

/// Words for a line of the shell.
enum ShellWord {
    /// The text as one word: bare if it is plain, else in single quotes.
    static func quote(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy {
            ValueRule.isLetterOrDigit($0) || "/._-+".unicodeScalars.contains($0)
        }
        if isPlain, !text.isEmpty { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
