// SPDX-License-Identifier: MIT
import Locks

/// Collects what is wrong while one text is read.
final class Findings {
    let file: String
    private var errors: [ConfigurationError] = []

    init(file: String) {
        self.file = file
    }

    var isEmpty: Bool { errors.isEmpty }

    /// All errors in the order of the text; what has no line comes last.
    var sorted: ConfigurationErrors {
        func rank(_ error: ConfigurationError) -> (Int, Int) {
            error.line == 0 ? (.max, 0) : (error.line, error.column)
        }
        let ordered = errors.enumerated().sorted {
            let (left, right) = (rank($0.element), rank($1.element))
            return left == right ? $0.offset < $1.offset : left < right
        }
        return ConfigurationErrors(ordered.map(\.element))
    }

    func add(_ message: String, at place: Place) {
        let error = ConfigurationError(file: file, line: place.line, column: place.column, message: message)
        // An anchor is met again at each of its aliases.
        if !errors.contains(error) { errors.append(error) }
    }

    func add(_ message: String, variable: String) {
        errors.append(ConfigurationError(file: variable, message: message))
    }
}
