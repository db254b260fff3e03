// SPDX-License-Identifier: MIT

/// One thing that is wrong in the configuration, and where.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file as it was named to the reader, or the name of the environment variable.
    public var file: String
    /// The line from 1; 0 if the place is an environment variable or the file as a whole.
    public var line: Int
    /// The column from 1, in Unicode scalars; 0 if `line` is.
    public var column: Int
    /// One sentence: what was found, what was expected, and the nearest right word if one is near.
    /// It never holds a secret, and no control characters.
    public var message: String

    /// Makes an error at a place.
    public init(file: String, line: Int = 0, column: Int = 0, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `config.yaml:12:5: unknown key `pol`; did you mean `poll`?`
    public var description: String {
        line == 0 ? "\(file): \(message)" : "\(file):\(line):\(column): \(message)"
    }
}

/// Everything that was found wrong in one reading, in the order of the file, environment variables last.
public struct ConfigurationErrors: Error, Sendable, Equatable, CustomStringConvertible {
    /// The most errors that one reading tells.
    public static let limit = 20

    /// At least one, at most `limit`.
    public var errors: [ConfigurationError]
    /// How many more were found and are not told.
    public var untold: Int

    /// Makes a collection; what is over the limit is only counted.
    public init(_ found: [ConfigurationError]) {
        errors = Array(found.prefix(Self.limit))
        untold = max(0, found.count - Self.limit)
    }

    /// One error a line.
    public var description: String {
        let lines = errors.map(\.description).joined(separator: "\n")
        return untold == 0 ? lines : lines + "\nand \(untold) more"
    }
}
