// SPDX-License-Identifier: MIT
import Testing

@testable import HTTP

struct WebAddressTests {
    @Test(
        "A name beyond ASCII is asked for by its ASCII form",
        arguments: [
            ("bücher.example", "xn--bcher-kva.example"), ("BÜCHER.example", "xn--bcher-kva.example"),
            ("straße.example", "xn--strae-oqa.example"), ("παράδειγμα.example", "xn--hxajbheg2az3al.example"),
            ("例え.example", "xn--r8jz45g.example"), ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
            ("öä.a-ö.example", "xn--4ca9a.xn--a--gka.example"),
        ])
    func names(text: String, ascii: String) throws {
        let address = try WebAddress("https://\(text):8443/x")
        #expect(address.host == ascii)
        #expect(address == (try WebAddress("https://\(ascii):8443/x")))
    }

    @Test(
        "An address is read into its parts",
        arguments: [
            ("http://host", "http", "host", 80, "", "http://host"),
            ("https://Host.Example/", "https", "host.example", 443, "", "https://host.example"),
            ("HTTPS://host:8443/Plone//site/", "https", "host", 8443, "/Plone/site", "https://host:8443/Plone/site"),
            ("http://host:80/a", "http", "host", 80, "/a", "http://host/a"),
            ("https://host:80/", "https", "host", 80, "", "https://host:80"),
            (
                "http://127.0.0.1:8080/a%20b/é", "http", "127.0.0.1", 8080, "/a%20b/%C3%A9",
                "http://127.0.0.1:8080/a%20b/%C3%A9"
            ),
            ("http://[::1]:8080/x", "http", "::1", 8080, "/x", "http://[::1]:8080/x"),
            ("http://[2001:DB8::7]", "http", "2001:db8::7", 80, "", "http://[2001:db8::7]"),
            (
                "http://under_score.example.:81", "http", "under_score.example.", 81, "",
                "http://under_score.example.:81"
            ),
            ("http://host:", "http", "host", 80, "", "http://host"),
            ("http://host/++api++/@x+y", "http", "host", 80, "/++api++/@x+y", "http://host/++api++/@x+y"),
        ])
    func parts(text: String, scheme: String, host: String, port: Int, path: String, whole: String) throws {
        let address = try WebAddress(text)
        #expect(address.scheme == scheme)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.path == path)
        #expect(address.description == whole)
        #expect(try WebAddress(whole) == address)
    }

    @Test(
        "What can't be used is refused with a sentence",
        arguments: [
            ("", "The address is empty."),
            ("host.example", "The address must begin with https:// or http://."),
            ("ftp://host", "The address must begin with https:// or http://, not with another scheme."),
            ("http://", "The address has no host."),
            ("http:///path", "The address has no host."),
            ("http://:80", "The address has no host."),
            ("http://host:0", "“0” is no port: it must be a number from 1 to 65535."),
            ("http://host:65536", "“65536” is no port: it must be a number from 1 to 65535."),
            ("http://host:+80", "“+80” is no port: it must be a number from 1 to 65535."),
            ("http://host:8a", "“8a” is no port: it must be a number from 1 to 65535."),
            ("http://[::1", "The bracket after “[” is missing."),
            ("http://[::1]x", "After “]” only a port may follow."),
            ("http://[1:2]", "“1:2” is no IPv6 address."),
            ("http://[::1::]", "“::1::” is no IPv6 address."),
            ("http://[12345::]", "“12345::” is no IPv6 address."),
            ("http://a..b", "“a..b” is no host: a name, an IPv4 address or [an IPv6 address] is needed."),
            ("http://ho!st", "“ho!st” is no host: a name, an IPv4 address or [an IPv6 address] is needed."),
            (
                "http://bu\u{308}cher.example",
                "The host's name has signs that names do not have: write it in ASCII, the form that begins with xn--."
            ),
            ("http://127.1", "“127.1” is no IPv4 address: four numbers from 0 to 255 are needed."),
            ("http://127.0.0.01", "“127.0.0.01” is no IPv4 address: four numbers from 0 to 255 are needed."),
            ("http://256.0.0.1", "“256.0.0.1” is no IPv4 address: four numbers from 0 to 255 are needed."),
            ("http://2130706433", "“2130706433” is no IPv4 address: four numbers from 0 to 255 are needed."),
            ("http://0x7f000001", "“0x7f000001” is no IPv4 address: four numbers from 0 to 255 are needed."),
            ("http://host/?x=1", "A server's address has no query: leave out what follows “?”."),
            ("http://host/#x", "A server's address has no fragment: leave out what follows “#”."),
            ("http://host/../x", "The path must not hold “.” or “..”."),
            ("http://host/%2e%2E/x", "The path must not hold “.” or “..”."),
            ("http://host/%zz", "A “%” in the path is not followed by two hexadecimal digits of a UTF-8 character."),
            ("http://host/%ff", "A “%” in the path is not followed by two hexadecimal digits of a UTF-8 character."),
            ("http://host/a b", "The address holds a blank, a backslash or a control character: write a blank as %20."),
            ("http://host\\@x", "The address holds a blank, a backslash or a control character: write a blank as %20."),
            ("http://me:canary@host", "The address holds a user or a password: these belong under “auth”."),
        ])
    func refused(text: String, sentence: String) {
        let error = #expect(throws: TransportError.self) { try WebAddress(text) }
        #expect(error == TransportError(.badAddress, sentence, surelyNotSent: true))
    }

