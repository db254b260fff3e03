// SPDX-License-Identifier: MIT
import HTTP
import Synchronization

/// A folder as it was read last, with the mark by which the server tells that it would answer the very same.
struct NickFolder: NickMarked {
    var tag: String
    var content: NickContent

    /// `nil` for an answer whose mark is none of its body.
    init?(_ content: NickContent, answer: Response) {
        guard let tag = NickMark.ofBody(answer) else { return nil }
        self.tag = tag
        self.content = content.forKeeping
    }
}

/// Folders as one sign-in read them last. What another one was told is forgotten: it may not see the same.
final class NickFolders: Sendable {
    /// So many items are remembered at most.
    private static let most = 20_000
    /// The second half of the room is for folders of so many bytes and more, which save most.
    private static let heavy = 4_096

    private struct State {
        var reader: NickSession.Reader?
        var folders: [String: NickFolder] = [:]
        var items = 0

        mutating func forget(_ path: String) {
            guard let old = folders.removeValue(forKey: path) else { return }
            items -= old.content.items.count + 1
        }
    }
    private let state = Mutex(State())

    /// The folder as that sign-in read it last.
    func known(_ path: String, to reader: NickSession.Reader) -> NickFolder? {
        state.withLock { $0.reader == reader ? $0.folders[path] : nil }
    }

    /// Takes note of a folder that was read; `nil`: of one that can't be told to be the same again.
    func keep(_ folder: NickFolder?, at path: String, bytes: Int, for reader: NickSession.Reader) {
        state.withLock { state in
            if state.reader != reader { state = State(reader: reader) }
            state.forget(path)
            guard let folder else { return }
            let items = state.items + folder.content.items.count + 1
            guard items <= (bytes < Self.heavy ? Self.most / 2 : Self.most) else { return }
            state.folders[path] = folder
            state.items = items
        }
    }

    /// A folder is no longer there, or no longer to be seen: it makes room.
    func forget(_ path: String) { state.withLock { $0.forget(path) } }
}

extension NickContent {
    /// Without what only tells where it is: the name is enough for that.
    fileprivate var forKeeping: NickContent {
        var kept = self
        if let id, !id.isEmpty { kept.address = nil }
        kept.items = items.map(\.forKeeping)
        return kept
    }
}
