// SPDX-License-Identifier: MIT
import Locks

/// What `ReturnInfo` means: status 200 comes with every refusal, and with steps that only other programs can do.
extension SuperOfficeErrors {
    /// The error that an answer stands for; `nil` when the server says that it was done, and wants nothing more.
    func verdict(_ reply: SuperOfficeReply, on item: Item, _ operation: Locks.Operation) -> LockError? {
        switch reply.kind {
        case .none, .message: reply.isSuccess ? nil : refused(reply.value, item, operation)
        default: needsAction(reply, item, operation)
        }
    }

    private func refused(_ text: String, _ item: Item, _ operation: Locks.Operation) -> LockError {
        guard text.isEmpty else {
            return LockError(
                .forbidden, "\(server) refused to \(operation.verb) \(item.path): “\(Self.shown(text))”.")
        }
        let message = "\(server) refused to \(operation.verb) \(item.path), and gave no reason."
        return operation == .checkOut
            ? LockError(.notLockable, message, advice: "Documents in its archive can perhaps not be checked out.")
            : LockError(
                .forbidden, message, advice: "Ending another's check-out needs a right that its administrator gives.")
    }

    private func needsAction(_ reply: SuperOfficeReply, _ item: Item, _ operation: Locks.Operation) -> LockError {
        let value = Self.shown(reply.value)
        let more = reply.kind == .soProtocol || reply.more.isEmpty ? "" : " (\(Self.shown(reply.more)))"
        let quoted = value.isEmpty ? "" : ": “\(value)”\(more)"
        let (step, advice) =
            switch reply.kind {
            case .url where Self.isWebAddress(reply.value):
                // Nothing may follow an address that is to be copied.
                ("an address opened in a browser: \(reply.value)", "Open it there, then read the document again.")
            case .url: ("an address opened, and gave none that can be.", "Do it in SuperOffice's own web client.")
            case .soProtocol:
                ("to go on in SuperOffice itself\(quoted).", "Open that place in a SuperOffice program.")
            case .customGUI:
                (
                    "a step that a window of its document archive does\(quoted).",
                    "Do it in SuperOffice's own web client."
                )
            case .other: ("a step that this program does not know\(quoted).", "Do it in SuperOffice's own web client.")
            case .unknown(let word):
                (
                    "a step of the kind “\(Self.shown(word))”, which this program does not know\(quoted).",
                    "Do it in SuperOffice's own web client."
                )
            case .none, .message: ("nothing", "")
            }
        let what = "the \(operation.word) of \(item.path)"
        let wants = reply.isSuccess ? "\(server) says yes to \(what), and wants" : "For \(what) \(server) wants"
        return LockError(.needsAction, "\(wants) \(step)", advice: advice, mayHaveHappened: reply.isSuccess)
    }

    /// Only what is plainly a web address is offered to be opened.
    private static func isWebAddress(_ text: String) -> Bool {
        let isWeb = text.hasPrefix("https://") || text.hasPrefix("http://")
        return isWeb && text.utf8.count <= 2000 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    /// Microsoft Office has the file open: no call of SuperOffice ends that.
    func heldByOffice(_ item: Item, _ held: Lock) -> LockError {
        LockError(
            .forbidden, "\(held.holder.label) has \(item.path) open in Microsoft Office, which SuperOffice can't end.",
            advice: "Ask them to close it, or have the file closed on the archive's file server.")
    }

    func othersCheckOut(_ item: Item, _ held: Lock) -> LockError {
        LockError(.conflict, "\(held.holder.label) has \(item.path) checked out: only they can check it in.")
    }
}

extension Locks.Operation {
    /// The verb for sentences.
    fileprivate var verb: String {
        switch self {
        case .checkOut: "check out"
        case .checkIn: "check in"
        case .forceUnlock: "force-unlock"
        default: rawValue
        }
    }
}
