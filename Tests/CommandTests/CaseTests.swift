// SPDX-License-Identifier: MIT
import CNetworkProbe
import FoundationEssentials
import TestSupport
import Testing

@Suite("Inputs that once went wrong")
struct CaseTests {
    private func play(
        _ name: String, changing change: (String) -> String = { $0 },
        _ judge: (Case) async throws -> Void
    ) async throws {
        let played = try Case(name, changing: change)
        defer { played.end() }
        try await judge(played)
    }

    @Test("content without a word of its lock is read from the lock itself")
    func oldPlone() async throws {
        try await play("01-old-restapi") { played in
            let list = try await played.run("$LOCKTOP ls --columns state,item,holder --csv --config $CONFIG")
            #expect(list.status == 0, "\(list)")
            #expect(list.lines == ["state,item,holder", "held,/held,bob"])
            let shown = try await played.run("$LOCKTOP show /held --config $CONFIG")
            #expect(shown.output.contains("holder     Bob (bob)"), "\(shown)")
        }
    }

    @Test("a site that names itself wrongly is told so, and is not shown as empty")
    func nullPort() async throws {
        try await play("02-null-port") { played in
            let list = try await played.run("$LOCKTOP ls --config $CONFIG")
            #expect(list.status == 78, "\(list)")
            #expect(list.output == "")
            #expect(list.errors.contains("address"), "\(list)")
        }
    }

    @Test("a title that is no text costs its row the title, and the others nothing")
    func oddTitle() async throws {
        try await play("06-odd-title") { played in
            let list = try await played.run("$LOCKTOP ls --columns state,item,holder --csv --config $CONFIG")
            #expect(list.status == 0, "\(list)")
            #expect(list.lines == ["state,item,holder", "held,/a,bob", "free,/b,"])
        }
    }

    @Test("a server that takes Windows sign-ins only is named as such")
    func onlyNegotiate() async throws {
        try await play("23-only-negotiate") { played in
            let list = try await played.run("$LOCKTOP ls --config $CONFIG")
            #expect(list.status == 77, "\(list)")
            #expect(list.errors.contains("Negotiate") && list.errors.contains("NTLM"), "\(list)")
            #expect(!list.errors.contains("does not accept the password"), "\(list)")
        }
    }

    @Test("of an item that an answer names twice the last is what counts")
    func deltaLastWins() async throws {
        try await play("30-delta-first-wins") { played in
            let list = try await played.run("$LOCKTOP ls --columns state,item --csv --config $CONFIG")
            #expect(list.status == 0, "\(list)")
            #expect(list.lines == ["state,item", "free,/Documents/new name.docx", "held,/Documents/two.docx"])
        }
    }

    @Test("a folder that is refused costs itself, and is named")
    func oneFolderRefused() async throws {
        try await play("32-one-folder-refused") { played in
            let list = try await played.run("$LOCKTOP ls --columns state,item,holder --csv --config $CONFIG")
            #expect(list.output.contains("held,/Documents/held.docx,u-bob"), "\(list)")
            #expect((list.output + list.errors).contains("Legal"), "\(list)")
        }
    }

    @Test(
        "the provider's own reason for a refused sign-in is told",
        arguments: ["53003", "50076", "65001", "50196", "700016", "90002"])
    func signInCause(code: String) async throws {
        try await play("33-sign-in-cause-hidden", changing: { $0.replacing("53003", with: code) }) { played in
            let login = try await played.run("$LOCKTOP login g --config $CONFIG")
            #expect(login.status == 77, "\(login)")
            #expect(login.errors.contains(code), "\(login)")
            #expect(login.errors.contains("Access has been blocked by Conditional Access policies"), "\(login)")
            #expect(!login.errors.contains("locktop login"), "\(login)")
        }
    }

    @Test("a check-out that names us by our address only is ours")
    func checkedOutByAddress() async throws {
        try await play("35-checkedoutby-without-id") { played in
            let list = try await played.run("$LOCKTOP ls --state mine --columns item --config $CONFIG")
            #expect(list.lines == ["ITEM", "/Documents/contract.docx"], "\(list)")
            _ = try await played.run("$LOCKTOP check-in /Documents/contract.docx --config $CONFIG")
            #expect(played.server.requests.contains { $0.line.hasPrefix("POST") && $0.line.hasSuffix("/checkin") })
        }
    }

