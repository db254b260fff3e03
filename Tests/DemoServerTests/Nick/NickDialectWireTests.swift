// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

@Suite("The demo's Nick on the wire")
struct NickDialectWireTests {
    private static let item = "/news/my-news-item"
    private static let lock = item + "/@lock"

    // MARK: Rules of the wire

    @Test("A missing right is 401 for nobody and 403 for somebody, and always 401 in July 2022")
    func refuses() async throws {
        for release in NickOptions.Release.allCases {
            let desk = try await NickDesk { $0.nick.release = release }
            let mallory = try await desk.token("mallory")
            let isOld = release == .july2022
            let text: JSON =
                isOld
                ? "You are not authorization to access this resource."
                : "You are not authorized to access this resource."
            let nobody = await desk.ask("POST", Self.lock)
            #expect(nobody.status == 401)
            #expect(nobody.json == ["message": text])
            let somebody = await desk.ask("POST", Self.lock, as: mallory)
            #expect(somebody.status == (isOld ? 401 : 403))
            #expect(await desk.ask("GET", "/nope").json["error"] == (isOld ? "Not found." : "Not found: /nope"))
        }
    }

    @Test("Owning an item gives no right to change it")
    func ownsNothing() async throws {
        let desk = try await NickDesk()
        try await desk.core.perform(
            .add(path: "/news/own", type: "Document", title: "Own", state: "private", by: "carol"))
        let carol = try await desk.token("carol")
        #expect(await desk.ask("GET", "/news/own", as: carol).status == 200)
        #expect(await desk.ask("POST", "/news/own/@lock", as: carol).status == 403)
    }

