// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

@Suite("The Graph dialect")
struct GraphDialectTests {
    @Test("Refusals look as they were written down: status, code, message and fields")
    func refusals() async throws {
        let desk = try await GraphDesk()
        let (alice, bob) = (await desk.token("alice"), await desk.token("bob"))
        let (file, mallory) = (await desk.file("one", alice), await desk.token("mallory"))
        await desk.ask("POST", "/v1.0\(file)/checkout", as: alice)
        let cases = [
            ("401", await desk.ask("GET", "/v1.0/me", as: "nonsense")),
            ("403", await desk.ask("POST", "/v1.0\(file)/checkout", as: mallory)),
            ("404", await desk.ask("GET", "/v1.0/drives/b!nothing", as: alice)),
            (
                "400-not-checked-out",
                await desk.ask("POST", "/v1.0\(await desk.file("two", bob))/discardCheckout", as: bob)
            ),
            ("423-checked-out-by-other", await desk.ask("POST", "/v1.0\(file)/discardCheckout", as: bob)),
            ("500-checkout-held", await desk.ask("POST", "/v1.0\(file)/checkout", as: bob)),
        ]
        for (name, answer) in cases {
            let recorded = try GraphDesk.recording("error-" + name)
            #expect(String(answer.status) == name.prefix(3))
            #expect(answer.error?["code"] == recorded["error"]?["code"])
            #expect(answer.error?["message"] == recorded["error"]?["message"])
            #expect(answer.json.shape == recorded.shape)
        }
    }

    @Test("The holder's second check-out agrees, and by the switch does not")
    func again() async throws {
        for isRefusing in [false, true] {
            let desk = try await GraphDesk { $0.graph.refusesSecondCheckout = isRefusing }
            let token = await desk.token("alice")
            let file = await desk.file("one", token)
            #expect(await desk.ask("POST", "/v1.0\(file)/checkout", as: token).status == 204)
            #expect(await desk.ask("POST", "/v1.0\(file)/checkout", as: token).status == (isRefusing ? 400 : 204))
        }
    }

    @Test("An item that is held looks as it was written down, and the facet comes only when it is selected")
    func facet() async throws {
        let desk = try await GraphDesk()
        let token = await desk.token("bob")
        let file = await desk.file("one", token)
        await desk.ask("POST", "/v1.0\(file)/checkout", as: token)
        let select =
            "?$select=id,name,size,eTag,lastModifiedDateTime,lastModifiedBy,webUrl,parentReference,file,publication"
        let held = await desk.ask("GET", "/v1.0\(file)\(select)", as: token).json
        let recorded = try GraphDesk.recording("item-checked-out")
        #expect(held.shape.union(["@odata.type"]) == recorded.shape)
        #expect(held["publication"]?["checkedOutBy"]?["user"]?["displayName"]?.text == "Bob Builder")
        #expect(await desk.ask("GET", "/v1.0\(file)", as: token).json["publication"] == nil)
        let free = await desk.ask("GET", "/v1.0\(await desk.file("two", token))?$select=id,publication", as: token).json
        #expect(free["publication"]?["level"]?.text == "published")
    }

    @Test("An application's token has no “me”, and discards anybody's check-out; a check-in asks for its content type")
    func application() async throws {
        let desk = try await GraphDesk()
        let (bob, program) = (await desk.token("bob"), await desk.token(nil))
        let file = await desk.file("one", bob)
        #expect(await desk.ask("GET", "/v1.0/me", as: program).status == 400)
        await desk.ask("POST", "/v1.0\(file)/checkout", as: bob)
        #expect(await desk.ask("POST", "/v1.0\(file)/checkin", as: program, "{}").status == 423)
        #expect(await desk.ask("POST", "/v1.0\(file)/checkin", as: bob).status == 415)
        #expect(await desk.ask("POST", "/v1.0\(file)/microsoft.graph.discardCheckout", as: program).status == 204)
        #expect(await desk.ask("POST", "/v1.0\(file)/checkin", as: bob, #"{"comment":"x"}"#).status == 400)
    }

