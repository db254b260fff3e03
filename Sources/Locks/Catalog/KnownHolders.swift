// SPDX-License-Identifier: MIT

/// Who holds anything in a catalog: a few people hold a third of a million items, and are written down once each.
struct KnownHolders: Sendable {
    /// So many, and none with longer texts: what a server makes up for each row must not make this grow.
    private static let (most, longest) = (4_096, 200)

    private var holders: [Holder] = []
    private var numbers: [Holder: Int] = [:]

    subscript(number: Int) -> Holder { holders[number] }

    /// The number of a holder; `nil`: it is to be written down with the lock.
    mutating func number(of holder: Holder) -> Int? {
        if let number = numbers[holder] { return number }
        guard holders.count < Self.most,
            (holder.id?.utf8.count ?? 0) + (holder.name?.utf8.count ?? 0) <= Self.longest
        else { return nil }
        holders.append(holder)
        numbers[holder] = holders.count - 1
        return holders.count - 1
    }
}
