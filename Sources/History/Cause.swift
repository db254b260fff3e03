// SPDX-License-Identifier: MIT
import GRDB

/// Why the database did not do it, in words. Never with what was to be written.
struct Cause {
    let words: String
    let advice: String
    /// Whether the file is no history that can be used.
    let isDamage: Bool
    /// Whether nothing can be written there, now or later.
    let isLasting: Bool

    init(_ error: any Error) {
        guard let error = error as? DatabaseError else {
            (words, advice) = ("it could not be written down", "")
            (isDamage, isLasting) = (false, false)
            return
        }
        switch error.resultCode {
        case .SQLITE_FULL:
            (words, advice) = ("the disk is full", "The disk is full: free some space there.")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
            (words, advice) = ("it is not writable", "Make it and its directory writable for this account.")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            (words, advice) = ("another program is using it", "Another program is using it: try again.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            (words, advice) = ("it is damaged", "It is damaged: start locktop anew, which sets it aside.")
        case .SQLITE_IOERR:
            (words, advice) = ("the disk failed", "The disk failed: look at that first.")
        case .SQLITE_MISUSE:
            (words, advice) = ("it is closed", "")
        default:
            (words, advice) = (error.message ?? "error \(error.resultCode.rawValue)", "Check that file.")
        }
        isDamage = [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT].contains(error.resultCode)
        isLasting = [.SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN].contains(error.resultCode)
    }
}