    @Test("ids that differ in case only are one")
    func idsInTwoCases() async throws {
        try await play("37-ids-in-two-cases") { played in
            let list = try await played.run("$LOCKTOP ls --columns item --config $CONFIG")
            #expect(list.lines == ["ITEM", "/Documents/Legal/contract.docx"], "\(list)")
        }
    }

    @Test("a line end behind a token in the environment is no part of it")
    func environmentLineEnd() async throws {
        try await play("64-env-secret-line-end") { played in
            _ = try await played.run("$LOCKTOP ls --columns item --config $CONFIG")
            #expect(!played.server.requests.isEmpty, "a header with a line end would not have been sent")
        }
    }

    @Test("a token that a server does not renew is used as it is")
    func tokenWithoutRenewal() async throws {
        try await play("64-env-secret-line-end") { played in
            let list = try await played.run("$LOCKTOP ls --columns item --config $CONFIG")
            #expect(list.status == 0, "\(list)")
            #expect(list.lines == ["ITEM", "/a"])
        }
    }

    @Test("the shapes of netrc files that others read are read", arguments: ["next-line", "number-sign", "bom"])
    func netrcShapes(shape: String) async throws {
        try await play("66-netrc-shapes") { played in
            let list = try await played.run(
                "cp \(shape) .netrc; chmod 600 .netrc; $LOCKTOP ls --columns item --config $CONFIG")
            #expect(list.status == 0, "\(list)")
            #expect(list.lines == ["ITEM", "/a"])
            let login = try #require(played.server.requests.first { $0.line.hasSuffix("/@login") })
            let sent = try AnyJSON.read(login.body)
            #expect(sent["login"]?.text == "admin")
            #expect(sent["password"]?.text == (shape == "number-sign" ? "#s" : "s"))
        }
    }

    @Test("a netrc file that is missing, open to others, or silent about the host is named with the reason")
    func netrcReasons() async throws {
        try await play("66-netrc-shapes") { played in
            for (preparation, reason) in [
                ("rm -f .netrc", "can't be read: No such file or directory"),
                ("cp bom .netrc; chmod 644 .netrc", "run `chmod 600 \(played.home)/.netrc`"),
                ("echo machine other > .netrc; chmod 600 .netrc", "has no login for 127.0.0.1"),
            ] {
                let list = try await played.run("\(preparation); $LOCKTOP ls --config $CONFIG")
                #expect(list.status == 77, "\(list)")
                #expect(list.errors.contains(reason), "\(list)")
            }
        }
    }

    @Test("a byte order mark before a password is no part of it")
    func passwordFileMark() async throws {
        try await play("67-password-file-bom") { played in
            let list = try await played.run("$LOCKTOP ls --config $CONFIG")
            #expect(list.status == 77, "this server takes no password: \(list)")
            let login = try #require(played.server.requests.first { $0.line.hasSuffix("/@login") })
            #expect(try AnyJSON.read(login.body)["password"]?.text == "s")
        }
    }

    @Test(
        "a configuration is read from a pipe, and passwords in it are taken",
        arguments: ["--config <(cat $CONFIG)", "--config /dev/stdin < <(cat $CONFIG)", "--config - < <(cat $CONFIG)"])
    func configurationFromPipe(words: String) async throws {
        try await play("69-config-from-pipe") { played in
            let check = try await played.run("$LOCKTOP config check \(words)")
            #expect(check.status == 0, "\(check)")
            #expect(check.output.hasSuffix(" is right: 1 server.\n"))
            let literal = try await played.run(
                "sed -i 's/password_env: PW/password: s/' $CONFIG; $LOCKTOP config check \(words)")
            #expect(literal.status == 0, "\(literal)")
            let wrong = try await played.run("echo 'servers: 1' > wrong; CONFIG=wrong; $LOCKTOP config check \(words)")
            #expect(wrong.status == 78, "\(wrong)")
            #expect(wrong.errors.contains(":1:10: "), "\(wrong)")
        }
    }

