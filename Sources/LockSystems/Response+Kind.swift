// SPDX-License-Identifier: MIT
import HTTP

extension Response {
    /// Whether it is a web page, which no interface of a lock system sends.
    var isWebPage: Bool {
        let head = String(decoding: body.prefix(400), as: UTF8.self).lowercased()
        return headers["Content-Type"]?.contains("html") == true || head.contains("<html")
            || head.contains("<!doctype")
    }

    /// What came instead of what was expected, for sentences.
    var kind: String {
        if body.isEmpty { return "an empty answer" }
        if isWebPage { return "a web page" }
        let type = (headers["Content-Type"] ?? "").prefix { $0 != ";" }
        return type.isEmpty ? "something else" : String(type)
    }
}
