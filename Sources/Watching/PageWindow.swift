// SPDX-License-Identifier: MIT
import Locks

/// The pages of a listing that are being read side by side: as soon as one came, the next is asked for.
struct PageWindow {
    /// What was read for a page; one that fails takes no other with it.
    ///
    /// A class, for a task group hands a large tuple over with another layout than it was given, when this compiler
    /// (Swift 6.3.1) optimizes: numbers came out as pieces of text.
    final class Answer: Sendable {
        let number: Int
        let page: Result<ItemPage, LockError>

        init(_ number: Int, _ page: Result<ItemPage, LockError>) {
            self.number = number
            self.page = page
        }
    }

    private let system: any LockSystem
    private let server: String
    private let width: Int
    private var underWay: [Int: Walk.Next] = [:]

    init(of system: any LockSystem, server: String, width: Int) {
        self.system = system
        self.server = server
        self.width = max(1, width)
    }

    /// Asks for as many more pages as there is room for.
    /// - Returns: the numbers of these.
    @discardableResult
    mutating func fill(_ group: inout TaskGroup<Answer>, from walk: inout Walk) -> [Int] {
        var numbers: [Int] = []
        while underWay.count < width, let next = walk.next() {
            numbers.append(next.number)
            underWay[next.number] = next
            group.addTask { [system, server] in
                do {
                    return Answer(next.number, .success(try await system.items(after: next.mark)))
                } catch {
                    return Answer(next.number, .failure(Performer.lockError(error, server: server)))
                }
            }
        }
        return numbers
    }

    /// Takes an answer that came.
    mutating func take(_ answer: Answer) -> Walk.Next? { underWay.removeValue(forKey: answer.number) }
}
