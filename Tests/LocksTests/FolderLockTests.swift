// SPDX-License-Identifier: MIT
import Locks
import Testing

@Suite("Locks that are more than one person's on one item")
struct FolderLockTests {
    private func through(_ folder: String, of name: String) -> Row {
        var lock = lock(of: name)
        lock.scope = .through(folder)
        return sample(lock)
    }

    @Test("What is held through a folder is a conflict that names holder and folder, and mine already where it is mine")
    func taking() {
        for operation in [Locks.Operation.lock, .checkOut] {
            let judgement = Wish(operation).judge(before: through("/news", of: "bob"))
            #expect(judgement == Judgement(.refused, .conflict, "bob has it through the folder /news."))
            let mine = Wish(operation).judge(before: through("/news", of: "me"))
            #expect(mine == Judgement(.unchanged, .already, "You have it already, through the folder /news."))
        }
    }

    @Test("A folder's lock is given back, prolonged and broken at the folder alone", arguments: ["me", "bob"])
    func releasing(_ name: String) {
        for operation in [Locks.Operation.unlock, .refresh, .forceUnlock, .checkIn, .discard] {
            let wish = Wish(operation, mayTakeFromOthers: true)
            let judgement = wish.judge(before: through("/news", of: name))
            #expect(judgement?.outcome == .refused && judgement?.reason == .unsupported)
            #expect(
                judgement?.why
                    == "/news/agm is held through the folder /news: \(operation.word) the folder instead.")
        }
    }

    @Test("A holder who is only claimed is treated as another, and said not to be known")
    func claimed() {
        var claimed = lock(of: "me")
        claimed.holder.ownership = .unknown
        #expect(!claimed.holder.isMe)
        for operation in [Locks.Operation.lock, .unlock, .refresh] {
            let judgement = Wish(operation).judge(before: sample(claimed))
            #expect(judgement?.reason == .conflict)
            #expect(
                judgement?.why == "me has it, by the lock's own words; whether that is you can't be known.")
        }
    }

    @Test("Of several holders' locks the one that was shown is meant, wherever it stands by now")
    func shown() {
        let (first, second) = (lock(of: "ann", .shared, since: -600), lock(of: "bob", .shared, since: -60))
        let now = sample(first, second)
        #expect(now.lock == first)
        let wish = Wish(.forceUnlock, expecting: .lock(second.identity))
        #expect(wish.judge(before: now) == nil && wish.target(in: now.reading) == second)
        let after = wish.judge(before: now, failure: nil, after: .success(sample(first)))
        #expect(after == Judgement(.done))
        #expect(Wish(.forceUnlock).target(in: now.reading) == first)
    }
}
