// SPDX-License-Identifier: MIT
import HTTP

extension PloneDialect {
    /// The two WebDAV verbs that show up beside the REST calls: `LOCK` and `UNLOCK`.
    func webDAV(_ call: Call) throws(PloneFailure) -> Response {
        guard call.method == "LOCK" || call.method == "UNLOCK" else { return Response(status: 405) }
        guard let item = book.item(at: "/" + call.segments.joined(separator: "/")) else { throw .notREST }
        guard let user = person(of: call), !user.roles.isDisjoint(with: .administrators) else {
            return Response(
                status: 401,
                headers: ["Content-Type": "application/json", "WWW-Authenticate": "basic realm=\"Zope\""],
                body: Array(#"{"error_type": "Unauthorized"}"#.utf8))
        }
        return call.method == "LOCK" ? lock(item, by: user, call) : unlock(item, call)
    }

    private func lock(_ item: Item, by user: Person, _ call: Call) -> Response {
        guard item.type.isLockable, book.lock(on: item) == nil else { return Response(status: 423) }
        let wanted = call.headers["Timeout"].flatMap { Int($0.replacing("Second-", with: "")) }
        let timeout = min(max(wanted ?? 600, 1), 4_294_967_295)
        book.take(item, by: user.id, kind: .program, timeout: timeout)
        guard let lock = book.lock(on: item) else { return Response(status: 423) }
        let token = "opaquelocktoken:" + lock.token
        let body = """
            <?xml version="1.0" encoding="utf-8" ?>
            <d:prop xmlns:d="DAV:">
             <d:lockdiscovery>
               <d:activelock>
              <d:locktype><d:write/></d:locktype>
              <d:lockscope><d:exclusive/></d:lockscope>
              <d:depth>0</d:depth>
              <d:timeout>Second-\(timeout)</d:timeout>
              <d:locktoken>
               <d:href>\(token)</d:href>
              </d:locktoken>
             </d:activelock>

             </d:lockdiscovery>
            </d:prop>
            """
        return Response(
            status: 200, headers: ["Content-Type": "text/xml; charset=\"utf-8\"", "Lock-Token": token],
            body: Array(body.utf8))
    }

    private func unlock(_ item: Item, _ call: Call) -> Response {
        let field = call.headers["Lock-Token"] ?? ""
        let start = "<opaquelocktoken:"
        guard field.hasPrefix(start), field.hasSuffix(">"),
            let index = item.locks.firstIndex(where: {
                $0.isValid(at: book.now) && $0.token == field.dropFirst(start.count).dropLast()
            })
        else { return Response(status: 412) }
        item.locks.remove(at: index)
        return .noContent
    }
}