    @Test("The beta's lock answers as written down, is replaced by a refresh, and runs out; 1.0 has none")
    func betaLock() async throws {
        let desk = try await GraphDesk()
        let (alice, bob) = (await desk.token("alice"), await desk.token("bob"))
        let file = await desk.file("one", alice)
        let taken = await desk.ask("POST", "/beta\(file)/lock", as: alice, #"{"durationMinutes":30}"#).json
        #expect(try taken.shape.union(["@odata.context"]) == (GraphDesk.recording("beta-lock-200-acquired")).shape)
        let other = await desk.ask("POST", "/beta\(file)/lock", as: bob, #"{"durationMinutes":30}"#)
        #expect(try other.json.shape == (GraphDesk.recording("error-409-locked-by-other")).shape && other.status == 409)
        await desk.core.advance(by: 600)
        let again = await desk.ask("POST", "/beta\(file)/lock", as: alice, #"{"durationMinutes":10}"#).json
        #expect(again["createdDateTime"] == taken["createdDateTime"])
        #expect((again["expirationDateTime"]?.text ?? "") < (taken["expirationDateTime"]?.text ?? ""))
        for body in ["{}", #"{"durationMinutes":31}"#, #"{"durationMinutes":0}"#] {
            #expect(await desk.ask("POST", "/beta\(file)/lock", as: alice, body).status == 400)
        }
        let segment = await desk.ask("POST", "/v1.0\(file)/lock", as: alice, #"{"durationMinutes":1}"#)
        #expect(segment.error?["message"]?.text == "Resource not found for the segment 'lock'.")
        #expect(await desk.ask("POST", "/beta\(file)/releaseLock", as: bob).status == 409)
        await desk.core.advance(by: 601)
        #expect(await desk.ask("POST", "/beta\(file)/releaseLock", as: alice).status == 409)
        let unlocked = await desk.ask("GET", "/beta\(file)?$select=id,lockInfo", as: alice).json["lockInfo"]
        #expect(try unlocked == (GraphDesk.recording("beta-item-unlocked"))["lockInfo"])
    }

    @Test("A code is pending, then confirmed by itself; the answers look as written down")
    func deviceCode() async throws {
        let desk = try await GraphDesk { $0.graph.slowsFirstPoll = true }
        let answer = await desk.form("devicecode", [("client_id", GraphDesk.application), ("scope", "offline_access")])
        #expect(try answer.json.shape == (GraphDesk.recording("oauth-devicecode")).shape)
        let code = answer.json["device_code"]?.text ?? ""
        let slow = await desk.poll(code)
        #expect(try slow.status == 400 && slow.json == (GraphDesk.recording("oauth-slow-down")))
        let done = await desk.poll(code)
        #expect(try done.json.shape == (GraphDesk.recording("oauth-token-delegated")).shape)
        let old = done.json["refresh_token"]?.text ?? ""
        let fields = [("grant_type", "refresh_token"), ("client_id", GraphDesk.application), ("refresh_token", old)]
        #expect(await desk.form("token", fields).status == 200)
        let second = await desk.form("token", fields)
        #expect(second.json["error"]?.text == "invalid_grant")
        #expect(try second.json.shape == (GraphDesk.recording("oauth-invalid-grant")).shape)
        #expect(await desk.poll("other").json["error"]?.text == "bad_verification_code")
    }

    @Test("Pending, declined and expired are told by their words")
    func confirmation() async throws {
        let waiting = try await GraphDesk { $0.graph.confirmation = .ignores }
        let fields = [("client_id", GraphDesk.application), ("scope", "x")]
        let code = await waiting.form("devicecode", fields).json["device_code"]?.text ?? ""
        #expect(try await waiting.poll(code).json.shape == (GraphDesk.recording("oauth-authorization-pending")).shape)
        await waiting.core.advance(by: 901)
        #expect(await waiting.poll(code).json["error"]?.text == "expired_token")
        let declining = try await GraphDesk { $0.graph.confirmation = .declines }
        let other = await declining.form("devicecode", fields).json["device_code"]?.text ?? ""
        #expect(await declining.poll(other).json["error"]?.text == "authorization_declined")
    }

    @Test("A batch answers in another order, each part for itself, and takes at most twenty")
    func batch() async throws {
        let desk = try await GraphDesk { $0.graph.throttledPart = 2 }
        let token = await desk.token("alice")
        let file = await desk.file("one", token)
        let body = """
            {"requests":[{"id":"1","method":"POST","url":"\(file)/checkout","headers":{"Content-Type":"application/json"},"body":{}},
            {"id":"2","method":"GET","url":"\(file)"},{"id":"3","method":"GET","url":"/nothing"}]}
            """
        let parts = await desk.ask("POST", "/v1.0/$batch", as: token, body).json["responses"]?.elements ?? []
        #expect(parts.map { $0["id"]?.text } == ["3", "2", "1"])
        #expect(parts.map { $0["status"] } == [.int(400), .int(429), .int(204)])
        #expect(parts[1]["headers"]?["Retry-After"]?.text == "2.128")
        #expect(parts[2]["body"] == nil)
        let many = (1...21).map { #"{"id":"\#($0)","method":"GET","url":"/me"}"# }.joined(separator: ",")
        #expect(await desk.ask("POST", "/v1.0/$batch", as: token, "{\"requests\":[\(many)]}").status == 400)
    }

    @Test("Changes since a token: what is new, what is gone without its name, and a check-out only by the switch")
    func delta() async throws {
        for isSeeing in [false, true] {
            let desk = try await GraphDesk { $0.graph.deltaSeesCheckout = isSeeing }
            let token = await desk.token("alice")
            let file = await desk.file("one", token)
            let drive = file.split(separator: "/").prefix(2).map { "/" + $0 }.joined()
            let whole = await desk.ask("GET", "/v1.0\(drive)/root/delta?$top=3", as: token)
            #expect(whole.value.count == 3)
            #expect(whole.value[1]["parentReference"]?["path"] == nil)
            let rest = await desk.ask("GET", whole.json["@odata.nextLink"]?.text ?? "", as: token)
            let link = rest.json["@odata.deltaLink"]?.text ?? ""
            #expect(rest.value.count == 2)
            #expect(await desk.ask("GET", link, as: token).value.isEmpty)
            await desk.ask("POST", "/v1.0\(file)/checkout", as: token)
            #expect(await desk.ask("GET", link, as: token).value.count == (isSeeing ? 1 : 0))
            try await desk.core.perform(.remove(path: "/docs/two"))
            let gone = await desk.ask("GET", link, as: token).value.last
            #expect(gone?["deleted"]?["state"]?.text == "deleted" && gone?["name"] == nil)
            let lost = await desk.ask("GET", "/v1.0\(drive)/root/delta?token=old", as: token)
            #expect(lost.status == 410 && lost.response.headers["Location"] != nil)
            #expect(try lost.json.shape == (GraphDesk.recording("error-410-resync")).shape)
        }
    }

    @Test("What Microsoft's own clients ask by is found: a site by its coded address, an empty drive's root by its id")
    func askedByTheirOwn() async throws {
        let desk = try await GraphDesk()
        let token = await desk.token("alice")
        let site = await desk.ask("GET", "/v1.0/sites/harbour.sharepoint.example%3A%2Fsites%2Fharbour", as: token)
        #expect(site.status == 200 && site.json["name"]?.text == "harbour")
        let drive = try #require(await desk.ask("GET", "/v1.0/me/drive", as: token).json["id"]?.text)
        let root = try #require(await desk.ask("GET", "/v1.0/me/drive/root", as: token).json["id"]?.text)
        let children = await desk.ask("GET", "/v1.0/drives/\(drive)/items/\(root)/children", as: token)
        #expect(children.status == 200 && children.value.isEmpty)
    }

    @Test(
        "Changes are asked for with the function's brackets, too, and with its argument within them",
        arguments: ["delta()", "delta%28%29", "microsoft.graph.delta()", "delta(token='')"])
    func deltaWithBrackets(_ name: String) async throws {
        let desk = try await GraphDesk()
        let token = await desk.token("alice")
        let drive = await desk.file("one", token).split(separator: "/").prefix(2).map { "/" + $0 }.joined()
        let whole = await desk.ask("GET", "/v1.0\(drive)/root/\(name)?$top=3", as: token)
        #expect(whole.status == 200 && whole.value.count == 3)
        let rest = await desk.ask("GET", whole.json["@odata.nextLink"]?.text ?? "", as: token)
        #expect(rest.value.count == 2)
        #expect(await desk.ask("GET", rest.json["@odata.deltaLink"]?.text ?? "", as: token).value.isEmpty)
        let latest = await desk.ask("GET", "/v1.0\(drive)/root/delta(token='latest')", as: token)
        #expect(latest.status == 200 && latest.value.isEmpty && latest.json["@odata.deltaLink"] != nil)
        #expect(await desk.ask("GET", "/v1.0\(drive)/root/delta(token='old')", as: token).status == 410)
        #expect(await desk.ask("GET", "/v1.0\(drive)/root/deltas()", as: token).status == 400)
    }

    @Test("The list behind the library names holders by number, and by filter the held ones alone")
    func list() async throws {
        let desk = try await GraphDesk()
        let (bob, program) = (await desk.token("bob"), await desk.token(nil))
        await desk.ask("POST", "/v1.0\(await desk.file("one", bob))/checkout", as: bob)
        let items = "/v1.0/sites/\(GraphDialect.siteID)/lists/\(GraphDialect.listID)/items"
        let filter = "?$filter=fields/CheckoutUserLookupId%20ne%20null&$expand=fields($select=CheckoutUserLookupId)"
        let held = await desk.ask("GET", items + filter, as: program).value
        let number = held.first?["fields"]?["CheckoutUserLookupId"]?.text ?? ""
        #expect(held.count == 1 && Int(number) != nil)
        let user = await desk.ask(
            "GET", "/v1.0/sites/\(GraphDialect.siteID)/lists/User%20Information%20List/items/\(number)", as: program)
        #expect(user.json["fields"]?["Title"]?.text == "Bob Builder")
        #expect(await desk.ask("GET", items, as: program).value.count == 3)
    }

    @Test("Query options that are not known are refused, and what is throttled says for how long")
    func options() async throws {
        let desk = try await GraphDesk { $0.graph.throttleEvery = 3 }
        let token = await desk.token("alice")
        #expect(await desk.ask("GET", "/v1.0/me?$nonsense=1", as: token).status == 400)
        #expect(await desk.ask("GET", "/v1.0/me", as: token).status == 200)
        let told = await desk.ask("GET", "/v1.0/me", as: token)
        #expect(told.status == 429 && told.response.headers["Retry-After"] == "2.128")
    }
}
