// SPDX-License-Identifier: MIT

/// Ids as their system compares them (msgraph.md section 3): those of personal drives are hexadecimal numbers, written
/// now in small letters, now in capitals, now without the zero in front. SharePoint's are told apart letter by letter.
enum GraphID {
    /// The same for two spellings of one drive.
    static func drive(_ id: String) -> String { number(id[...]) ?? id }

    /// The same for two spellings of one item.
    static func item(_ id: String) -> String {
        guard let mark = id.firstIndex(of: "!"), let drive = number(id[..<mark]) else { return id }
        return drive + id[mark...].lowercased()
    }

    private static func number(_ text: Substring) -> String? {
        // A single letter before the mark is SharePoint's: `b!…`.
        guard text.utf8.count > 1, text.utf8.count <= 16, text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            return nil
        }
        return text.drop { $0 == "0" }.lowercased()
    }
}
