// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import HTTPTransport
import LockSystems
import Locks
import Testing

/// What is found at servers that are not ours, as Tests/Servers starts them.
@Suite("Finding out what a real server is")
struct RealDetectionTests {
    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let hasPages = variable("LOCKTOP_WELCOME_APACHE") != nil && variable("LOCKTOP_WELCOME_NGINX") != nil
    private static let wantsPages: Comment = "Tests/Servers/pages.sh has started no Apache and no nginx"

    private func refusal(_ address: String, _ options: NetworkOptions = NetworkOptions()) async throws -> String {
        let error = try #require(
            await #expect(throws: LockError.self) {
                _ = try await Detection(over: try NetworkTransport(options)).look(at: try WebAddress(address))
            })
        return error.description
    }

    @Test("a file server is found once one has signed in", arguments: [RealServer.apache, .subversion, .wsgiDAV])
    func fileServer(real: RealServer) async throws {
        guard let address = real.address else { try Test.cancel("\(real.reason)") }
        let detection = Detection(over: try NetworkTransport())
        let place = try WebAddress(address)
        var finding = try await detection.look(at: place)
        if case .closed(let end, let realm) = finding {
            #expect(end == place)
            #expect(realm == "files")
            let inside = try await detection.look(at: place, with: .basic(user: "alice", password: "alice-pw"))
            finding = .found(inside.kind, inside.sighting)
            let error = await #expect(throws: LockError.self) {
                _ = try await detection.look(at: place, with: .basic(user: "alice", password: "not it"))
            }
            #expect(error?.description == "\(address) does not accept this user and password.")
        }
        guard case .found(let kind, let sighting) = finding else {
            Issue.record("\(finding)")
            return
        }
        #expect(kind.word == "webdav")
        #expect(sighting.address == place)
    }

    @Test("the welcome pages of Debian's Apache and nginx are named", .enabled(if: hasPages, wantsPages))
    func welcome() async throws {
        for (variable, name) in [("LOCKTOP_WELCOME_APACHE", "an Apache"), ("LOCKTOP_WELCOME_NGINX", "an nginx")] {
            let address = try #require(Self.variable(variable))
            #expect(
                try await refusal(address)
                    == "\(address) is no lock system that locktop knows: it is the welcome page of \(name) web server. "
                    + "Give the address of the site itself, or say what it is: locktop add --kind KIND URL")
        }
    }

    @Test(
        "nginx before a server that is down, before a single sign-on, and a page that is known with its slash alone",
        .enabled(if: hasPages, wantsPages))
    func behind() async throws {
        let address = try #require(Self.variable("LOCKTOP_WELCOME_NGINX"))
        for slash in ["", "/"] {
            #expect(
                try await refusal(address + "/down" + slash)
                    == "\(address)/down does not answer: a proxy (nginx) stands there and says 502, for what is behind it is "
                    + "down. Try again when the server runs.")
            #expect(
                try await refusal(address + "/sso" + slash)
                    == "\(address)/sso is behind a single sign-on: it sends to https://login.example.com, where one signs "
                    + "in with a browser. Give the address at which programs reach it, or sign in with a token: locktop "
                    + "add --kind KIND --token-env NAME URL")
            let detection = Detection(over: try NetworkTransport())
            guard case .closed(_, let realm) = try await detection.look(at: try WebAddress(address + "/staff" + slash))
            else {
                Issue.record("it is not closed")
                return
            }
            #expect(realm == "Staff only")
        }
    }

    @Test("https:// to a port without it, and a port where nothing listens", .enabled(if: hasPages, wantsPages))
    func wrongPort() async throws {
        let address = try #require(Self.variable("LOCKTOP_WELCOME_NGINX"))
        let place = address.dropFirst("http://".count)
        #expect(
            try await refusal("https://\(place)")
                == "\(place) does not speak TLS: is it http:// instead of https://, or another port?")
        #expect(
            try await refusal("http://127.0.0.1:9")
                == "Nothing listens at 127.0.0.1:9. Check the port, and that the server runs.")
    }

    @Test(
        "a squid on the way is told from one that is asked itself",
        .enabled(if: variable("LOCKTOP_SQUID") != nil, "Tests/Servers/proxies.sh has started no squid"))
    func squid() async throws {
        let squid = try #require(Self.variable("LOCKTOP_SQUID"))
        #expect(
            try await refusal(squid)
                == "\(squid) is no lock system that locktop knows: it is a proxy (squid), which carries to other servers. Give "
                + "the address of the site itself, or say what it is: locktop add --kind KIND URL")
        var options = NetworkOptions()
        options.proxy = squid
        #expect(
            try await refusal("http://127.0.0.1:9/news", options)
                == "http://127.0.0.1:9/news is not reached: a proxy (squid) on the way does not let anybody through to it and "
                + "answers 403 itself. Check http_proxy, https_proxy and no_proxy in the environment.")
        #expect(
            try await refusal("http://127.0.0.1:1/news", options)
                == "http://127.0.0.1:1/news is not reached: a proxy (squid) on the way could not get through to it and answers "
                + "503 itself. Check http_proxy, https_proxy and no_proxy in the environment.")
    }
}
