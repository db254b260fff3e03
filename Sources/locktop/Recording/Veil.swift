// SPDX-License-Identifier: MIT
import Locks

/// Puts numbers in the place of people, for a recording that others may see. The same person has the same number on
/// every server; paths and titles stay as they are.
final class Veil {
    private var numbers: [String: Int] = [:]
    private var words: [(word: String, instead: String)] = []
    // Digests of who and when could be guessed: with this they can't.
    private let salt = "\(UInt64.random(in: 0...(.max)))"

    /// Somebody who left, as the configuration names them.
    func departed(_ word: String) -> String {
        let number = number(of: word)
        note(word, "person-\(number)")
        return "person-\(number)"
    }

    func holder(_ holder: Holder) -> Holder {
        Holder(
            id: id(holder.id, holder.name), name: name(holder.id, holder.name), ownership: holder.ownership)
    }

    func account(_ account: Account) -> Account {
        Account(id: id(account.id, account.name), name: name(account.id, account.name))
    }

    func identity(_ identity: LockIdentity) -> LockIdentity { LockIdentity(of: salt + identity.digest) }

    /// A sentence in which people may be named.
    func text(_ text: String) -> String {
        words.reduce(text) { text, pair in text.replacing(word: pair.word, with: pair.instead) }
    }

    private func id(_ id: String?, _ name: String?) -> String? {
        guard let id else { return nil }
        let instead = "person-\(number(of: id))"
        note(id, instead)
        return instead
    }

    private func name(_ id: String?, _ name: String?) -> String? {
        guard let name else { return nil }
        let instead = name == id ? "person-\(number(of: name))" : "Person \(number(of: id ?? name))"
        note(name, instead)
        return instead
    }

    private func number(of key: String) -> Int {
        if let number = numbers[key] { return number }
        numbers[key] = numbers.count + 1
        return numbers.count
    }

    // Longer ones first: Ann is a part of Ann Lee.
    private func note(_ word: String, _ instead: String) {
        guard !word.isEmpty, !words.contains(where: { $0.word == word }) else { return }
        words.append((word, instead))
        words.sort { $0.word.utf8.count > $1.word.utf8.count }
    }
}

extension String {
    /// The text with a word in the place of another, where that stands by itself.
    fileprivate func replacing(word: String, with instead: String) -> String {
        var (text, rest) = ("", self[...])
        while let range = rest.firstRange(of: word) {
            let before = rest[..<range.lowerBound].last ?? text.last
            let isWhole =
                !(before.map(Self.isPartOfWord) ?? false)
                && !(rest[range.upperBound...].first.map(Self.isPartOfWord) ?? false)
            text += rest[..<range.lowerBound] + (isWhole ? instead : word)
            rest = rest[range.upperBound...]
        }
        return text + rest
    }

    private static func isPartOfWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}