    @Test("A name that is too long is refused")
    func longNames() {
        let label = String(repeating: "a", count: 63)
        #expect(throws: Never.self) { try WebAddress("http://\(label).example") }
        #expect(throws: TransportError.self) { try WebAddress("http://\(label)a.example") }
        let long = Array(repeating: label, count: 4).joined(separator: ".")
        #expect(throws: TransportError.self) { try WebAddress("http://\(long)") }
    }

    @Test(
        "Only what surely is this machine is loopback",
        arguments: [
            ("http://localhost", true), ("http://LOCALHOST:1", true), ("http://127.0.0.1", true),
            ("http://127.255.0.9", true), ("http://[::1]", true), ("http://[0:0:0:0:0:0:0:1]", true),
            ("http://128.0.0.1", false), ("http://[::2]", false), ("http://[::ffff:127.0.0.1]", false),
            ("http://localhost.example", false), ("http://127.0.0.1.example", false), ("http://10.0.0.1", false),
        ])
    func loopback(text: String, expected: Bool) throws {
        #expect(try WebAddress(text).isLoopback == expected)
    }

    @Test("An origin is read from a whole URL")
    func origin() throws {
        #expect(try WebAddress(originOf: "https://Host:8443/a/b?c=d#e").origin == "https://host:8443")
        #expect(try WebAddress(originOf: "http://host?x").origin == "http://host")
        #expect(throws: TransportError.self) { try WebAddress(originOf: "/a/b") }
    }

