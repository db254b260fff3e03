// SPDX-License-Identifier: MIT
import HTTP
import Testing

struct RedirectTests {
    private func next(
        _ status: Int, _ location: String?, _ method: Method = "GET", step: Int = 0
    ) throws(TransportError) -> Request? {
        var headers = Headers()
        headers["Location"] = location
        return try Redirect.next(
            after: Response(status: status, headers: headers),
            to: Request(
                method, "https://h/a/b?x=1", headers: ["Authorization": "secret"],
                for: ["GET", "PROPFIND"].contains(method) ? .read : .change), step: step)
    }

    @Test(
        "A redirect within the origin is followed",
        arguments: [
            ("https://h/c", "https://h/c"), ("https://H:443/c#f", "https://H:443/c"), ("/c", "https://h/c"),
            ("c", "https://h/a/c"), ("../c?y", "https://h/c?y"), ("./", "https://h/a/"), ("?z", "https://h/a/b?z"),
            ("//h/d", "https://h/d"), ("/a/../../..", "https://h/"), ("c?u=http://x", "https://h/a/c?u=http://x"),
        ])
    func followed(location: String, url: String) throws {
        for status in [301, 302, 303, 307, 308] {
            let request = try #require(try next(status, location))
            #expect(request.url == url)
            #expect(request.method == "GET")
        }
        #expect(try next(307, location, "PROPFIND")?.method == "PROPFIND")
    }

    @Test("What is no redirect is none", arguments: [200, 201, 300, 304, 305, 306, 400])
    func none(status: Int) throws { #expect(try next(status, "/c") == nil) }

    @Test(
        "Another origin gets nothing, not even a question",
        arguments: [
            "https://other/c", "http://h/c", "https://h:8443/c", "//other/c", "https://h.other/c", "https://h%2eother/",
            "https://h@other/c", "javascript:alert(1)", "file:///etc/passwd", "https://other\\@h/",
        ])
    func otherOrigin(location: String) {
        for method in ["GET", "POST"] as [Method] {
            let error = #expect(throws: TransportError.self) { try next(302, location, method) }
            #expect(error?.code == .badAddress)
            #expect(error?.message.contains("secret") == false)
        }
    }

    @Test(
        "The sentences say what the server did",
        arguments: [
            (
                302, "https://other/c?token=t", "GET", 0,
                "h redirects to https://other: set url to the address that it should be."
            ),
            (302, nil, "GET", 0, "h answers with a redirect that leads nowhere."),
            (302, "", "GET", 0, "h answers with a redirect that leads nowhere."),
            (302, "/c", "LOCK", 0, "h answers LOCK with a redirect: nothing that changes is repeated."),
            (303, "/c", "PROPFIND", 0, "h answers PROPFIND with a redirect: nothing that changes is repeated."),
            (302, "/a/b?x=1", "GET", 0, "h redirects in a circle."),
            (302, "/c", "GET", 5, "h redirects in a circle."),
        ] as [(Int, String?, String, Int, String)])
    func refused(status: Int, location: String?, method: String, step: Int, sentence: String) {
        let error = #expect(throws: TransportError.self) {
            try next(status, location, Method(rawValue: method), step: step)
        }
        #expect(error?.message == sentence)
    }
}

struct JSONBodyTests {
    private struct Item: Codable, Equatable {
        var title: String
        var holders: [Holder]?
        struct Holder: Codable, Equatable { var name: String }
    }

