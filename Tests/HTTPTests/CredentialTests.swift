// SPDX-License-Identifier: MIT
import HTTP
import Testing

struct CredentialTests {
    @Test(
        "A user and a password become a header",
        arguments: [
            ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), ("", "", "Basic Og=="),
            ("a", "b", "Basic YTpi"), ("a", "bc", "Basic YTpiYw=="), ("test", "123£", "Basic dGVzdDoxMjPCow=="),
            ("a", "?>~", "Basic YTo/Pn4="),
        ])
    func basic(user: String, password: String, header: String) {
        #expect(Credentials.basic(user: user, password: password).header == header)
    }

    @Test("No way of printing shows a secret")
    func hidden() throws {
        #expect(Credentials.bearer(token: "abc").header == "Bearer abc")
        #expect(Credentials.negotiate(token: [0x60, 0x82, 0xFF]).header == "Negotiate YIL/")
        var text = ""
        let secrets: [Credentials] = [
            .basic(user: "u", password: "CANARY"), .bearer(token: "CANARY"), .negotiate(token: Array("CANARY".utf8)),
        ]
        for secret in secrets {
            text += "\(secret)" + String(reflecting: secret) + String(describing: [secret])
            dump(secret, to: &text)
        }
        let proxy = try ProxyAddress("http://u:CANARY@host:3128")
        text += "\(proxy)" + String(reflecting: proxy)
        dump(proxy, to: &text)
        #expect(text.contains("•••"))
        #expect(!text.contains("CANARY"))
    }

    @Test("A proxy is read from its text")
    func proxyAddress() throws {
        let full = try ProxyAddress("http://me:p%40ss:word@Proxy.Example:3128/")
        #expect(full.host == "proxy.example")
        #expect(full.port == 3128)
        #expect(full.credentials == .basic(user: "me", password: "p@ss:word"))
        let bare = try ProxyAddress("proxy:8080")
        #expect(bare.port == 8080)
        #expect(bare.credentials == nil)
        #expect(bare.description == "http://proxy:8080")
        #expect(try ProxyAddress("http://proxy").port == 80)
        #expect(try ProxyAddress("http://[::1]:99").description == "http://[::1]:99")
        #expect(try ProxyAddress("https://proxy").port == 443)
        #expect(try ProxyAddress("https://proxy:80").port == 80)
        #expect(try ProxyAddress("SOCKS5H://me:x@proxy").description == "socks5h://•••@proxy:1080")
        // What nobody has encoded is taken as it stands.
        let raw = try ProxyAddress("http://me:50%/#@x@proxy:3128")
        #expect(raw.credentials == .basic(user: "me", password: "50%/#@x"))
        #expect(raw.host == "proxy")
        for text in ["", "ftp://proxy", "socks://proxy", "http://", "proxy:port", "http://me:x@"] {
            #expect(throws: TransportError.self) { try ProxyAddress(text) }
        }
    }

    @Test(
        "The environment's proxy for an address",
        arguments: [
            ("http://far", ["http_proxy": "p:1"], "p:1"), ("https://far", ["http_proxy": "p:1"], nil),
            ("https://far", ["https_proxy": "p:2", "all_proxy": "p:3"], "p:2"),
            ("http://far", ["all_proxy": "p:3"], "p:3"),
            ("http://far", ["HTTP_PROXY": "P:1"], "P:1"), ("http://far", ["HTTPS_PROXY": "P:1"], nil),
            ("http://far", ["http_proxy": "p", "HTTP_PROXY": "P"], "p"),
            ("http://far", ["http_proxy": "", "HTTP_PROXY": "P"], nil),
            ("http://far", ["HTTP_PROXY": "P", "REQUEST_METHOD": "GET"], nil),
            ("https://far", ["HTTPS_PROXY": "P", "REQUEST_METHOD": "GET"], "P"),
            ("http://localhost", ["http_proxy": "p"], nil), ("http://127.0.0.9:8080", ["all_proxy": "p"], nil),
            ("https://[::1]", ["ALL_PROXY": "p"], nil), ("http://far", [:], nil),
            ("http://far", ["http_proxy": " p\r\n"], "p"), ("http://far", ["http_proxy": " ", "all_proxy": "p"], "p"),
        ] as [(String, [String: String], String?)])
    func proxyRules(address: String, environment: [String: String], expected: String?) throws {
        #expect(ProxyRules.proxy(for: try WebAddress(address), environment: environment) == expected)
    }

    @Test(
        "Who is exempt from the proxy",
        arguments: [
            ("*", "far.example", true), ("far.example", "far.example", true), ("example", "far.example", true),
            (".example", "far.example", true), ("*.example", "far.example", true),
            (".far.example", "far.example", true),
            ("ar.example", "far.example", false), ("near,far.example", "far.example", true),
            ("near far.example", "far.example", true), ("FAR.Example", "far.example", true), ("", "far.example", false),
            (", ,", "far.example", false), (".", "far.example", false), ("far.example:8080", "far.example", false),
            ("far.example:80", "far.example", true), ("10.0.0.1", "10.0.0.1", true), ("0.0.1", "10.0.0.1", true),
            ("[2001:db8::1]", "[2001:db8::1]", true), ("2001:db8::1", "[2001:db8::1]", true),
            ("[2001:db8::1]:81", "[2001:db8::1]", false), ("example.far", "far.example", false),
            ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.1.2.3", false),
            ("172.16.0.0/12", "172.31.0.1", true), ("172.16.0.0/12", "172.32.0.1", false),
            ("10.1.2.3/32", "10.1.2.3", true), ("0.0.0.0/0", "1.2.3.4", true), ("10.0.0.0/33", "10.0.0.1", false),
            ("10.0.0.0/8", "10.example", false), ("10.0.0.0/8", "[2001:db8::1]", false),
            ("fd00::/8", "[fd12::1]", true), ("fd00::/8", "[fe80::1]", false), ("[fd00::]/8", "[fd12::1]", true),
            ("192.168.*", "192.168.1.2", true), ("192.168.*.*", "192.168.1.2", true),
            ("192.168.*", "192.169.1.2", false), ("192.*.1.2", "192.168.1.2", false), ("far.*", "far.example", false),
        ])
    func exempt(list: String, host: String, expected: Bool) throws {
        let address = try WebAddress("http://\(host)")
        for name in ["no_proxy", "NO_PROXY"] {
            let proxy = ProxyRules.proxy(for: address, environment: ["http_proxy": "p", name: list])
            #expect((proxy == nil) == expected)
        }
    }
}