    @Test("A URL is of an address's origin exactly when both, taken apart, have the same")
    func sameOrigin() throws {
        let authorities = [
            "h", "H", "h:80", "h:443", "h:0", "h:080", "h:81", "h:", "h:081", "h:8080", "h:65536", "g", "h.", "[::1]",
            "[::1]:81",
            "u@h", "h%41", "ü", "xn--tda", "127.0.0.1", "127.1", "", ":81", "h:81:81", "h:8 1", "h:44380", "-", "a..b",
        ]
        let addresses = try [
            "http://h", "https://h", "http://h:81/p", "http://h:443", "https://h:80", "http://[::1]:81",
        ]
        .map { try WebAddress($0) }
        for scheme in ["http", "https", "HTTP", "ftp", ""] {
            for authority in authorities {
                for rest in ["", "/", "/a?b://c", "?x", "#y", "/a b", "/p/\u{7f}", "/://h"] {
                    let url = "\(scheme)://\(authority)\(rest)"
                    for address in addresses {
                        #expect(
                            address.isOrigin(of: url) == ((try? WebAddress(originOf: url))?.origin == address.origin),
                            "\(address) \(url)")
                    }
                }
            }
        }
    }

    @Test(
        "Each level of a path is encoded once",
        arguments: [
            (["news", "agm"], "http://h/Plone/news/agm"),
            (["@search"], "http://h/Plone/@search"),
            (["++api++"], "http://h/Plone/++api++"),
            (["a b", "c/d", "50%", "x?y#z"], "http://h/Plone/a%20b/c%2Fd/50%25/x%3Fy%23z"),
            (["é", "日"], "http://h/Plone/%C3%A9/%E6%97%A5"),
            (["..", "."], "http://h/Plone/%2E%2E/%2E"),
            (["a.b-c_d~e", "(x);='"], "http://h/Plone/a.b-c_d~e/%28x%29%3B%3D%27"),
            ([], "http://h/Plone"),
        ])
    func segments(levels: [String], url: String) throws {
        #expect(try WebAddress("http://h/Plone/").appending(levels) == url)
    }

    @Test("A path, an encoded path and a query are put behind the address")
    func building() throws {
        let address = try WebAddress("http://h:81")
        #expect(address.appending([]) == "http://h:81/")
        #expect(address.appending(path: "/news//a b/") == "http://h:81/news/a%20b")
        #expect(address.appending(encodedPath: "/root:/a%20b:/children") == "http://h:81/root:/a%20b:/children")
        #expect(address.appending(encodedPath: "x/") == "http://h:81/x/")
        let query = [("q", "a b&c=d+é"), ("portal_type:list", "News Item"), ("empty", "")]
        #expect(
            address.appending(path: "s", query: query)
                == "http://h:81/s?q=a%20b%26c%3Dd%2B%C3%A9&portal_type%3Alist=News%20Item&empty=")
        #expect(String(decoding: WebAddress.form([("a", "1 2"), ("b", "&")]), as: UTF8.self) == "a=1%202&b=%26")
    }

    @Test(
        "The path below the address is found in URLs of the same origin",
        arguments: [
            ("http://h/Plone/news/agm", "/news/agm"), ("http://h:80/Plone/news/", "/news"), ("HTTP://H/Plone", "/"),
            ("http://h/Plone/", "/"), ("http://h/Plone/a%20b/%C3%A9", "/a b/é"), ("http://h/%50lone/x", "/x"),
            ("http://h/Plone/x?y=z", "/x"), ("http://h/Plone/x#frag", "/x"), ("/Plone/news", "/news"),
            ("http://h/Plone/++api++/news", "/++api++/news"), ("http://h/Plone/a+b", "/a+b"),
        ])
    func relative(url: String, path: String) throws {
        #expect(try WebAddress("http://h/Plone").relativePath(of: url) == path)
    }

    @Test(
        "What is elsewhere or leads out has no path below the address",
        arguments: [
            "https://h/Plone/x", "http://h:81/Plone/x", "http://other/Plone/x", "http://h/Plone2/x", "http://h/",
            "/other",
            "http://h/Plone/../x", "http://h/Plone/%2e%2e/x", "http://h/Plone/a%2Fb", "http://h/Plone/%ff",
            "http://h/Plone/%0", "http://h/Plone/a%00", "//h/Plone/x", "Plone/x", "", "http://u@h/Plone/x",
        ])
    func notBelow(url: String) throws {
        #expect(try WebAddress("http://h/Plone").relativePath(of: url) == nil)
    }

    @Test("The quick way to a path finds what taking the address apart finds, in 20,000 addresses by chance")
    func quickPath() throws {
        var random = SeededRandom(seed: 9)
        let address = try WebAddress("https://h/Plone")
        let parts = ["/", "/", "a", "news", ".", "..", "%", "%20", "?", "#", "é", "~", "@", "+", "//", "\\", ":", ";"]
        for _ in 0..<20_000 {
            let url =
                ["https://h/Plone", "https://h/Plone/", "https://H/Plone/", "/Plone/"][Int(random.next() % 4)]
                + (0..<Int.random(in: 0...5, using: &random)).map { _ in
                    parts[Int.random(in: 0..<parts.count, using: &random)]
                }.joined()
            #expect(address.relativePath(of: url) == address.decodedPath(of: url), "\(url)")
        }
    }

    @Test("Whatever is encoded is found again: 2,000 names by chance")
    func roundTrip() throws {
        var random = SeededRandom(seed: 7)
        let address = try WebAddress("https://h/a%20b")
        let letters = Array("ab/%?#&=+@ .~éß日🔒\u{7F}\u{1B}\"'\\")
        for _ in 0..<2000 {
            let name = String(
                (0..<Int.random(in: 1...8, using: &random)).map { _ in
                    letters[Int.random(in: 0..<letters.count, using: &random)]
                })
            #expect(WebAddress.decode(WebAddress.encode(name)) == name)
            #expect(WebAddress.decode(WebAddress.encodeQuery(name)) == name)
            let url = address.appending([name])
            #expect(url.utf8.allSatisfy { (0x21...0x7E).contains($0) })
            guard !name.contains("/"), name != ".", name != ".." else { continue }
            #expect(address.relativePath(of: url) == "/" + name)
        }
    }
}

/// The same chances in each run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

@Suite struct SSHAddressTests {
    @Test(
        "What git names by SSH is told by HTTPS, without who signs in and without the port of SSH",
        arguments: [
            ("git@git.example.org:studio/game.git", "https://git.example.org/studio/game.git"),
            ("git.example.org:studio/game.git", "https://git.example.org/studio/game.git"),
            ("git@forge:game.git", "https://forge/game.git"),
            ("ssh://git@git.example.org/studio/game.git", "https://git.example.org/studio/game.git"),
            ("ssh://git:secret@git.example.org:2222/studio/game", "https://git.example.org/studio/game"),
        ])
    func told(_ text: String, _ address: String) {
        #expect(WebAddress.insteadOfSSH(text)?.description == address)
    }

    @Test(
        "What is no name by SSH is none, and a password is never taken for a path",
        arguments: [
            "https://git.example.org/studio/game.git", "git.example.org", "intranet.example.org:8080/news",
            "localhost:8080", "[::1]:8080/x", "folder/a:b", "ann.x:secret@git.example.org/game.git",
            "ssh://ann:se/cret@git.example.org/game.git", "C:/work", "", ":", "a:",
        ])
    func none(_ text: String) {
        #expect(WebAddress.insteadOfSSH(text) == nil)
    }
}
