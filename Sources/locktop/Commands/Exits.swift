// SPDX-License-Identifier: MIT
import Locks

/// Exit codes of failures.
enum Exits {
    static func code(_ error: LockError) -> Int32 {
        error.code == .wrongSystem ? 78 : Reason(error.code).exitCode
    }

    /// One code when all that went wrong has the same, else 1; 0 when nothing did.
    static func combine(_ codes: Set<Int32>) -> Int32 {
        let bad = codes.subtracting([0])
        return bad.count > 1 ? 1 : bad.first ?? 0
    }
}
