// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Testing

/// A column is written once: who adds one touches `Locks/Fields` and nothing else.
@Suite struct ColumnTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(root)/\(path)")), as: UTF8.self)
    }

    @Test("Every value in the file of the columns is one of all columns, and no name is given twice")
    func all() throws {
        let lines = try Self.text("Sources/Locks/Fields/Fields.swift").split(separator: "\n")
        let values = lines.filter { $0.contains("public static let") && $0.hasSuffix("= Field(") }.map { line in
            String(line.drop { $0 == " " }.dropFirst("public static let ".count).prefix { $0 != " " })
        }
        #expect(values == Field.names)
        #expect(Set(Field.names).count == Field.all.count)
    }

    @Test("Neither the table nor a command writes a column's heading a second time")
    func once() throws {
        let headings = Set(Field.all.map { "\"\($0.heading)\"" })
        for folder in ["Sources/Dashboard/Table", "Sources/Dashboard/Boxes", "Sources/locktop"] {
            let names = try FileManager.default.subpathsOfDirectory(atPath: "\(Self.root)/\(folder)")
            for name in names where name.hasSuffix(".swift") {
                let text = try Self.text("\(folder)/\(name)")
                let found = headings.filter(text.contains)
                #expect(found.isEmpty, "\(folder)/\(name): \(found)")
            }
        }
    }
}
