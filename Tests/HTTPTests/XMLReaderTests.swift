// SPDX-License-Identifier: MIT
import HTTP
import Testing

@Suite("Reading XML", .timeLimit(.minutes(1)))
struct XMLReaderTests {
    /// All pieces on one line: `{namespace}name`, text in quotes, `/` for an end, with attributes behind a name.
    private func read(_ text: String) throws -> String { try read(Array(text.utf8)) }

    private func read(_ bytes: [UInt8]) throws -> String {
        var reader = try XMLReader(bytes)
        var pieces: [String] = []
        while let part = try reader.next() {
            switch part {
            case .start(let name):
                let space = name.namespace.isEmpty ? "" : "{\(name.namespace)}"
                let attributes = reader.attributes.map { " \($0.key.local)=\($0.value)" }.sorted().joined()
                pieces.append("\(space)\(name.local)\(attributes)")
            case .text(let text): pieces.append("'\(text)'")
            case .end: pieces.append("/")
            }
        }
        return pieces.joined(separator: "|")
    }

    @Test(
        "Elements, attributes, texts and references are what they are",
        arguments: [
            ("<a/>", "a|/"), ("<a></a>", "a|/"), ("<a>x<b/>y</a>", "a|'x'|b|/|'y'|/"),
            ("<a b='1' c=\"2\"/>", "a b=1 c=2|/"), ("<a b = '1'\n/>", "a b=1|/"),
            ("<a>&amp;&lt;&gt;&quot;&apos;&#65;&#x1F600;</a>", "a|'&<>\"'A😀'|/"),
            ("<a>&#0;&#xD800;&#27;&#xFFFE;</a>", "a|'\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}'|/"),
            ("<a><![CDATA[<b>&amp;]]]></a>", "a|'<b>&amp;]'|/"),
            ("<?xml version='1.0' encoding='UTF-8'?>\n<!-- <x> --><a/>\n<?p ?><!-- y -->", "a|/"),
            ("\u{FEFF}<a/>", "a|/"), ("<a>1\r\n2\r3</a>", "a|'1\n2\n3'|/"), ("<ä>é</ä>", "ä|'é'|/"),
        ])
    func good(_ text: String, _ pieces: String) throws {
        #expect(try read(text) == pieces)
    }

    @Test(
        "A prefix is only a prefix: the same name is the same in every style, and ends with its element",
        arguments: [
            "<D:a xmlns:D=\"DAV:\"><D:b/></D:a>", "<a xmlns=\"DAV:\"><b/></a>",
            "<D:a xmlns:D=\"DAV:\" xmlns:lp1=\"DAV:\"><lp1:b/></D:a>",
            "<ns0:a xmlns:ns0=\"DAV:\"><ns1:b xmlns:ns1='DAV:'/></ns0:a>",
            "<x:a xmlns:x=\"other:\" xmlns:x2='y' xmlns='z' ><x:b/></x:a>".replacing("other:", with: "DAV:"),
        ])
    func namespaces(_ text: String) throws {
        #expect(try read(text) == "{DAV:}a|{DAV:}b|/|/")
    }

    @Test("What an element declares holds within it alone, and what was never declared is in no namespace")
    func scope() throws {
        #expect(try read("<a><b xmlns='x'><c/></b><c/></a>") == "a|{x}b|{x}c|/|/|c|/|/")
        #expect(try read("<p:a xmlns:p='x'><p:a xmlns:p='y'/><p:a/></p:a>") == "{x}a|{y}a|/|{x}a|/|/")
        #expect(try read("<D:error><DAV:propfind-finite-depth/></D:error>") == "error|propfind-finite-depth|/|/")
        #expect(try read("<p:a xmlns:p='x' b='1' p:c='2'/>") == "{x}a b=1 c=2|/")
    }

    @Test(
        "What is no XML, or more than is taken, is refused in words that quote nothing of it",
        arguments: [
            ("", MalformedAnswer.Kind.empty), (" \n", .empty), ("canary", .notXML), ("{\"canary\": 1}", .notXML),
            ("<canary>", .cutShort), ("<canary", .cutShort), ("<", .cutShort), ("<a>canary", .cutShort),
            ("<a b='canary", .cutShort), ("<a><![CDATA[canary", .cutShort), ("<!-- canary", .cutShort),
            ("<a></canary>", .notXML), ("</canary>", .notXML), ("<a/><canary/>", .notXML), ("<a/>canary", .notXML),
            ("<a canary/>", .notXML), ("<a b='1'canary='2'/>", .notXML), ("<a b='1' b='canary'/>", .notXML),
            ("<a b='<canary>'/>", .notXML), ("<a>&canary;</a>", .notXML), ("<a>&canary</a>", .notXML),
            ("<a>&#xcanary;</a>", .notXML), ("<!DOCTYPE canary><a/>", .notXML),
            ("<!DOCTYPE a [<!ENTITY b 'canary'>]><a>&b;</a>", .notXML), ("<a><!ENTITY canary ''></a>", .notXML),
            ("<!DOCTYPE html><html>canary</html>", .page),
            ("<?xml version='1.0' encoding='latin1'?><canary/>", .notXML),
        ])
    func bad(_ text: String, _ kind: MalformedAnswer.Kind) throws {
        let error = #expect(throws: MalformedAnswer.self) { try read(text) }
        #expect(error?.kind == kind)
        #expect(error?.message.contains("canary") == false && error?.message.hasSuffix(".") ?? false || kind == .page)
    }

