// SPDX-License-Identifier: MIT
import DemoServer
import Stories
import TestOffice
import Testing

extension EndToEndTests {
    /// The stories of the manual, on the demo's Plone; `PloneTests` plays them on a real one.
    @Suite("Stories")
    struct StoryTests {
        private func play(_ story: (Workplace) async throws -> Void) async throws {
            try await inBusyOffice(top: ["departed: [bob]"]) { office in
                let server = office.server
                let place = Workplace(
                    folder: "/news", home: office.home, configuration: office.configuration,
                    variables: office.environment,
                    take: { path, person in try await server.lock(path: path, as: person) },
                    giveBack: { path, _ in try await server.unlock(path: path) })
                try await story(place)
            }
        }

        @Test("Bob left: all that he holds is found and released, with a reason, and the record tells it")
        func bobLeaves() async throws { try await play(bobLeft) }

        @Test("The brochure is taken the moment it is free")
        func brochure() async throws { try await play(takeTheBrochure) }

        @Test("Who blocked whom this morning is told in the afternoon")
        func blocking() async throws { try await play(whoBlockedWhom) }
    }
}
