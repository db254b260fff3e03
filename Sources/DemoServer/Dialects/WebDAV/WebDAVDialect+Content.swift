// SPDX-License-Identifier: MIT
import HTTP

/// Writing, deleting, copying and moving.
extension WebDAVDialect {
    func put(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        guard let item = book.item(at: "/" + call.segments.joined(separator: "/")) else {
            if call.headers["If-Match"] != nil { throw WebDAVFailure(412) }
            let (folder, name) = try place(call.segments, person)
            try check(call, [folder], person)
            let person = try require(.add, folder, person)
            let item = book.add(.document, id: name, title: name, state: .private, to: folder, by: person.id)
            contents[item.uid] = call.body
            return Response(status: 201, headers: ["ETag": tag(item)])
        }
        _ = try require(.modify, item, person)
        guard !item.type.isFolder else { throw WebDAVFailure(405) }
        if call.headers["If-None-Match"] == "*" { throw WebDAVFailure(412) }
        try check(call, [item], person)
        contents[item.uid] = call.body
        touch(item)
        return Response(status: 204, headers: ["ETag": tag(item)])
    }

    // Two writings are told apart by their time, also where the clock stands still.
    private func touch(_ item: Item) {
        item.modified = max(book.now, item.modified + 0.001)
        book.changed()
    }

    func delete(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        let item = try item(call.segments, for: person)
        guard item !== book.root else { throw WebDAVFailure(403) }
        _ = try require(.delete, item, person)
        try check(call, item.subtree, person)
        item.subtree.forEach { forget($0) }
        book.remove(item)
        return Response(status: 204)
    }

    private func forget(_ item: Item) {
        contents[item.uid] = nil
        properties[item.uid] = nil
    }

    func makeFolder(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        guard book.item(at: "/" + call.segments.joined(separator: "/")) == nil else { throw WebDAVFailure(405) }
        let (folder, name) = try place(call.segments, person)
        guard call.body.isEmpty else { throw WebDAVFailure(415) }
        try check(call, [folder], person)
        let person = try require(.add, folder, person)
        book.add(.folder, id: name, title: name, state: .published, to: folder, by: person.id)
        return Response(status: 201)
    }

    func transfer(_ call: Call, _ person: Person?) throws(WebDAVFailure) -> Response {
        let item = try item(call.segments, for: person)
        guard let destination = call.headers["Destination"], item !== book.root else { throw WebDAVFailure(400) }
        let target = Call(Request("GET", destination.contains("://") ? destination : call.origin + destination))
        guard target.segments.first == book.root.id else { throw WebDAVFailure(502) }
        let (folder, name) = try place(target.segments, person)
        let person = try require(.add, folder, person)
        guard !sequence(first: folder, next: \.parent).contains(where: { $0 === item }) else {
            throw WebDAVFailure(403)
        }
        let old = folder.child(name)
        guard old !== item else { throw WebDAVFailure(403) }
        let isMove = call.method == "MOVE"
        if isMove { _ = try require(.delete, item, person) }
        if let old {
            if call.headers["Overwrite"]?.uppercased() == "F" { throw WebDAVFailure(412) }
            _ = try require(.delete, old, person)
        }
        try check(call, (isMove ? item.subtree : []) + (old?.subtree ?? [folder]), person)
        if let old {
            old.subtree.forEach { forget($0) }
            book.remove(old)
        }
        if isMove {
            // A lock is on the name: it does not go along.
            item.subtree.forEach { $0.locks = [] }
            book.move(item, to: folder, id: name)
        } else {
            let copy = book.copy(item, to: folder, by: person.id, id: name)
            for (from, to) in zip(item.subtree, copy.subtree) {
                contents[to.uid] = contents[from.uid]
                properties[to.uid] = properties[from.uid]
            }
        }
        return Response(status: old == nil ? 201 : 204)
    }
}
