// SPDX-License-Identifier: MIT

extension Story {
    /// About a third of the items is held when the demo starts, some of it for long.
    mutating func makePrologue(_ scenario: Scenario) -> [PrologueLock] {
        var paths = cast.paths
        for index in paths.indices.reversed() where index > 0 { paths.swapAt(index, random.below(index + 1)) }
        let isAbandoned = scenario == .abandoned
        var locks: [PrologueLock] = []
        for path in paths.prefix((paths.count + 2) / 3) {
            guard let person = random.pick(cast.people) else { break }
            let isOld = random.chance(isAbandoned ? 0.7 : 0.15)
            locks.append(isOld ? oldLock(path, person, isAbandoned) : freshLock(path, person))
        }
        let kinds: [PrologueLock.Kind] =
            isAbandoned ? [.program, .orphanedCheckOut, .checkOut, .checkOut] : [.checkOut, .program]
        for (index, kind) in zip(locks.indices, kinds) {
            let lock = locks[index]
            let age = random.between(isAbandoned ? 20_000 : 1000, isAbandoned ? 900_000 : 20_000)
            locks[index] = PrologueLock(
                path: lock.path, person: lock.person, kind: kind, age: age, idle: age,
                timeout: kind == .program ? Int(age) + 86_400 : LockBook.checkOutTimeout)
        }
        return locks
    }

    /// Somebody went home, or on holiday, and the lock holds for days.
    private mutating func oldLock(_ path: String, _ person: String, _ isAbandoned: Bool) -> PrologueLock {
        let age = random.between(3 * 3600, isAbandoned ? 9 * 86_400 : 30 * 3600)
        let idle = random.between(2 * 3600, age)
        return PrologueLock(
            path: path, person: person, kind: .edit(stealable: !random.chance(0.2)), age: age, idle: idle,
            timeout: Int(idle) + 3600 * (1 + random.below(72)))
    }

    /// Somebody is at it, or was a little while ago.
    private mutating func freshLock(_ path: String, _ person: String) -> PrologueLock {
        let timeout = random.pick([600, 600, 600, 1800, 3600, 7200]) ?? 600
        let idle = random.between(1, Double(timeout) * 0.9)
        return PrologueLock(
            path: path, person: person, kind: .edit(stealable: !random.chance(0.15)),
            age: idle + (random.chance(0.4) ? random.between(0, 9000) : 0), idle: idle, timeout: timeout)
    }
}
