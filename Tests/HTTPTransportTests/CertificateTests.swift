// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CertificateTests {
    @Test("A certificate of the authority in ca_file is good for its names", arguments: ["localhost", "127.0.0.1"])
    func trusted(host: String) async throws {
        let server = try await ScriptedServer(tls: Fixture.server("server")) { $0.answer(body: "secure") }
        let response = try await send(Request("GET", server.url("/", scheme: "https", host: host))) {
            $0.caFile = Fixture.path("authority.pem")
        }
        #expect(response.body == Array("secure".utf8))
    }

    @Test(
        "A certificate that is not good says why and what to do, and no byte of a request is sent",
        arguments: [
            ("selfsigned", "it is self-signed. The file of ca_file does not hold its authority."),
            ("expired", "it expired on 2021-01-01. The server needs a new one."),
            ("elsewhere", "it is made out for another host. Use the name that the certificate is made out for."),
        ])
    func untrusted(name: String, why: String) async throws {
        let server = try await ScriptedServer(tls: Fixture.server(name)) { $0.answer() }
        let error = try await failure(Request("POST", server.url("/", scheme: "https", host: "localhost"))) {
            $0.caFile = Fixture.path("authority.pem")
        }
        #expect(
            error
                == TransportError(
                    .untrusted, "The certificate of localhost:\(server.port) does not verify: \(why)",
                    surelyNotSent: true))
        #expect(server.visits.isEmpty)
    }

    @Test(
        "A certificate of a trusted authority that is not good yet, or good for something else",
        arguments: [
            ("future", "it is not valid yet. Check this machine's clock."),
            ("purpose", "it is not made for a server. The server needs another one."),
        ])
    func untrustedThough(name: String, why: String) async throws {
        let server = try await ScriptedServer(tls: Fixture.server(name)) { $0.answer() }
        let error = try await failure(Request("POST", server.url("/", scheme: "https", host: "localhost"))) {
            // It is an authority of its own.
            $0.caFile = Fixture.path(name + ".pem")
        }
        #expect(
            error
                == TransportError(
                    .untrusted, "The certificate of localhost:\(server.port) does not verify: \(why)",
                    surelyNotSent: true))
        #expect(server.visits.isEmpty)
    }

    @Test(
        "Without ca_file the advice is to set it",
        arguments: [
            ("selfsigned", "it is self-signed."), ("server", "its authority is not known here."),
        ])
    func unknownAuthority(name: String, why: String) async throws {
        let server = try await ScriptedServer(tls: Fixture.server(name)) { $0.answer() }
        let error = try await failure(Request("GET", server.url("/", scheme: "https")))
        #expect(
            error.message == "The certificate of 127.0.0.1:\(server.port) does not verify: \(why) "
                + "Set ca_file to the authority's certificate, if you trust it.")
    }

    @Test("The authorities that the environment names are trusted, as a file or as a folder", arguments: [true, false])
    func environmentAuthorities(asFolder: Bool) async throws {
        let server = try await ScriptedServer(tls: Fixture.server("server")) { $0.answer() }
        let folder = FileManager.default.temporaryDirectory.path() + "locktop-authorities-\(server.port)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // The name's hash, by which OpenSSL finds it.
        try FileManager.default.copyItem(atPath: Fixture.path("authority.pem"), toPath: folder + "/f20e0b1e.0")
        let response = try await send(Request("GET", server.url("/", scheme: "https"))) {
            if asFolder { $0.systemCAFolder = folder } else { $0.systemCAFile = folder + "/f20e0b1e.0" }
        }
        #expect(response.status == 200)
    }

    @Test("ca_file counts instead of the authorities of the environment")
    func ownAuthorities() async throws {
        let server = try await ScriptedServer(tls: Fixture.server("server")) { $0.answer() }
        let error = try await failure(Request("GET", server.url("/", scheme: "https"))) {
            $0.systemCAFile = Fixture.path("authority.pem")
            $0.caFile = Fixture.path("selfsigned.pem")
        }
        #expect(error.code == .untrusted)
        #expect(server.visits.isEmpty)
    }

    @Test("A file of authorities in the environment that is not there is named by its variable")
    func missingAuthorities() async throws {
        let server = try await ScriptedServer(tls: Fixture.server("server")) { $0.answer() }
        let error = try await failure(Request("GET", server.url("/", scheme: "https"))) {
            $0.systemCAFile = "/nowhere/ca.pem"
        }
        #expect(
            error
                == TransportError(
                    .untrusted, "The authorities to trust can't be read: check SSL_CERT_FILE.", surelyNotSent: true))
    }

    @Test("With insecure_tls any certificate will do", arguments: ["selfsigned", "expired", "elsewhere"])
    func insecure(name: String) async throws {
        let server = try await ScriptedServer(tls: Fixture.server(name)) { $0.answer() }
        let response = try await send(Request("GET", server.url("/", scheme: "https", host: "localhost"))) {
            $0.insecureTLS = true
        }
        #expect(response.status == 200)
    }

    @Test("A server that wants a certificate gets ours; without one the error says what to set")
    func clientCertificate() async throws {
        let server = try await ScriptedServer(tls: Fixture.server("server", wanting: "authority")) { $0.answer() }
        let url = server.url("/", scheme: "https", host: "localhost")
        let response = try await send(Request("GET", url)) {
            $0.caFile = Fixture.path("authority.pem")
            $0.clientCertificate = Fixture.path("server.pem")
            $0.clientKey = Fixture.path("server.key")
        }
        #expect(response.status == 200)
        let error = try await failure(Request("GET", url)) { $0.caFile = Fixture.path("authority.pem") }
        #expect(
            error
                == TransportError(
                    .untrusted,
                    "localhost:\(server.port) wants a certificate of yours: set client_cert and client_key.",
                    surelyNotSent: false))
        #expect(server.visits.count == 1)
    }

    @Test("A port that does not speak TLS is named as such")
    func plainPort() async throws {
        let plain = try await ScriptedServer(greeting: "HTTP/1.1 400 Bad Request\r\n\r\n") { _ in }
        let error = try await failure(Request("GET", "https://127.0.0.1:\(plain.port)/"))
        #expect(
            error
                == TransportError(
                    .untrusted,
                    "127.0.0.1:\(plain.port) does not speak TLS: is it http:// instead of https://, or another port?",
                    surelyNotSent: true))
    }

    @Test("A port that takes the connection and never secures it: in time, and surely not sent")
    func silentPort() async throws {
        let silent = try await ScriptedServer { _ in }
        let error = try await failure(Request("POST", silent.url("/", scheme: "https"))) {
            $0.connectTimeout = .milliseconds(200)
        }
        #expect(error.code == .timedOut)
        #expect(error.surelyNotSent)
    }

    @Test("A port that ends the connection while it is secured is named as such")
    func endedHandshake() async throws {
        let server = try await ScriptedServer(greeting: "") { _ in }
        let error = try await failure(Request("POST", server.url("/", scheme: "https")))
        #expect(error.code == .untrusted)
        #expect(error.message == "No secure connection could be agreed on with 127.0.0.1:\(server.port).")
        #expect(error.surelyNotSent)
    }

    @Test("A certificate's file that is missing or holds something else is refused by its key and path")
    func badFiles() throws {
        func message(_ adjust: (inout NetworkOptions) -> Void) -> String? {
            var options = NetworkOptions()
            adjust(&options)
            return #expect(throws: TransportError.self) { try NetworkTransport(options) }?.message
        }
        let key = Fixture.path("server.key")
        let certificate = Fixture.path("server.pem")
        #expect(
            message { $0.caFile = "/nowhere/ca.pem" }
                == "The file of ca_file, /nowhere/ca.pem, can't be read: it is missing, or not yours to read.")
        #expect(
            message { $0.caFile = key }
                == "The file of ca_file, \(key), holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).")
        #expect(
            message { $0.clientCertificate = certificate }
                == "The file of client_key, \(certificate), holds no private key in PEM form without a passphrase.")
        #expect(
            message { ($0.clientCertificate, $0.clientKey) = (certificate, "/nowhere/key.pem") }
                == "The file of client_key, /nowhere/key.pem, can't be read: it is missing, or not yours to read.")
        let locked = Fixture.path("locked.key")
        #expect(
            message { ($0.clientCertificate, $0.clientKey) = (certificate, locked) }
                == "The file of client_key, \(locked), holds no private key in PEM form without a passphrase.")
        #expect(message { $0.clientKey = key }?.hasPrefix("client_key is set without client_cert") == true)
    }
}
