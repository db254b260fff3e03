// SPDX-License-Identifier: MIT

/// The bodies that are sent.
enum DAVBody {
    /// What is asked of items: only what is shown, never all.
    static let properties = request(
        "propfind",
        "<D:prop><D:resourcetype/><D:displayname/><D:getlastmodified/><D:supportedlock/><D:lockdiscovery/></D:prop>")

    /// Whether somebody is signed in, and as whom (RFC 5397).
    static let whoAmI = request("propfind", "<D:prop><D:resourcetype/><D:current-user-principal/></D:prop>")

    /// An exclusive lock for that owner.
    static func lock(owner: String) -> [UInt8] {
        request(
            "lockinfo",
            "<D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype>"
                + "<D:owner>\(escaped(owner))</D:owner>")
    }

    private static func request(_ root: String, _ inside: String) -> [UInt8] {
        Array("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:\(root) xmlns:D=\"DAV:\">\(inside)</D:\(root)>\n".utf8)
    }

    /// Text as an XML text may hold it: what no XML has is left out.
    static func escaped(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out.append(contentsOf: "&amp;".unicodeScalars)
            case "<": out.append(contentsOf: "&lt;".unicodeScalars)
            case ">": out.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": out.append(contentsOf: "&quot;".unicodeScalars)
            case "\t", "\n", "\r": out.append(scalar)
            default:
                if scalar.value >= 0x20, scalar.value & 0xFFFE != 0xFFFE { out.append(scalar) }
            }
        }
        return String(out)
    }
}

/// The bodies that only Subversion knows.
enum SVNBody {
    /// Asks where the repository is.
    static let options = Array(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:options xmlns:D=\"DAV:\"><D:activity-collection-set/></D:options>\n"
            .utf8)
    /// Asks for all locks at a path and below.
    static let locks = Array(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<S:get-locks-report xmlns:S=\"svn:\" depth=\"infinity\"/>\n".utf8)
}
