// SPDX-License-Identifier: MIT
internal import Locks
internal import Yams

/// Reads YAML into `DocumentNode`s, refusing what a configuration doesn't need: aliases, anchors, merge keys, tags,
/// several documents, deep nesting, long texts.
struct DocumentParser {
    static let byteLimit = 1_048_576
    static let depthLimit = 16
    /// More lookalikes of aliases than this are refused before parsing: Yams hashes keys, and nested aliases in a
    /// key make that exponential.
    static let aliasLimit = 16
    /// How many doubled keys are told.
    static let doubleLimit = 20

    let findings: Findings
    /// Texts of keys that were doubled, by the scalar that now stands in for their first letter.
    private var doubled: [Unicode.Scalar: String] = [:]

    init(findings: Findings) {
        self.findings = findings
    }

    /// The document, or `nil` if it is empty or wrong (then `findings` says why).
    mutating func parse(_ text: String) -> DocumentNode? {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        guard text.utf8.count <= Self.byteLimit else {
            findings.add("the file is longer than 1 MB", at: Place(line: 1, column: 1))
            return nil
        }
        if let place = Self.swarmOfAliases(in: text) {
            findings.add(Self.aliasMessage, at: place)
            return nil
        }
        return compose(text)
    }

    private mutating func compose(_ text: String) -> DocumentNode? {
        var text = text
        for _ in 0...Self.doubleLimit {
            do {
                // Not `compose(yaml:)`: its anchors are gone when it returns, and its default encoding may print.
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                let root = try parser.singleRoot()
                return withExtendedLifetime(parser) { root.flatMap { convert($0, depth: 0) } }
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                guard let name = names.first, let changed = rename(name, at: context.mark, in: text) else {
                    findings.add("a key is given twice; keep one", at: Place(context.mark))
                    return nil
                }
                text = changed
            } catch let error as YamlError {
                let (place, sentence) = SyntaxSentence.make(error)
                findings.add(sentence, at: place)
                return nil
            } catch {
                findings.add("the text is no YAML", at: Place(line: 1, column: 1))
                return nil
            }
        }
        findings.add("too many keys are given twice", at: Place(line: 1, column: 1))
        return nil
    }

    /// The text with the first letter of the key at `mark` replaced by a private character, so that parsing can go
    /// on and the second one be told with its place.
    private mutating func rename(_ name: String, at mark: Mark, in text: String) -> String? {
        guard Quote.key(name) != nil, let stand = Unicode.Scalar(0xE000 + UInt32(doubled.count)) else { return nil }
        var scalars = text.unicodeScalars
        guard var index = Self.index(of: mark, in: scalars) else { return nil }
        if scalars[index] == "\"" || scalars[index] == "'" { index = scalars.index(after: index) }
        guard index < scalars.endIndex, scalars[index] == name.unicodeScalars.first else { return nil }
        scalars.replaceSubrange(index...index, with: CollectionOfOne(stand))
        doubled[stand] = name
        return String(scalars)
    }

    /// Where in the text a mark points; `nil` behind its end.
    static func index(of mark: Mark, in scalars: String.UnicodeScalarView) -> String.UnicodeScalarView.Index? {
        var line = 1
        var index = scalars.startIndex
        while line < mark.line, index < scalars.endIndex {
            let scalar = scalars[index]
            index = scalars.index(after: index)
            // The breaks that libyaml counts.
            if scalar == "\r", index < scalars.endIndex, scalars[index] == "\n" { continue }
            if ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) { line += 1 }
        }
        guard let place = scalars.index(index, offsetBy: mark.column - 1, limitedBy: scalars.endIndex),
            place < scalars.endIndex
        else { return nil }
        return place
    }

    // MARK: from Yams' nodes to ours

    private static let aliasMessage = "anchors and aliases (`&name`, `*name`) are not read here; write the value out"

    private func convert(_ node: Node, depth: Int) -> DocumentNode? {
        let place = Place(node.mark)
        guard depth <= Self.depthLimit else {
            findings.add("the values are nested deeper than \(Self.depthLimit) levels", at: place)
            return nil
        }
        guard node.anchor == nil else {
            findings.add(Self.aliasMessage, at: place)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            // Quoted text has this tag by itself, plain text only if somebody wrote it.
            let isTagged = scalar.style == .plain && scalar.tag.description != ""
            guard checkTag(scalar.tag, isTagged: isTagged, at: place) else { return nil }
            return DocumentNode(
                content: .text(scalar.string, plain: scalar.style == .plain), place: place)
        case .sequence(let sequence):
            guard checkTag(sequence.tag, at: place) else { return nil }
            return DocumentNode(content: .list(sequence.compactMap { convert($0, depth: depth + 1) }), place: place)
        case .mapping(let mapping):
            guard checkTag(mapping.tag, at: place) else { return nil }
            return DocumentNode(content: .section(entries(mapping, depth: depth)), place: place)
        case .alias:
            findings.add(Self.aliasMessage, at: place)
            return nil
        }
    }

    private func entries(_ mapping: Node.Mapping, depth: Int) -> [DocumentNode.Entry] {
        var entries: [DocumentNode.Entry] = []
        var firstLines: [String: Int] = [:]
        for (key, value) in mapping {
            let place = Place(key.mark)
            guard key.anchor == nil else {
                findings.add(Self.aliasMessage, at: place)
                continue
            }
            guard case .scalar(let scalar) = key else {
                findings.add("expected a word as key, found a list or keys and values", at: place)
                continue
            }
            guard scalar.string != "<<" else {
                findings.add("merge keys (`<<`) are not read here; write the values out", at: place)
                continue
            }
            let name = original(scalar.string)
            if let line = firstLines[name] {
                findings.add("`\(name)` is given twice, first in line \(line); keep one", at: place)
                continue
            }
            firstLines[name] = place.line
            guard let node = convert(value, depth: depth + 1) else { continue }
            entries.append(.init(key: name, place: place, value: node))
        }
        return entries
    }

    /// The key as it stood in the text before `rename`.
    private func original(_ key: String) -> String {
        guard let first = key.unicodeScalars.first, let name = doubled[first],
            key.unicodeScalars.dropFirst().elementsEqual(name.unicodeScalars.dropFirst())
        else { return key }
        return name
    }

    private func checkTag(_ tag: Tag, isTagged: Bool = false, at place: Place) -> Bool {
        guard !isTagged, ["", "tag:yaml.org,2002:str"].contains(tag.description) else {
            findings.add("tags (`!…`) are not read here; write the plain value", at: place)
            return false
        }
        return true
    }

    /// The first thing that looks like an alias, if there are very many.
    private static func swarmOfAliases(in text: String) -> Place? {
        var count = 0
        var first: Place?
        var place = Place(line: 1, column: 1)
        var previous: Unicode.Scalar = "\n"
        for scalar in text.unicodeScalars {
            if previous == "*", !" \t\r\n*".unicodeScalars.contains(scalar) { count += 1 }
            if scalar == "*", first == nil { first = place }
            place =
                scalar == "\n"
                ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
            previous = scalar
        }
        return count > aliasLimit ? first : nil
    }
}

extension Place {
    /// A mark of Yams; values without one stand at the start.
    fileprivate init(_ mark: Mark?) {
        self.init(line: max(1, mark?.line ?? 1), column: max(1, mark?.column ?? 1))
    }
}