    @Test("reading goes on where nothing can be kept, and says so in one line")
    func noStateFolder() async throws {
        try await play("70-state-folder-unusable") { played in
            let list = try await played.run("$LOCKTOP ls --columns item --config $CONFIG")
            #expect(list.status == 0, "\(list)")
            #expect(list.lines == ["ITEM", "/a"])
            #expect(list.errors.split(separator: "\n").count == 1, "\(list)")
        }
    }

    @Test("a network that no_proxy names is asked straight")
    func exemptNetwork() async throws {
        try await play("48-no-proxy-cidr") { played in
            // An address that is not taken for this machine's own, and is.
            let line = "sed -i 's|10.1.2.3|0.0.0.0:\(played.server.port)|' $CONFIG; $LOCKTOP ls --config $CONFIG"
            _ = try await played.run("export no_proxy=0.0.0.0/8; " + line)
            #expect(played.server.requests.first?.line == "POST /Plone/@login")
            let before = played.server.requests.count
            _ = try await played.run("$LOCKTOP ls --config $CONFIG")
            #expect(
                played.server.requests.dropFirst(before).first?.line
                    == "POST http://0.0.0.0:\(played.server.port)/Plone/@login")
        }
    }

    @Test(
        "a proxy of the environment that can't be used concerns only who would go through it",
        arguments: ["socks5h://127.0.0.1:1", "http://me:p#/@127.0.0.1:1", "ftp://127.0.0.1:1", "http://:1"])
    func unusableProxy(proxy: String) async throws {
        try await play("49-unusable-proxy-variable") { played in
            let list = try await played.run(
                "all_proxy='\(proxy)' $LOCKTOP ls --columns state,item --csv --config $CONFIG")
            #expect(list.output.contains("held,/a"), "\(list)")
            #expect(list.errors.contains("far") && list.errors.contains("proxy"), "\(list)")
        }
    }

    @Test("what is not secured is asked of a proxy by its whole address")
    func plainThroughProxy() async throws {
        try await play("50-plain-http-connect") { played in
            let list = try await played.run("$LOCKTOP ls --columns state,item --csv --config $CONFIG")
            #expect(list.status == 0, "\(list)")
            #expect(list.lines == ["state,item", "held,/a"])
            #expect(!played.server.requests.contains { $0.line.hasPrefix("CONNECT") })
        }
    }

    @Test("the authority that SSL_CERT_FILE names is trusted")
    func environmentAuthority() async throws {
        try await play("51-ssl-cert-file") { played in
            let folder =
                "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
                + "/HTTPTransportTests/Certificates"
            var port: Int32 = 0
            let front = unsafe tls_server_start(
                "\(folder)/server.pem", "\(folder)/server.key", nil, Int32(played.server.port), &port)
            defer { tls_server_stop(front) }
            let untrusted = try await played.run("sed -i 's/SECURE/\(port)/' $CONFIG; $LOCKTOP ls --config $CONFIG")
            #expect(untrusted.errors.contains("its authority is not known here"), "\(untrusted)")
            #expect(played.server.requests.isEmpty)
            _ = try await played.run("SSL_CERT_FILE=\(folder)/authority.pem $LOCKTOP ls --config $CONFIG")
            #expect(played.server.requests.first?.line == "POST /Plone/@login")
        }
    }

    @Test("a server that ends each connection after its answer costs no operation")
    func shortConnections() async throws {
        try await play("54-keep-alive-race") { played in
            for number in 1...8 {
                let lock = try await played.run("$LOCKTOP lock /b --config $CONFIG")
                #expect(lock.status != 69, "\(lock)")
                #expect(!lock.errors.contains("ended before the answer"), "\(lock)")
                #expect(played.server.requests.count { $0.line.hasSuffix("/b/@lock") } == number)
            }
        }
    }

    @Test("without libcurl the program says what to install, and what needs no network works")
    func missingLibrary() async throws {
        try await play("50-plain-http-connect") { played in
            let list = try await played.run(
                "mkdir lib; echo none > lib/libcurl.so.4; export LD_LIBRARY_PATH=lib; "
                    + "$LOCKTOP config check --config $CONFIG && $LOCKTOP ls --config $CONFIG")
            #expect(list.errors.contains("libcurl is not installed: install the package libcurl4."), "\(list)")
            #expect(list.output.contains("is right"), "\(list)")
        }
    }
}