    @Test("Bytes that are not UTF-8 are read with replacements; other encodings are refused")
    func encodings() throws {
        #expect(try read(Array("<a>".utf8) + [0xFF, 0x41] + Array("</a>".utf8)) == "a|'\u{FFFD}A'|/")
        let wide = "<a/>".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for bytes in [wide, [0xFF, 0xFE] + wide, [0xFE, 0xFF, 0, 0x3C]] {
            let error = #expect(throws: MalformedAnswer.self) { try read(bytes) }
            #expect(error?.message == "The answer is not in UTF-8.")
        }
    }

    @Test("Depth, attributes, texts and the whole are limited, and what is just within is read")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(throws: Never.self) { try read(nested(XMLReader.maximumDepth)) }
        func kind(_ text: String) -> MalformedAnswer.Kind? {
            #expect(throws: MalformedAnswer.self) { try read(text) }?.kind
        }
        #expect(kind(nested(XMLReader.maximumDepth + 1)) == .tooDeep)
        #expect(kind(String(repeating: "<a>", count: 1_000_000)) == .tooDeep)
        func wide(_ count: Int) -> String { "<a" + (0..<count).map { " b\($0)=''" }.joined() + "/>" }
        #expect(throws: Never.self) { try read(wide(XMLReader.maximumAttributes)) }
        #expect(kind(wide(XMLReader.maximumAttributes + 1)) == .notXML)
        func long(_ count: Int) -> String { "<a>" + String(repeating: "x", count: count) + "</a>" }
        #expect(throws: Never.self) { try read(long(XMLReader.maximumText)) }
        #expect(kind(long(XMLReader.maximumText + 1)) == .tooLarge)
        let error = #expect(throws: MalformedAnswer.self) {
            try XMLReader([UInt8](repeating: 0x3C, count: 100 << 20))
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test("An element is passed over whole, and its text is told with all in it")
    func helpers() throws {
        var reader = try XMLReader(Array("<a><b>x<c> y </c></b><d>  one <e>two</e>\n</d><f/></a>".utf8))
        _ = try reader.next()
        _ = try reader.next()
        try reader.skip()
        #expect(try reader.next() == .start(XMLName("", "d")))
        #expect(try reader.textInside() == "one two")
        #expect(try reader.next() == .start(XMLName("", "f")))
        #expect(try reader.textInside().isEmpty)
        #expect(reader.depth == 1)
        #expect(try reader.next() == .end)
        #expect(try reader.next() == nil)
    }

    @Test("No change to a text makes it hang or crash: each is read whole or refused", arguments: 0..<8)
    func fuzz(_ seed: UInt64) throws {
        var random = Numbers(state: seed)
        let seeds = [
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus xmlns:D=\"DAV:\" xmlns:ns0=\"DAV:\">\n"
                + "<D:response xmlns:lp1=\"DAV:\"><D:href>/dav/a%20b</D:href><D:propstat><D:prop>"
                + "<lp1:resourcetype/><D:owner>é &amp; <b>ü</b><![CDATA[<x>]]></D:owner></D:prop>"
                + "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>",
            "<!-- c --><a b='1' xmlns='x'>&#65;<b/></a>",
        ].map { Array($0.utf8) }
        let spice: [UInt8] = Array("<>&;'\"/!?-[]= \n\r:xD".utf8) + [0, 0xFF, 0xC3]
        var (read, refused) = (0, 0)
        for _ in 0..<1_500 {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0...(random.next() % 4) {
                let place = Int(random.next() % UInt64(bytes.count))
                let byte = spice[Int(random.next() % UInt64(spice.count))]
                switch random.next() % 4 {
                case 0: bytes.insert(byte, at: place)
                case 1: bytes[place] = byte
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int(random.next() % 9)))
                default: bytes.insert(contentsOf: bytes[..<place].suffix(20), at: place)
                }
                if bytes.isEmpty { bytes = [byte] }
            }
            do {
                var reader = try XMLReader(bytes)
                var (steps, level) = (0, 0)
                while let part = try reader.next() {
                    steps += 1
                    if case .start = part { level += 1 }
                    if case .end = part { level -= 1 }
                    #expect(level == reader.depth && steps <= bytes.count)
                }
                #expect(level == 0)
                read += 1
            } catch {
                refused += 1
            }
        }
        #expect(read > 50 && refused > 50)
    }

    private struct Numbers {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
