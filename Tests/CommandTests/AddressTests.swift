// SPDX-License-Identifier: MIT
import FoundationEssentials
import TestOffice
import TestSupport
import Testing

@Suite("The address of a server, as it is written on the command line")
struct AddressTests {
    @Test(
        "a password in an address is refused and never repeated",
        arguments: [
            "http://mona:s3cret@127.0.0.1:1/x", "https://mona:s3/cret@intranet.example.org", "mona:s3cret@localhost/x",
            "https://mona:s3#cret@intranet.example.org",
        ], [["add"], []])
    func passwordInAddress(address: String, command: [String]) async throws {
        let ending = try await Program.run(
            try builtProgram("locktop"), command + [address], environment: ["HOME": "/nonexistent"])
        #expect(ending.status == 64, "\(ending)")
        #expect(!ending.description.contains("cret"))
        if address.contains("://") { #expect(ending.errors.contains("stands in your shell's history")) }
    }

    @Test(
        "an address with a slash too few or many is shown as it should be, and nobody is asked",
        arguments: [
            ("http:/intranet.example.org/x", "http://intranet.example.org/x"),
            ("https:intranet.example.org", "https://intranet.example.org"),
            ("https:///intranet.example.org/x", "https://intranet.example.org/x"),
            ("//intranet.example.org/x", "https://intranet.example.org/x"),
        ], [["add", "--yes"], []])
    func slashes(address: (typed: String, meant: String), command: [String]) async throws {
        let ending = try await Program.run(
            try builtProgram("locktop"), command + [address.typed], environment: ["HOME": "/nonexistent"])
        // What begins with a slash is a filter where one may stand.
        let isFilter = command.isEmpty && address.typed.hasPrefix("/")
        #expect(ending.status == (isFilter ? 78 : 64), "\(ending)")
        let told =
            address.typed.hasPrefix("/")
            ? "The scheme is missing: write " : "Behind the scheme there have to be two slashes: write "
        if !isFilter { #expect(ending.errors.contains(told + address.meant + "\n"), "\(ending)") }
    }

    @Test(
        "an address that is not whole is never repeated with what may be a secret in it",
        arguments: [
            "http:/intranet.example.org/x?token=s3cret", "https:///intranet.example.org/x#s3cret",
            "http:/mona:s3cret@intranet.example.org", "intranet.example.org/x?token=s3cret",
            "intranet.example.org/x#s3cret",
        ], [["add", "--yes"], []])
    func secretInAddress(address: String, command: [String]) async throws {
        let ending = try await Program.run(
            try builtProgram("locktop"), command + [address], environment: ["HOME": "/nonexistent"])
        #expect(ending.status == 64, "\(ending)")
        #expect(!ending.description.contains("s3cret"))
    }

    @Test(
        "plain http to another machine is refused before a password is revealed, whatever is said and found there",
        arguments: [[], ["--kind", "webdav"]])
    func plain(words: [String]) async throws {
        let home = try Office.makeFolder()
        // All names are reached through it, and all are closed.
        let proxy = try StubServer(
            answer: "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"Staff\"\r\nContent-Length: 0\r\n"
                + "Connection: close\r\n\r\n")
        let ending = try await Program.run(
            try builtProgram("locktop"),
            ["add", "share", "http://files.example.org/dav", "--user", "mona", "--yes"]
                + ["--password-command", "touch \(home)/revealed; echo s3cret"] + words,
            environment: ["HOME": home, "PATH": "/usr/bin:/bin", "http_proxy": "http://127.0.0.1:\(proxy.port)"])
        #expect(ending.status == 78, "\(ending)")
        #expect(
            ending.errors
                == "locktop: share: plain `http://` to `files.example.org` sends secrets readable by everybody on the way; "
                + "write `https://`, or `insecure_http: true` if you must\n", "\(ending)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: home) == [])
        try? FileManager.default.removeItem(atPath: home)
    }
}
