// SPDX-License-Identifier: MIT
import ArgumentParser
import CCrash
import Canvas
import Dashboard
import FoundationEssentials
import Locks
import Settings
import Synchronization

/// What the file of a crash will tell of the time before it: a line an event, the last two hundred. Names of people,
/// items and servers are replaced before a line is kept, and what was typed is left out.
enum CrashNotes {
    private static let pseudonyms = Mutex(Pseudonyms())

    /// From here on a crash leaves a file.
    /// - Parameter words: the command line.
    static func prepare(_ words: [String]) {
        let variables = Environment.variables
        let folder = ConfigurationPath.stateDirectory(environment: variables)
        let terminal = variables["TERM"].map { Text.clean(String($0.prefix(40))) } ?? "unset"
        let about = """
            version:  locktop \(Version.text), \(Version.build)
            terminal: \(terminal)
            command:  locktop \(shown(words))

            """
        unsafe crash_prepare(folder, about)
    }

    /// Keeps a line that has no name in it.
    static func note(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                unsafe crash_note($0, bytes.count)
            }
        }
    }

    /// What stands for a server.
    static func name(ofServer server: String) -> String { pseudonyms.withLock { $0.name(.server, server) } }

    /// What stands for an item, with its server.
    static func name(of ref: ItemRef) -> String {
        pseudonyms.withLock { "\($0.name(.server, ref.server)) \($0.name(.item, ref.description))" }
    }

    /// What stands for a person.
    static func name(of holder: Holder) -> String {
        if holder.isMe { return "me" }
        guard let key = holder.id ?? holder.name else { return "somebody" }
        return pseudonyms.withLock { $0.name(.person, key) }
    }

    // Words and values name servers, people and files; which flags there were is enough.
    private static func shown(_ words: [String]) -> String {
        let commands = Locktop.configuration.subcommands.map { $0._commandName }
        let flags = words.prefix { $0 != "--" }.filter { $0.hasPrefix("-") && $0.count > 1 }.map { flag in
            String(flag.hasPrefix("--") ? flag.prefix { $0 != "=" } : flag.prefix(2))
        }
        return (words.prefix(1).filter(commands.contains) + flags).joined(separator: " ")
    }
}

extension CrashNotes {
    /// Keeps what the dashboard was told.
    /// - Parameter model: the dashboard, which knows whether a letter is part of a text, or asks for nothing: then it is
    ///   not told which, since it may be a password in the wrong place.
    static func note(_ event: Event, to model: Model) {
        switch event {
        case .key(let key): note("key \(shown(key, to: model))")
        case .resized(let size): note("the terminal has \(size.columns)x\(size.rows)")
        case .update(let update):
            note("\(name(ofServer: update.server)) \(shown(update.status)), \(update.changed.count) rows changed")
        case .resumed: note("resumed")
        case .exported(_, let isError): note("the file \(isError ? "could not be written" : "is written")")
        case .rewound: note("the recording begins anew")
        case .halted(let ref): note("the recording stands at \(name(of: ref))")
        // An operation's end and its events are told by the journal; the rest only moves what is shown.
        case .tick, .ended, .waited, .arranged, .story, .exporting, .notice, .warned, .replayed, .looked: break
        }
    }

    private static func shown(_ key: Key, to model: Model) -> String {
        switch key {
        case .character(let letter) where model.isTyping || !letter.isASCII: "of a text"
        case .character where !model.hasUse(for: key): "without a use"
        case .paste(let text): "Paste of \(text.utf8.count) bytes"
        case .mouse(let mouse): "\(key) at \(mouse.position.column),\(mouse.position.row)"
        case .modified: "with a modifier"
        default: "\(key)"
        }
    }

    private static func shown(_ status: ServerStatus) -> String {
        switch status.phase {
        case .connecting: "is connecting"
        case .listing(let read, let total): "is listed: \(read) of \(total.map { "\($0)" } ?? "?")"
        case .watching: "was read"
        case .failing(let error, _): "fails: \(error.code)"
        }
    }
}
