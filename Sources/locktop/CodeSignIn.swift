// SPDX-License-Identifier: MIT
import Locks

/// Signing in by a code that a person confirms in a browser, where a server wants that and no kept token is good.
enum CodeSignIn {
    /// Makes sure of a sign-in; does nothing for servers that have no such way, or where one still holds.
    /// - Parameters:
    ///   - connection: the server.
    ///   - show: gets the sentence with the code.
    static func ensure(_ connection: Connection, show: @escaping @Sendable (String) -> Void) async {
        guard let system = connection.system as? any SigningInByCode, connection.wantsCode else { return }
        let name = connection.facts.name
        do {
            _ = try await system.signIn()
        } catch let error as LockError where error.code == .notSignedIn {
            // What goes wrong here is told by the watch, which tries to sign in next.
            guard let signIn = try? await system.signIn(show: { show(sentence(name, $0)) }) else { return }
            // The request to type a code must not outlive its answer.
            show("\(name): signed in as \(signIn.account.name ?? signIn.account.id ?? "nobody").")
        } catch {}
    }

    /// What the person has to do.
    static func sentence(_ name: String, _ code: SignInCode) -> String {
        "\(name): open \(code.address) and type the code \(code.code)"
    }
}
