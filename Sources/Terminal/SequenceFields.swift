// SPDX-License-Identifier: MIT

/// The numbers of a control sequence: fields with `;` between them, parts of a field with `:`.
struct SequenceFields {
    private static let largest = 10_000_000
    private var fields: [[Int?]] = [[nil]]

    /// Reads them; `nil` when there is anything but digits, `;` and `:`, as in answers of a terminal.
    init?(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            let field = fields.count - 1
            switch byte {
            case 0x30...0x39:
                let part = fields[field].count - 1
                fields[field][part] = min(Self.largest, (fields[field][part] ?? 0) * 10 + Int(byte - 0x30))
            case 0x3a: fields[field].append(nil)
            case 0x3b: fields.append([nil])
            default: return nil
            }
        }
    }

    var count: Int { fields.count }

    /// A number; `nil` when it was left out.
    subscript(field: Int, part: Int = 0) -> Int? {
        field < fields.count && part < fields[field].count ? fields[field][part] : nil
    }

    /// All numbers of a field.
    func all(_ field: Int) -> [Int] { field < fields.count ? fields[field].compactMap(\.self) : [] }
}
