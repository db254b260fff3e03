// SPDX-License-Identifier: MIT
import HTTP

extension Request {
    /// Whether no part of the head could end it early or begin another one.
    var isWellFormed: Bool {
        let words = [method.rawValue] + headers.fields.map(\.name)
        return words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A } }
            && headers.fields.allSatisfy { $0.value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) } }
    }

    /// The header fields as libcurl takes them, and a line for each of its own that it must leave out.
    var headerLines: [String] {
        // These are the transport's to write; a second Content-Length would be a way to smuggle a request.
        let own = ["host", "content-length", "transfer-encoding", "expect"]
        var lines = headers.fields.filter { !own.contains($0.name.lowercased()) }
            // A name with a colon and nothing behind it would take the field out.
            .map { $0.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } ? "\($0.name);" : "\($0.name): \($0.value)" }
        lines.append("Expect:")
        for name in ["Accept", "Content-Type"] where headers[name] == nil { lines.append(name + ":") }
        return lines
    }
}
