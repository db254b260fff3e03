// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

@testable import locktop

@Suite("A lock that several share")
struct SharedLockTests {
    private func lock(_ kind: Lock.Kind, _ id: String, _ sinceIs: Lock.SinceIs = .acquired) -> Lock {
        Lock(kind: kind, holder: Holder(id: id), since: .distantPast, sinceIs: sinceIs, identity: LockIdentity(of: id))
    }

    @Test("JSON names the other holders of a shared lock, and those of no other kind")
    func others() {
        let shared = ["ann", "bob", "carl"].map { lock(.shared, $0) }
        let line = JSON.lock(shared[0], among: shared).line
        #expect(
            line.hasSuffix(
                #""sharedWith":[{"id":"bob","name":null,"isMe":false},{"id":"carl","name":null,"isMe":false}]}"#),
            "\(line)")
        let alone = lock(.lock, "ann")
        #expect(JSON.lock(alone, among: [alone] + shared).line.hasSuffix(#""sharedWith":[]}"#))
    }

    @Test(
        "only a start that the server tells is exact",
        arguments: [(Lock.SinceIs.acquired, true), (.refreshed, false), (.firstSeen, false)])
    func exact(sinceIs: Lock.SinceIs, isExact: Bool) {
        #expect(JSON.lock(lock(.lock, "ann", sinceIs)).line.contains("\"sinceExact\":\(isExact)"))
        var untold = lock(.lock, "ann", sinceIs)
        untold.since = nil
        #expect(JSON.lock(untold).line.contains("\"since\":null"))
        #expect(JSON.lock(untold).line.contains("\"sinceExact\":false"))
    }
}
