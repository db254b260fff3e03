// SPDX-License-Identifier: MIT
import HTTP
import LockSystems
import Locks
import Testing

@Suite("Where a repository's locks are")
struct GitLFSAddressTests {
    @Test(
        "The endpoint is found from the repository's address, as git clones it or as it stands",
        arguments: [
            ("https://h.example/org/repo", "https://h.example/org/repo.git/info/lfs/locks"),
            ("https://h.example/org/repo.git", "https://h.example/org/repo.git/info/lfs/locks"),
            ("https://h.example/org/sub/repo.git/", "https://h.example/org/sub/repo.git/info/lfs/locks"),
            ("https://h.example/org/repo/info/lfs", "https://h.example/org/repo/info/lfs/locks"),
            ("https://h.example/org/repo.git/info/lfs/", "https://h.example/org/repo.git/info/lfs/locks"),
            ("https://lfs.h.example:8443", "https://lfs.h.example:8443/info/lfs/locks"),
        ])
    func found(_ address: String, _ endpoint: String) async throws {
        let script = try GitLFSScript(url: address) { _ in GitLFSScript.json(#"{"ours":[],"theirs":[],"locks":[]}"#) }
        _ = try await script.system.items(after: nil)
        #expect(script.transport.requests.map(\.url) == [endpoint + "/verify"])
        #expect(!script.system.webAddress(of: Item(id: "a", path: "/a", title: "a")).contains(".git"))
    }

    @Test("An endpoint elsewhere wins, and the page stays the repository's")
    func elsewhere() async throws {
        let script = try GitLFSScript(
            url: "https://h.example/org/repo.git", { $0.options["lfs_url"] = .text("https://lfs.h.example/store/") }
        ) { _ in GitLFSScript.json(#"{"ours":[],"theirs":[]}"#) }
        _ = try await script.system.items(after: nil)
        #expect(script.transport.requests[0].url == "https://lfs.h.example/store/locks/verify")
        let item = Item(id: "a", path: "/a", title: "a")
        #expect(script.system.webAddress(of: item) == "https://h.example/org/repo")
    }

    @Test("What is asked for is the media type and nothing besides, and the branch only where one is named")
    func headers() async throws {
        for ref in [nil, "refs/heads/main"] {
            let script = try GitLFSScript({ $0.options.put("ref", ref) }) { request in
                GitLFSScript.json(
                    request.method == "GET"
                        ? #"{"locks":[]}"# : #"{"lock":{"id":"1","path":"a b#c"},"ours":[],"theirs":[]}"#)
            }
            let row = try await script.system.find("/a b#c")
            try await script.system.lock(row.item, .standard)
            _ = try await script.system.items(after: nil)
            let requests = script.transport.requests
            #expect(requests.allSatisfy { $0.headers.all("Accept") == ["application/vnd.git-lfs+json"] })
            let types = requests.map { $0.headers["Content-Type"] }
            #expect(types == [nil, "application/vnd.git-lfs+json", "application/vnd.git-lfs+json"])
            let refspec = ref == nil ? "" : "&refspec=refs%2Fheads%2Fmain"
            #expect(requests[0].url.hasSuffix("/locks?path=a%20b%23c" + refspec))
            let named = ref == nil ? "" : #","ref":{"name":"refs/heads/main"}"#
            #expect(String(decoding: requests[1].body ?? [], as: UTF8.self) == #"{"path":"a b#c"\#(named)}"#)
            #expect(String(decoding: requests[2].body ?? [], as: UTF8.self) == "{\(named.dropFirst())}")
            #expect(requests.map(\.purpose) == [.read, .change, .read])
        }
    }

    @Test("A host that shows no locks to strangers is known by its media type, and a page that is none is not")
    func signs() async throws {
        let refusal = GitLFSScript.json(#"{"message":"Credentials needed"}"#, status: 401)
        var bare = Response(status: 401, headers: ["LFS-Authenticate": "Basic realm=\"Git LFS\""])
        for answer in [refusal, bare] {
            #expect(try await Self.kind("https://h.example/org/repo", answer) == "gitlfs")
        }
        bare.headers["LFS-Authenticate"] = nil
        #expect(try await Self.kind("https://h.example/org/repo", bare) == nil)
        #expect(try await Self.kind("https://h.example/org/repo", GitLFSScript.json("{}")) == nil)
        #expect(try await Self.kind("https://h.example", refusal) == nil)
    }

    /// The kind that is found where only the endpoint of `org/repo` answers so, and everything else is not there.
    private static func kind(_ address: String, _ answer: Response) async throws -> String? {
        let transport = MemoryTransport { request in
            request.url.hasPrefix("https://h.example/org/repo.git/info/lfs/locks?") ? answer : Response(status: 404)
        }
        do {
            let finding = try await Detection(over: transport).look(at: try WebAddress(address))
            guard case .found(let kind, _) = finding else { return nil }
            return kind.word
        } catch is LockError {
            return nil
        }
    }
}
