// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import TestOffice
import TestSupport

/// Text with everything that differs from run to run replaced: addresses, times, lock identities, folders.
func masked(_ text: String, in office: Office) -> String {
    var text = text.replacing(office.server.address, with: "SITE").replacing(office.home, with: "HOME")
    text.replace(/http:\/\/127\.0\.0\.1:\d+/, with: "ORIGIN")
    text.replace(/"(roundTrip)":[0-9.e-]+/, with: "\"roundTrip\":N")
    text.replace(/"(identity)":"[0-9a-f]+"/, with: "\"identity\":\"DIGEST\"")
    text.replace(/(identity +)[0-9a-f]{6,}/) { "\($0.output.1)DIGEST" }
    text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/, with: "TIME")
    text.replace(/\d+ ms/, with: "N ms")
    // Seconds go by while a test runs; minutes do not, as the scenes are set.
    text.replace(/\b\d+s\b */, with: "Ns ")
    return text
}

/// JSON of any shape.
enum AnyJSON: Decodable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case array([AnyJSON])
    case object([String: AnyJSON])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let array = try? value.decode([AnyJSON].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: AnyJSON].self))
        }
    }

    /// Reads a text that is JSON from its first to its last character.
    static func read(_ text: String) throws -> AnyJSON { try JSONDecoder().decode(AnyJSON.self, from: Data(text.utf8)) }

    subscript(key: String) -> AnyJSON? { if case .object(let members) = self { members[key] } else { nil } }
    subscript(index: Int) -> AnyJSON? {
        if case .array(let values) = self, values.indices.contains(index) { values[index] } else { nil }
    }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var values: [AnyJSON] { if case .array(let values) = self { values } else { [] } }
    var keys: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }
}

extension Program.Ending {
    /// Standard output as JSON.
    var json: AnyJSON { get throws { try AnyJSON.read(output) } }
    /// Standard output as one JSON object a line.
    var jsonLines: [AnyJSON] { get throws { try lines.map(AnyJSON.read) } }
}

extension Office {
    /// Whether there is such a file below the home folder.
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: home + "/" + name) }
}
