// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

@Suite("Content, working copies and listings")
struct ContentTests {
    @Test("the old path of a moved item leads to the new one, its lock with it")
    func moved() async throws {
        let desk = try await Desk()
        await desk.ask("POST", "/docs/one/@lock", as: "alice")
        try await desk.core.perform(.move(path: "/docs/one", to: "/docs/uno"))
        let get = await desk.ask("GET", "/docs/one/@lock")
        #expect(get.status == 302 && get.response.headers["Location"] == "http://demo/Plone/docs/uno/@lock")
        let post = await desk.ask("POST", "/++api++/docs/one/@lock", as: "bob")
        #expect(post.status == 307)
        #expect(post.response.headers["Location"] == "http://demo/Plone/++api++/docs/uno/@lock")
        #expect(await desk.ask("GET", "/docs/uno/@lock").holder == "alice")
        try await desk.core.perform(.remove(path: "/docs/uno"))
        #expect(await desk.ask("GET", "/docs/one/@lock").status == 404)
    }

    @Test("acquisition, when it is on, finds a wrong path's name in a folder above")
    func acquisition() async throws {
        let strict = try await Desk()
        #expect(await strict.ask("GET", "/docs/two/one/@lock").status == 404)
        let loose = try await Desk { $0.acquisition = true }
        #expect(await loose.ask("GET", "/docs/two/one").json["@id"]?.text == "http://demo/Plone/docs/one")
    }

    @Test(
        "a request that does not ask for JSON alone is none of the REST calls",
        arguments: [("", 404), ("*/*", 404), ("application/json, text/plain", 404), ("application/json;q=0.9", 200)])
    func accept(_ accept: String, _ status: Int) async throws {
        let desk = try await Desk()
        let answer = await desk.ask("GET", "/docs/one/@lock", headers: ["Accept": accept])
        #expect(answer.status == status)
        #expect(status == 200 || answer.json["error_type"]?.text == "NotFound")
        #expect(await desk.ask("GET", "/++api++/docs/one/@lock", headers: ["Accept": accept]).status == 200)
    }

    @Test("a token is good until it expires; the cookie counts before it")
    func tokens() async throws {
        let desk = try await Desk { $0.tokenLifetime = 60 }
        let login = await desk.ask("POST", "/@login", #"{"login": "bob", "password": "bob-pw"}"#)
        let alice = await desk.ask("POST", "/@login", #"{"login": "alice", "password": "alice-pw"}"#)
        let bearer: Headers = ["Authorization": "Bearer \(login.token ?? "")"]
        var both = bearer
        both["Cookie"] = alice.response.headers["Set-Cookie"].map { String($0.prefix { $0 != ";" }) }
        #expect(await desk.ask("POST", "/docs/one/@lock", headers: bearer).holder == "bob")
        #expect(await desk.ask("POST", "/docs/two/@lock", headers: both).holder == "alice")
        await desk.core.advance(by: 61)
        #expect(await desk.ask("POST", "/@login-renew", headers: bearer).status == 401)
        #expect(await desk.ask("POST", "/docs/three/@lock", headers: bearer).status == 401)
        var forged = bearer
        forged["Authorization"] = "Bearer \(login.token?.dropLast(3) ?? "")abc"
        #expect(await desk.ask("POST", "/docs/three/@lock", headers: forged).status == 401)
    }

    @Test("a copy deleted as content unlocks the original, which then loses sight of its later copies")
    func brokenRelation() async throws {
        let desk = try await Desk()
        await desk.ask("POST", "/docs/one/@workingcopy", as: "alice")
        #expect(await desk.ask("DELETE", "/docs/copy_of_one", as: "alice").status == 204)
        #expect(await desk.ask("GET", "/docs/one/@lock").isLocked == false)
        #expect(await desk.ask("POST", "/docs/one/@workingcopy", as: "alice").status == 201)
        #expect(await desk.ask("GET", "/docs/one/@workingcopy", as: "alice").json["working_copy"] == .null)
        #expect(await desk.ask("PATCH", "/docs/one/@workingcopy", as: "alice").status == 500)
        #expect(await desk.ask("PATCH", "/docs/copy_of_one/@workingcopy", as: "alice").status == 204)
        #expect(await desk.ask("GET", "/docs/one/@lock").isLocked == false)
    }

    @Test("an unlocked original with a copy can't be checked out again until that is discarded")
    func unlockedOriginal() async throws {
        let desk = try await Desk()
        await desk.ask("POST", "/docs/one/@workingcopy", as: "alice")
        try await desk.core.perform(.unlock(path: "/docs/one"))
        #expect(await desk.ask("POST", "/docs/one/@workingcopy", as: "bob").status == 403)
        #expect(await desk.ask("DELETE", "/docs/one/@workingcopy", as: "bob").status == 204)
        #expect(await desk.ask("POST", "/docs/one/@workingcopy", as: "bob").status == 201)
    }

    @Test("actions show what is possible now: no edit of what a stranger holds, check-in on a copy")
    func actions() async throws {
        let desk = try await Desk()
        func ids(_ path: String, _ user: String, _ group: String) async -> [String] {
            let answer = await desk.ask("GET", path + "/@actions", as: user)
            return answer.json[group]?.elements?.compactMap { $0["id"]?.text } ?? []
        }
        #expect(await ids("/docs/one", "bob", "object").contains("edit"))
        await desk.ask("POST", "/docs/one/@lock", as: "alice")
        #expect(await !ids("/docs/one", "bob", "object").contains("edit"))
        #expect(await ids("/docs/one", "alice", "object").contains("edit"))
        #expect(await ids("/docs/two", "bob", "object_buttons") == ["iterate_checkout"])
        await desk.ask("POST", "/docs/two/@workingcopy", as: "alice")
        #expect(await ids("/docs/copy_of_two", "bob", "object_buttons").first == "iterate_checkin")
    }

    @Test("a listing has what it was asked for")
    func listing() async throws {
        let desk = try await Desk()
        try await desk.core.perform(
            .add(path: "/docs/news", type: "News Item", title: "Zebra", state: "private", by: "alice"))
        func titles(_ query: String, as user: String? = "alice") async -> [String] {
            let answer = await desk.ask("GET", "/@search?" + query, as: user)
            return answer.json["items"]?.elements?.compactMap { $0["title"]?.text } ?? ["no listing"]
        }
        #expect(
            await titles("portal_type=Document&portal_type=News%20Item&sort_on=path") == [
                "Zebra", "one", "three", "two",
            ])
        #expect(await titles("portal_type=News+Item", as: nil) == [])
        #expect(
            await titles("path=/Plone/docs&path.depth=1&sort_on=sortable_title&sort_order=descending").first == "Zebra")
        #expect(await titles("path=/docs") == [])
        #expect(await titles("path=/Plone/docs/o") == [])
        #expect(await titles("Creator=alice") == ["Zebra"])
        #expect(await titles("review_state=private") == ["Zebra"])
        #expect(await titles("SearchableText=zeb*") == ["Zebra"])
        #expect(await titles("sort_on=path&sort_limit=2") == ["Documents", "Zebra"])
        #expect(await titles("nonsense=1&portal_type=Document").count == 3)
        #expect(await desk.ask("GET", "/@search?SearchableText=*", as: "alice").json == [])
        #expect(await desk.ask("GET", "/@search?b_size=-1").status == 500)
        #expect(await desk.ask("GET", "/@search?b_start=9223372036854775807&b_size=9223372036854775807").status == 200)
        #expect(await titles("fullobjects=0&portal_type=News%20Item") == ["Zebra"])
    }

