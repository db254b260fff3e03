// SPDX-License-Identifier: MIT
import Dashboard
import Locks
import Synchronization

/// What takes longer than a key may wait and needs no server: putting rows in order, and writing files.
final class Errands: Sendable {
    private let mailbox: Mailbox
    private let arranging = Mutex<Task<Void, Never>?>(nil)
    private let exports = Mutex<Task<Void, Never>?>(nil)

    init(_ mailbox: Mailbox) { self.mailbox = mailbox }

    /// The file that is being written, if any.
    var export: Task<Void, Never>? { exports.withLock(\.self) }

    /// Writes no more.
    func stop() { export?.cancel() }

    /// - Parameter address: an item's web address; empty where there is none.
    func run(_ effect: Effect, address: @escaping @Sendable (ServerFacts, Item) -> String) {
        switch effect {
        case .arrange(let arrangement): arrange(arrangement)
        case .export(let snapshot, let asJSON, let name):
            write(Export(snapshot: snapshot, asJSON: asJSON, name: name, address: address))
        case .stopExport: stop()
        default: break
        }
    }

    private func arrange(_ arrangement: Arrangement) {
        let work = Task.detached { [mailbox] in
            let arranged = arrangement.carriedOut()
            if !Task.isCancelled { mailbox.post(.arranged(arranged)) }
        }
        // What is overtaken would not be taken any more.
        arranging.withLock { before in
            before?.cancel()
            before = work
        }
    }

    private func write(_ export: Export) {
        let task = Task.detached { [mailbox] in
            switch export.write({ mailbox.post(.exporting(rows: $0)) }) {
            case .done(let sentence): mailbox.post(.exported(sentence, isError: false))
            case .failed(let sentence): mailbox.post(.exported(sentence, isError: true))
            }
        }
        exports.withLock { $0 = task }
    }
}
