// SPDX-License-Identifier: MIT
import HTTP
import Testing

@testable import DemoServer

@Suite("The demo's Nick")
struct NickDialectTests {
    private static let item = "/news/my-news-item"
    private static let lock = item + "/@lock"

    // MARK: As documented

    @Test(
        "Each documented lock call is answered as documented",
        arguments: [
            "post", "post_options", "get", "patch", "delete", "delete_force", "update",
        ])
    func answersAsDocumented(_ name: String) async throws {
        let desk = try await NickDesk()
        let document = try NickDocument("locking/\(name)")
        let admin = try await desk.token("admin")
        var headers = Headers()
        if !["post", "post_options"].contains(name) {
            let held = await desk.ask("POST", Self.lock, as: admin)
            if name == "update" { headers["Lock-Token"] = held.token }
        }
        let answer = await desk.ask(document.method, document.path, as: admin, body: document.body, headers: headers)
        #expect(answer.status == document.status)
        let keys = document.answer.fields?.map(\.key).sorted() ?? []
        #expect(answer.json.fields?.map(\.key).sorted() ?? [] == keys)
        for key in keys where !["created", "time", "token"].contains(key) {
            #expect(answer.json[key] == document.answer[key], "\(key)")
        }
    }

    @Test(
        "Signing in is answered as documented",
        arguments: [
            "login_post_incorrect", "login_post_invalid", "login_post_missing", "login_post_valid",
            "login_renew_post_invalid", "login_renew_post_valid", "logout_post",
        ])
    func signsInAsDocumented(_ name: String) async throws {
        let desk = try await NickDesk()
        let document = try NickDocument("authentication/\(name)")
        let needsToken = name.hasSuffix("renew_post_valid") || name == "logout_post"
        let admin = needsToken ? try await desk.token("admin") : nil
        let answer = await desk.ask(document.method, document.path, as: admin, body: document.body)
        #expect(answer.status == document.status)
        if document.status == 200 {
            #expect(answer.json["token"]?.text?.split(separator: ".").count == 3)
        } else {
            #expect(answer.refusal == document.answer["error"]?["message"]?.text)
            #expect(answer.refusalType == document.answer["error"]?["type"]?.text)
        }
    }

    @Test("Content has the documented keys, and the site's own lock comes with it")
    func showsContent() async throws {
        let desk = try await NickDesk()
        let document = try NickDocument("content/get")
        let answer = await desk.ask("GET", "/news")
        let missing = Set(document.answer.fields?.map(\.key) ?? []).subtracting(answer.json.fields?.map(\.key) ?? [])
        // A running server tells these only of documents that have them.
        #expect(missing == ["blocks", "blocks_layout", "description", "effective", "language"])
        #expect(answer.json["items"]?.elements?.count == 2)
        #expect(answer.json["items"]?.elements?.allSatisfy { $0["lock"] != nil && $0["items"] == nil } ?? false)
        let root = await desk.ask("GET", "/")
        #expect(root.json["lock"] == ["locked": false, "stealable": true])
        #expect(root.json["@id"]?.text == "http://localhost:8080")
        let missingPage = try NickDocument("content/get_notfound").answer
        #expect(await desk.ask("GET", "/random").json == missingPage)
    }

    // MARK: The lock, case by case

