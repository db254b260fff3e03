// SPDX-License-Identifier: MIT

internal import Yams

/// Turns YAML's own errors into a place and one sentence.
enum SyntaxSentence {
    /// The place and the sentence. The text itself is never quoted: it could hold a secret.
    static func make(_ error: YamlError) -> (Place, String) {
        switch error {
        case .scanner(let context, let problem, let mark, let yaml),
            .parser(let context, let problem, let mark, let yaml),
            .composer(let context, let problem, let mark, let yaml):
            let place = Place(line: max(1, mark.line), column: max(1, mark.column))
            if problem.contains("found character that cannot start any token") {
                return (place, strayCharacter(at: mark, in: yaml))
            }
            return (place, sentence(problem: problem, context: context))
        case .reader(_, let offset, _, let yaml):
            return (place(ofCharacter: offset ?? 0, in: yaml), "this character is not allowed in YAML")
        default:
            return (Place(line: 1, column: 1), "the text could not be read as YAML")
        }
    }

    private static func sentence(problem: String, context: YamlError.Context?) -> String {
        for (words, sentence) in known where problem.contains(words) {
            return sentence
        }
        guard let context else { return "no valid YAML: \(problem)" }
        return "no valid YAML: \(problem) (\(context.text) from line \(context.mark.line))"
    }

    /// The usual slips; everything else keeps YAML's own words.
    private static let known: [(String, String)] = [
        ("found a tab character", "a tab; indent with spaces"),
        (
            "mapping values are not allowed",
            "a `:` where none is expected; indent with spaces, and quote text with `: `"
        ),
        ("could not find expected ':'", "a key without `:`; expected `key: value`"),
        ("did not find expected ',' or ']'", "the list that began with `[` is not closed; expected `,` or `]`"),
        ("did not find expected ',' or '}'", "what began with `{` is not closed; expected `,` or `}`"),
        ("found unexpected end of stream", "the text ends inside quotes; expected the closing quote"),
        ("did not find expected '-' indicator", "expected `- `, or a key indented like the one above"),
        ("did not find expected key", "expected a key at the same indentation as the one before"),
        ("found undefined alias", "anchors and aliases (`&name`, `*name`) are not read here; write the value out"),
        ("but found another document", "a second document (`---`); expected only one"),
        ("Maximum nesting level", "the values are nested too deeply"),
    ]

    private static func strayCharacter(at mark: Mark, in text: String) -> String {
        let scalars = text.unicodeScalars
        guard let index = DocumentParser.index(of: mark, in: scalars), scalars[index] != "\t" else {
            return "a tab; indent with spaces"
        }
        return "a value can't begin with `\(scalars[index])`; put it in quotes"
    }

    private static func place(ofCharacter offset: Int, in text: String) -> Place {
        var place = Place(line: 1, column: 1)
        for character in text.prefix(offset) {
            place =
                character.isNewline
                ? Place(line: place.line + 1, column: 1)
                : Place(line: place.line, column: place.column + 1)
        }
        return place
    }
}
