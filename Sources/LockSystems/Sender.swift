// SPDX-License-Identifier: MIT
import HTTP
import Locks

/// Sends requests as they are, without a sign-in, and reads the server's clock off the answers.
struct Sender: Sendable {
    let profile: SystemProfile
    let clock: ServerClock
    /// Says what a failure on the way means.
    let voice: ServerVoice

    func send(_ request: Request) async throws -> Response {
        let deadline = ContinuousClock.now + .seconds(profile.timeout)
        do {
            let response = try await profile.transport.send(request, deadline: deadline)
            clock.note(response, at: profile.now())
            return response
        } catch let error as TransportError {
            var told = voice.unreachable(error, changing: request.purpose == .change)
            told.asksForLess = error.asksForLess
            throw told
        }
    }
}