    @Test("POST locks what is free, changes nothing of my own lock, and refuses another's with 401")
    func posts() async throws {
        let desk = try await NickDesk()
        let (alice, bob) = (try await desk.token("alice"), try await desk.token("bob"))
        let first = await desk.ask("POST", Self.lock, as: alice, body: #"{"stealable":false,"timeout":3600}"#)
        #expect(first.json["timeout"] == 3600)
        #expect(first.json["creator_name"] == "Alice Ångström")
        let second = await desk.ask("POST", Self.lock, as: alice, body: #"{"timeout":60}"#)
        #expect(second.json == first.json)
        let other = await desk.ask("POST", Self.lock, as: bob)
        #expect(other.status == 401)
        #expect(other.refusalType == "Already locked")
        #expect(other.refusal == "This document is already locked by another user.")
    }

    @Test("PATCH makes a lock of nothing, a new one of mine with standard options, and refuses another's")
    func patches() async throws {
        let desk = try await NickDesk()
        let (alice, bob) = (try await desk.token("alice"), try await desk.token("bob"))
        let first = await desk.ask("PATCH", Self.lock, as: alice, body: #"{"timeout":3600,"stealable":false}"#)
        #expect(first.isLocked)
        await desk.core.advance(by: 5)
        let second = await desk.ask("PATCH", Self.lock, as: alice)
        #expect(second.token != first.token)
        #expect(second.json["timeout"] == 600)
        #expect(second.json["stealable"] == true)
        #expect(second.json["created"] != first.json["created"])
        #expect(await desk.ask("PATCH", Self.lock, as: bob).refusalType == "Already locked")
    }

    @Test(
        "DELETE says unlocked and writes nothing; force helps nobody; another's stored lock is refused, run out or not")
    func deletesNothing() async throws {
        let desk = try await NickDesk()
        let (alice, bob) = (try await desk.token("alice"), try await desk.token("bob"))
        #expect(await desk.ask("DELETE", Self.lock, as: bob).json == ["locked": false, "stealable": true])
        let lock = await desk.ask("POST", Self.lock, as: alice)
        #expect(await desk.ask("DELETE", Self.lock, as: alice).json == ["locked": false, "stealable": true])
        #expect(await desk.ask("GET", Self.lock).token == lock.token)
        for body in [nil, #"{"force":true}"#] {
            let refused = await desk.ask("DELETE", Self.lock, as: bob, body: body)
            #expect(refused.status == 401)
            #expect(refused.refusal == "You don\u{2019}t have permission to unlock this document.")
        }
        await desk.core.advance(by: 601)
        #expect(await desk.ask("GET", Self.lock).isLocked == false)
        #expect(await desk.ask("DELETE", Self.lock, as: bob).status == 401)
        await desk.ask("POST", Self.lock, as: alice, body: #"{"stealable":false}"#)
        #expect(await desk.ask("DELETE", Self.lock, as: alice, body: #"{"force":true}"#).status == 401)
    }

    @Test("The Nick that deletes does so, by force for others if the lock can be stolen")
    func deletes() async throws {
        let desk = try await NickDesk { $0.nick.deletes = true }
        let (alice, bob) = (try await desk.token("alice"), try await desk.token("bob"))
        await desk.ask("POST", Self.lock, as: alice)
        #expect(await desk.ask("DELETE", Self.lock, as: bob).status == 401)
        #expect(await desk.ask("DELETE", Self.lock, as: bob, body: #"{"force":true}"#).status == 200)
        #expect(await desk.ask("GET", Self.lock).isLocked == false)
        await desk.ask("POST", Self.lock, as: alice, body: #"{"stealable":false}"#)
        #expect(await desk.ask("DELETE", Self.lock, as: bob, body: #"{"force":true}"#).status == 401)
        #expect(await desk.ask("DELETE", Self.lock, as: alice).status == 200)
        #expect(await desk.ask("GET", Self.lock).isLocked == false)
    }

    @Test("A lock holds at the second of its end, and not one later")
    func expires() async throws {
        let desk = try await NickDesk()
        await desk.ask("POST", Self.lock, as: try await desk.token("alice"), body: #"{"timeout":60}"#)
        await desk.core.advance(by: 60)
        #expect(await desk.ask("GET", Self.lock).isLocked)
        await desk.core.advance(by: 1)
        #expect(await desk.ask("GET", Self.lock).isLocked == false)
    }

    @Test(
        "A time-out is stored unchecked",
        arguments: [
            ("0", JSON.int(600), false), ("null", .int(600), false), (#""""#, .int(600), false),
            ("0.5", .double(0.5), false),
            (#""3600""#, .string("3600"), true), (#""x""#, .string("x"), true),
        ])
    func storesTimeouts(_ sent: String, _ stored: JSON, _ isEndless: Bool) async throws {
        let desk = try await NickDesk()
        let answer = await desk.ask(
            "POST", Self.lock, as: try await desk.token("alice"), body: #"{"timeout":\#(sent)}"#)
        #expect(answer.json["timeout"] == stored)
        await desk.core.advance(by: 1_000_000)
        #expect(await desk.ask("GET", Self.lock).isLocked == isEndless)
    }

    @Test("A negative time-out releases, although the answer says locked")
    func releasesByPatch() async throws {
        let desk = try await NickDesk()
        let alice = try await desk.token("alice")
        await desk.ask("POST", Self.lock, as: alice)
        await desk.ask("PATCH", Self.lock, as: alice, body: #"{"timeout":-1}"#)
        #expect(await desk.ask("GET", Self.lock).isLocked == false)
    }

    // MARK: Saving

    @Test("A save wants the token from everybody, the holder too, and ends the lock")
    func saves() async throws {
        let desk = try await NickDesk()
        let (alice, bob) = (try await desk.token("alice"), try await desk.token("bob"))
        let lock = await desk.ask("POST", Self.lock, as: alice)
        for token in [alice, bob] {
            let refused = await desk.ask("PATCH", Self.item, as: token, body: "{}", headers: ["Lock-Token": "x"])
            #expect(refused.status == 401)
            #expect(refused.refusalType == "Document locked")
        }
        let saved = await desk.ask(
            "PATCH", Self.item, as: bob, body: #"{"changeNote":"Enough"}"#, headers: ["Lock-Token": lock.token ?? ""])
        #expect(saved.status == 204)
        #expect(await desk.ask("GET", Self.lock).isLocked == false)
        let newest = await desk.ask("GET", Self.item + "/@history").json.elements?.first
        #expect(newest?["comments"] == "Enough")
        #expect(newest?["actor"]?["id"] == "bob")
        #expect(await desk.ask("PATCH", Self.item, as: bob).status == 500)
    }

    @Test("Sorting, deleting and copying ask for no lock; a copy takes the lock along")
    func ignoresLocks() async throws {
        let desk = try await NickDesk()
        let (alice, manager) = (try await desk.token("alice"), try await desk.token("manager"))
        let lock = await desk.ask("POST", Self.lock, as: alice)
        let sorted = await desk.ask(
            "PATCH", Self.item, as: manager, body: #"{"ordering":{"obj_id":"x","delta":"top"}}"#)
        #expect(sorted.status == 204)
        #expect(await desk.ask("GET", Self.lock).isLocked)
        await desk.ask("POST", "/newsletter/@copy", as: manager, body: #"{"source":"\#(Self.item)"}"#)
        let copy = await desk.ask("GET", "/newsletter/my-news-item/@lock", as: manager)
        #expect(copy.token == lock.token)
        #expect(copy.json["creator"] == "alice")
        #expect(await desk.ask("DELETE", Self.item, as: manager).status == 204)
        #expect(await desk.ask("GET", Self.item).status == 404)
    }

    @Test("Going back to a version is a save for whoever may see the item")
    func reverts() async throws {
        let desk = try await NickDesk()
        let (alice, mallory) = (try await desk.token("alice"), try await desk.token("mallory"))
        let lock = await desk.ask("POST", Self.lock, as: alice)
        let body = #"{"version":0}"#
        #expect(await desk.ask("PATCH", Self.item + "/@history", as: mallory, body: body).status == 401)
        let done = await desk.ask(
            "PATCH", Self.item + "/@history", as: mallory, body: body, headers: ["Lock-Token": lock.token ?? ""])
        #expect(done.status == 200)
        #expect(await desk.ask("GET", Self.lock).isLocked == false)
    }
}