    private func error(_ text: String, _ type: String? = nil, limit: Int = 1000) -> MalformedAnswer? {
        #expect(throws: MalformedAnswer.self) {
            try JSONBody.decode(Item.self, from: Array(text.utf8), contentType: type, limit: limit)
        }
    }

    @Test("A value goes to bytes and back")
    func roundTrip() throws {
        let item = Item(title: "a/b \"é\"", holders: [.init(name: "bob")])
        let bytes = try JSONBody.encode(item)
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"holders":[{"name":"bob"}],"title":"a/b \"é\""}"#)
        #expect(try JSONBody.decode(Item.self, from: Response(status: 200, body: bytes)) == item)
        // A server that calls its JSON a page is believed by its bytes.
        #expect(try JSONBody.decode(Item.self, from: bytes, contentType: "text/html; charset=utf-8") == item)
    }

    @Test(
        "What came instead is told",
        arguments: [
            ("", nil, .empty, "The answer is empty."), (" \r\n\t", nil, .empty, "The answer is empty."),
            ("<!DOCTYPE html><html>", nil, .page, nil), ("\n <html>", "application/json", .page, nil),
            ("Please sign in", "Text/HTML; charset=utf-8", .page, nil), ("\u{FEFF}<html>", nil, .page, nil),
            (#"{"title": "a"#, nil, .cutShort, nil), (#"{"title": "a", "holders": [{"#, nil, .cutShort, nil),
            (#"{"title": "a\"}"#, nil, .cutShort, nil), ("Service unavailable", "text/plain", .notJSON, nil),
            (#"{"title" "a"}"#, nil, .notJSON, "The answer is not valid JSON."), ("}", nil, .notJSON, nil),
            ("{}", nil, .otherShape, "The answer lacks “title”."),
            (#"{"title": null}"#, nil, .otherShape, "In the answer “title” is null."),
            (#"{"title": 7}"#, nil, .otherShape, "In the answer “title” is of another type than expected."),
            (
                #"{"title": "a", "holders": [{"name": "b"}, {}]}"#, nil, .otherShape,
                "The answer lacks “holders.1.name”."
            ),
            ("[]", nil, .otherShape, nil), ("\"x\"", nil, .otherShape, nil),
        ] as [(String, String?, MalformedAnswer.Kind, String?)])
    func malformed(text: String, type: String?, kind: MalformedAnswer.Kind, sentence: String?) {
        let error = error(text, type)
        #expect(error?.kind == kind)
        if let sentence { #expect(error?.message == sentence) }
        #expect(error?.message.hasSuffix(".") == true || error?.message.hasSuffix("?") == true)
    }

    @Test("Nesting is counted before anything recurses, and brackets in texts do not count")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        struct Anything: Decodable {}
        #expect(throws: Never.self) { try JSONBody.decode(Anything.self, from: nested(64)) }
        for depth in [65, 1000, 1_000_000] {
            let error = #expect(throws: MalformedAnswer.self) {
                try JSONBody.decode(Anything.self, from: nested(depth))
            }
            #expect(error?.kind == .tooDeep)
        }
        let brackets = String(repeating: "[{", count: 100)
        #expect(try JSONBody.decode([String].self, from: Array(#"["\#(brackets)\""]"#.utf8)) == [brackets + "\""])
    }

    @Test(
        "Text that is not quite JSON is read with replacements",
        arguments: [
            (#""a\ud83d""#, "a\u{FFFD}"), (#""\ude00b""#, "\u{FFFD}b"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
            (#""\uD83D\uDE00""#, "😀"), (#""\\ud83d""#, #"\ud83d"#), (#""\ud83d\n""#, "\u{FFFD}\n"),
            (#""\ud83dude00""#, "\u{FFFD}ude00"), (#""\ud83d\"""#, "\u{FFFD}\""),
            ("\"a\u{01}b\nc\"", "a\u{FFFD}b\u{FFFD}c"), ("\"plain é\"", "plain é"),
        ])
    func notQuiteJSON(text: String, expected: String) throws {
        #expect(try JSONBody.decode([String].self, from: Array("[\n\(text)\t]".utf8)) == [expected])
    }

    @Test("Bytes that are no UTF-8 are replaced, and what stands around them is kept")
    func notUTF8() throws {
        let text = Array(#"{"title": "a"#.utf8) + [0xE9, 0xFF] + Array(#"b é", "holders": null}"#.utf8)
        #expect(try JSONBody.decode(Item.self, from: text).title == "a\u{FFFD}\u{FFFD}b é")
    }

    @Test("An element that can't be read costs itself, and says why")
    func lossy() throws {
        let text = #"[{"title": "a"}, {"title": 7}, null, 3, [], {"title": "b", "holders": "none"}, {"title": "c"}]"#
        let list = try JSONBody.decode(Lossy<Item>.self, from: Array(text.utf8))
        #expect(list.elements.map(\.title) == ["a", "c"])
        #expect(list.failures.count == 5)
        #expect(list.failures[0].message == "In the answer “1.title” is of another type than expected.")
        #expect(throws: MalformedAnswer.self) { try JSONBody.decode(Lossy<Item>.self, from: Array("{}".utf8)) }
        #expect(try JSONBody.decode(Lossy<Item>.self, from: Array("[]".utf8)).elements.isEmpty)
    }

    @Test("More bytes than allowed are not looked at")
    func limit() {
        #expect(error(String(repeating: " ", count: 1001))?.kind == .tooLarge)
        #expect(error(String(repeating: " ", count: 1000))?.kind == .empty)
    }
}