    @Test("A body counts only as JSON, and broken JSON is a page")
    func readsBodies() async throws {
        let desk = try await NickDesk()
        let alice = try await desk.token("alice")
        let plain = await desk.ask(
            "POST", Self.lock, as: alice, body: #"{"timeout":60}"#, headers: ["Content-Type": "text/plain"])
        #expect(plain.json["timeout"] == 600)
        let broken = await desk.ask("PATCH", Self.lock, as: alice, body: "{")
        #expect(broken.status == 400)
        #expect(broken.response.headers["Content-Type"]?.contains("html") ?? false)
        #expect(await desk.ask("POST", "/@login").status == 500)
    }

    @Test("A bad token is nobody, and one that was revoked is one; in July 2022 nothing is revoked")
    func knowsTokens() async throws {
        for release in NickOptions.Release.allCases {
            let desk = try await NickDesk { $0.nick.release = release }
            let alice = try await desk.token("alice")
            #expect(await desk.ask("GET", Self.item, as: "x").status == 200)
            #expect(await desk.ask("POST", Self.lock, as: alice + "x").status == 401)
            #expect(await desk.ask("POST", "/@logout", as: alice).status == 204)
            #expect(await desk.ask("POST", Self.lock, as: alice).status == (release == .july2022 ? 200 : 401))
            let fresh = try await desk.token("bob")
            await desk.core.advance(by: release == .july2022 ? 43_201 : 7_201)
            #expect(await desk.ask("PATCH", "/news/other/@lock", as: fresh).status == 401)
        }
    }

    @Test("A moved item is 301 for every method, with a path alone", arguments: ["GET", "POST", "PATCH", "DELETE"])
    func redirects(_ method: String) async throws {
        let desk = try await NickDesk()
        try await desk.core.perform(.move(path: Self.item, to: "/newsletter/there"))
        let answer = await desk.ask(method, Self.lock)
        #expect(answer.status == 301)
        #expect(answer.response.headers["Location"] == "/newsletter/there/@lock")
        #expect(answer.response.body.isEmpty)
    }

    @Test("What has not changed since is 304, unless the request insists")
    func marks() async throws {
        let desk = try await NickDesk()
        let tag = try #require(await desk.ask("GET", "/news").response.headers["ETag"])
        #expect(tag.hasPrefix("W/\""))
        let same = await desk.ask("GET", "/news", headers: ["If-None-Match": tag])
        #expect(same.status == 304)
        #expect(same.response.body.isEmpty)
        let forced = await desk.ask("GET", "/news", headers: ["If-None-Match": tag, "Cache-Control": "no-cache"])
        #expect(forced.status == 200)
        await desk.ask("POST", Self.lock, as: try await desk.token("alice"))
        #expect(await desk.ask("GET", "/news", headers: ["If-None-Match": tag]).status == 200)
    }

    @Test("Refusals come in the language that is asked for, if the site has it")
    func translates() async throws {
        let desk = try await NickDesk()
        let (alice, bob) = (try await desk.token("alice"), try await desk.token("bob"))
        await desk.ask("POST", Self.lock, as: alice)
        let dutch = await desk.ask("POST", Self.lock, as: bob, headers: ["Accept-Language": "nl-BE, en"])
        #expect(dutch.refusalType == "Al op slot")
        let other = await desk.ask("POST", Self.lock, as: bob, headers: ["Accept-Language": "xx"])
        #expect(other.refusalType == "Already locked")
    }

    @Test("Unknown calls are children that are not there; an unknown method is a page")
    func knowsNoOthers() async throws {
        let desk = try await NickDesk()
        let unknown = await desk.ask("GET", "/news/@workingcopy")
        #expect(unknown.status == 404)
        #expect(unknown.json == ["error": "Not found: /news/@workingcopy"])
        let put = await desk.ask("PUT", "/news/@lock")
        #expect(put.status == 404)
        #expect(String(decoding: put.response.body, as: UTF8.self).contains("Cannot PUT /news/@lock"))
        #expect(await desk.ask("GET", "/++api++/news").status == 404)
        let hosted = "/VirtualHostBase/http/www.example.org:80/++api++/VirtualHostRoot/news"
        #expect(await desk.ask("GET", hosted).status == 200)
    }

    // MARK: Limits and searches

    @Test("The sixth sign-in of a quarter of an hour is refused, and says when the next may come")
    func limitsSignIns() async throws {
        let desk = try await NickDesk()
        var last = await desk.ask("POST", "/@login", body: #"{"login":"alice","password":"alice-pw"}"#)
        #expect(last.response.headers["RateLimit-Policy"] == "5;w=900")
        #expect(last.response.headers["RateLimit-Remaining"] == "4")
        for _ in 0..<5 { last = await desk.ask("POST", "/@login-renew") }
        #expect(last.status == 429)
        #expect(last.json == ["message": "Too many authentication attempts"])
        #expect(last.response.headers["Retry-After"] == "900")
        await desk.core.advance(by: 900)
        #expect(await desk.ask("POST", "/@login-renew").status == 401)
        let free = try await NickDesk { $0.nick.isLimited = false }
        for _ in 0..<20 { _ = try await free.token("alice") }
    }

    @Test("The hundred and first search is refused, and locks are read on")
    func limitsSearches() async throws {
        let desk = try await NickDesk()
        for _ in 0..<100 { #expect(await desk.ask("GET", "/@search").status == 200) }
        let over = await desk.ask("GET", "/@search")
        #expect(over.status == 429)
        #expect(over.json == ["message": "Too many requests"])
        #expect(await desk.ask("GET", Self.lock).status == 200)
        #expect(await desk.ask("GET", "/news").response.headers["RateLimit-Limit"] == nil)
    }

    @Test("A search goes by the text of the path, its total is the page's length, and it tells no locks")
    func searches() async throws {
        let desk = try await NickDesk()
        let news = await desk.ask("GET", "/news/@search?sort_on=path")
        #expect(news.paths == ["/news", "/news/my-news-item", "/news/other", "/newsletter", "/newsletter/first"])
        let page = await desk.ask("GET", "/@search?sort_on=path&b_size=2&b_start=1")
        #expect(page.paths == ["/news", "/news/my-news-item"])
        #expect(page.json["items_total"] == 2)
        #expect(page.json["batching"] == nil)
        #expect(page.json["items"]?.elements?.allSatisfy { $0["lock"] == nil } ?? false)
        let direct = await desk.ask("GET", "/news/@search?path.depth=1&sort_on=path&sort_order=x")
        #expect(direct.paths == ["/news/other", "/news/my-news-item"])
        let document = try NickDocument("search/get_batch").answer["items"]?.elements?.first
        let missing = Set(document?.fields?.map(\.key) ?? []).subtracting(
            page.json["items"]?.elements?.first?.fields?.map(\.key) ?? [])
        #expect(missing == [])
    }

    @Test("Words are joined by an ampersand, and what breaks the query breaks the call")
    func searchesWords() async throws {
        let desk = try await NickDesk()
        #expect(await desk.ask("GET", "/@search?SearchableText=other*").paths == ["/news/other"])
        #expect(await desk.ask("GET", "/@search?SearchableText=other%20%26%20page").paths == ["/news/other"])
        for query in ["SearchableText=other+page", "path.depth=0", "UID=1", "portal_type=Page&portal_type=Folder"] {
            let broken = await desk.ask("GET", "/@search?" + query)
            #expect(broken.status == 500, "\(query)")
            #expect(broken.json == ["message": "Internal server error"])
        }
        let either = await desk.ask(
            "POST", "/@querystring-search",
            body: #"{"query":[{"i":"portal_type","o":"selection.any","v":["Page","Folder"]}],"sort_on":"path"}"#)
        #expect(either.paths.count == 5)
        #expect(await desk.ask("POST", "/@querystring-search", body: "{}").status == 500)
    }

    // MARK: People

    @Test(
        "People hold and release, and nobody checks anything out: there is no such thing", arguments: Scenario.allCases)
    func hasPeople(_ scenario: Scenario) async throws {
        let core = Core(DemoOptions(dialect: .nick, documents: 60, scenario: scenario, speed: 0))
        func held() async throws -> [String: String] {
            var held: [String: String] = [:]
            for folder in ["docs", "news", "legal", "meetings", "finance", "team"] {
                let answer = await core.answer(Request("GET", "http://x/\(folder)/section-01"))
                for item in try JSON(reading: answer.body)["items"]?.elements ?? [] {
                    let id = try #require(item["@id"]?.text)
                    #expect(!id.contains("copy_of_"))
                    if item["lock"]?["locked"] == .bool(true) { held[id] = item["lock"]?["token"]?.text }
                }
            }
            return held
        }
        let before = try await held()
        #expect(!before.isEmpty)
        for _ in 0..<10 { await core.advance(by: 60) }
        #expect(try await held() != before)
    }
}
