// SPDX-License-Identifier: MIT
import ArgumentParser
import FoundationEssentials
import Glibc
import History
import LockSystems
import Locks
import Settings
import Watching

/// Signs in with a password that is typed, and keeps the token.
struct Login: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sign in with a password that you type; the token is kept in a private file.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The server's configured name.", completion: Candidates.servers)
    var name: String

    func run() throws {
        try Run.command { [self] in
            var options = common
            options.server = [name]
            var configuration = try ConfigurationSource.load(options)
            guard let index = configuration.servers.firstIndex(where: { $0.name == name }) else {
                _ = try Wiring(options, pace: .once)
                return 64
            }
            if configuration.servers[index].auth.values.text("client_id") != nil {
                let wiring = try Wiring(options, pace: .once)
                if let obstacle = wiring.obstacle { throw Problem.configuration(obstacle.description) }
                return try await Self.byCode(wiring.connections[0])
            }
            guard let user = configuration.servers[index].auth.user else {
                throw Problem.configuration("\(name): set auth: {user: NAME} in the configuration first.")
            }
            if configuration.servers[index].auth.values.text("scheme") == "negotiate" {
                throw Problem.configuration(
                    "\(name) is signed in to by a Kerberos ticket: run kinit, nothing is kept here.")
            }
            let password = try Prompt.secret("Password of \(user) on \(name): ")
            configuration.servers[index].auth.password = .literal(Secret(password))
            configuration.servers[index].auth.token = nil
            let wiring = try Wiring(configuration, options, pace: .once, readOnly: false, memory: .kept)
            // A sign-in that can't be kept is none.
            if let obstacle = wiring.obstacle { throw Problem.configuration(obstacle.description) }
            let connection = wiring.connections[0]
            do {
                // What was kept before must not answer in the place of what was typed.
                wiring.store?.keep(nil, for: connection.user)
                let account = try await connection.system.signIn().account
                guard wiring.store?.token(for: connection.user) != nil else {
                    throw Problem.configuration(
                        "\(name) accepts the password, and gives no token that could be kept: it wants the password with "
                            + "every request. Set password_command, or another form of it, in the configuration.")
                }
                Out.line("Signed in on \(name) as \(account.id ?? user).")
                return 0
            } catch let problem as Problem {
                throw problem
            } catch {
                let failure = Performer.lockError(error, server: name)
                throw Problem(failure.message, Exits.code(failure))
            }
        }
    }
}

extension Login {
    fileprivate static func byCode(_ connection: Connection) async throws -> Int32 {
        let name = connection.facts.name
        do {
            guard let system = connection.system as? any SigningInByCode else {
                let account = try await connection.system.signIn().account
                Out.line("Signed in on \(name) as \(account.name ?? account.id ?? "the program").")
                return 0
            }
            let signIn = try await system.signIn { code in
                Out.say(CodeSignIn.sentence(name, code))
            }
            Out.line("Signed in on \(name) as \(signIn.account.name ?? signIn.account.id ?? "nobody").")
            return 0
        } catch {
            let failure = Performer.lockError(error, server: name)
            throw Problem(failure.description, Exits.code(failure))
        }
    }
}

/// Forgets a kept token.
struct Logout: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Forget the token that was kept for a server.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The server's configured name.", completion: Candidates.servers)
    var name: String

    func run() throws {
        try Run.command { [self] in
            var options = common
            options.server = [name]
            let wiring = try Wiring(options, pace: .once)
            if let obstacle = wiring.obstacle { throw Problem.configuration(obstacle.description) }
            wiring.store?.keep(nil, for: wiring.connections[0].user)
            Out.line("No token is kept for \(name) any more.")
            return 0
        }
    }
}
