// SPDX-License-Identifier: MIT
import HTTP

@testable import DemoServer

/// What a replay has to know of the site that recordings were made on.
protocol ReplaySite: Sendable {
    /// Scheme, host and port, as recorded.
    var origin: String { get }
    /// The path of the site.
    var path: String { get }
    /// How the demo server is set up; the words say what is special.
    func options(_ words: [String]) -> DemoOptions
    /// What is on the site from the start.
    func begin(_ replay: Replay) async throws
    /// Does a step that only this site knows.
    func prepare(_ words: [String], _ replay: Replay) async throws
    /// A field of a recorded request as it is to be sent here; `nil` where it stays as it is.
    func translate(_ name: String, _ value: String, _ recording: Recording, _ replay: Replay) async throws -> String?
    /// The path of a recorded request as it is to be asked for here.
    func target(_ recording: Recording, _ replay: Replay) async throws -> String
    /// How two bodies differ in what is not said by the comparison of all values.
    func compare(_ recording: Recording, _ body: JSON) -> [String]
    /// Whether the body is as long here as it was there.
    func lengthCounts(_ recording: Recording) -> Bool
    /// The password of somebody.
    func password(of user: String) -> String
}

extension ReplaySite {
    func begin(_ replay: Replay) async throws {}
    func translate(_ name: String, _ value: String, _ recording: Recording, _ replay: Replay) async throws -> String? {
        nil
    }
    func target(_ recording: Recording, _ replay: Replay) async throws -> String { recording.path }
    func lengthCounts(_ recording: Recording) -> Bool { true }
    func compare(_ recording: Recording, _ body: JSON) -> [String] {
        JSONComparison(recording.answer, body).differences
    }
}