    @Test("the top address and the page links of a listing keep ++api++, the items' do not")
    func alias() async throws {
        let desk = try await Desk()
        let body = await desk.ask("GET", "/++api++/@search?portal_type=Document&b_size=1&sort_on=path").json
        #expect(body["@id"]?.text == "http://demo/Plone/++api++/@search?portal_type=Document")
        #expect(
            body["batching"]?["next"]?.text
                == "http://demo/Plone/++api++/@search?b_start=1&portal_type=Document&b_size=1&sort_on=path")
        #expect(body["items"]?.elements?.first?["@id"]?.text == "http://demo/Plone/docs/one")
    }

    @Test("content is made, renamed, copied and deleted, each by whoever may")
    func content() async throws {
        let desk = try await Desk()
        let made = await desk.ask("POST", "/docs", as: "alice", #"{"@type": "Document", "title": "A new page"}"#)
        #expect(made.status == 201 && made.json["@id"]?.text == "http://demo/Plone/docs/a-new-page")
        #expect(await desk.ask("POST", "/docs", as: "erin", #"{"@type": "Document"}"#).status == 401)
        #expect(await desk.ask("PATCH", "/docs/a-new-page", as: "alice", #"{"id": "old-page"}"#).status == 204)
        #expect(await desk.ask("GET", "/docs/a-new-page", as: "alice").status == 302)
        #expect(await desk.ask("PATCH", "/docs/old-page", as: "alice", #"{"title": 5}"#).status == 400)
        #expect(await desk.ask("DELETE", "/docs/old-page", as: "carol").status == 401)
        #expect(await desk.ask("DELETE", "/docs/old-page", as: "alice").status == 204)
        #expect(await desk.ask("GET", "/docs/old-page", as: "alice").status == 404)
    }

    @Test("an id is made of a title's plain letters")
    func slugs() {
        #expect(DemoSite.slug("Überprüfung, São Paulo!") == "uberprufung-sao-paulo")
        #expect(DemoSite.slug("議事録") == "item")
    }

    @Test("people are shown to themselves and to administrators; the system to these alone")
    func people() async throws {
        let desk = try await Desk()
        #expect(await desk.ask("GET", "/@users/bob", as: "bob").json["fullname"]?.text == "Bob Builder")
        #expect(await desk.ask("GET", "/@users/bob", as: "alice").status == 401)
        #expect(await desk.ask("GET", "/@users/bob", as: "manager").status == 200)
        try await desk.core.perform(.removeAccount("bob"))
        #expect(await desk.ask("GET", "/@users/bob", as: "manager").status == 404)
        #expect(await desk.ask("GET", "/@users?query=zo", as: "manager").json.elements?.count == 1)
        #expect(await desk.ask("GET", "/@system", as: "admin").json["plone_version"]?.text == "6.2.2")
        #expect(await desk.ask("GET", "/@system", as: "alice").status == 401)
        #expect(await desk.ask("GET", "/@site").status == 200)
        #expect(await desk.ask("GET", "/docs/@site").status == 404)
        #expect(await desk.ask("GET", "/@controlpanels/editing", as: "alice").status == 401)
        let types = await desk.ask("GET", "/@types", as: "alice").json.elements ?? []
        #expect(types.contains { $0["id"]?.text == "News Item" })
    }

    @Test("what is private is shown to nobody who may not see it, in any call")
    func hidden() async throws {
        let desk = try await Desk()
        await desk.ask("POST", "/docs/one/@workflow/retract", as: "manager")
        for service in ["", "/@lock", "/@workingcopy", "/@actions", "/@history", "/@workflow"] {
            #expect(await desk.ask("GET", "/docs/one" + service, as: "mallory").status == 401)
        }
        #expect(await desk.ask("GET", "/docs", as: "mallory").json["items_total"] == 2)
    }
}
