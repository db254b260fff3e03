// SPDX-License-Identifier: MIT
import HTTP
import HTTPTransport
import LockSystems
import Locks
import Testing

extension OnRealPlone {
    @Suite("Finding it out") struct DetectionTests {
        private func look(_ address: String) async throws -> Detection.Finding {
            try await Detection(over: try NetworkTransport()).look(at: try WebAddress(address))
        }

        @Test(
            "It is found by its address, by the one of its interface, and by a page that people look at",
            arguments: [
                ("", nil), ("/", nil), ("/++api++", nil), ("/lab", "/lab"), ("/docs/section-01/doc-0002/view", nil),
                ("/lab/folder_contents", "/lab"), ("/login", nil),
            ])
        func found(below: String, path: String?) async throws {
            let address = try #require(RealPlone.address)
            guard case .found(let kind, let sighting) = try await look(address + below) else {
                Issue.record("it tells nothing")
                return
            }
            #expect(kind.word == "plone")
            #expect(sighting.address?.description == address)
            if !below.hasPrefix("/docs") { #expect(sighting.path == path) }
        }

        @Test("What lies above the site is no site, and is named for what it is")
        func above() async throws {
            let address = try WebAddress(try #require(RealPlone.address))
            let error = try #require(
                await #expect(throws: LockError.self) { _ = try await look(address.origin) })
            #expect(
                error.description
                    == "\(address.origin) is what Plone's sites lie in, and no site. Give the address of the site, as "
                    + "\(address.origin)/Plone.")
        }
    }
}
