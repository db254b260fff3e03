// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import FoundationEssentials
import History
import LockSystems
import Locks
import Settings

/// Adds a server to the configuration.
struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find out what a server is, sign in, and add it to the configuration.",
        discussion: """
            Asks only for what no flag says, and shows what it would write before it is written. The old configuration is \
            kept beside the new one, with ~ behind its name. Without a terminal: everything by flags, --yes among them.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var said: Said

    @Argument(help: ArgumentHelp("A name of your own, and the server's address.", valueName: "[name] url"))
    var words: [String]

    func run() throws {
        try Run.command { [self] in
            try await perform()
            return 0
        }
    }

    /// - Throws: `Problem`
    func perform() async throws {
        let (name, word) = try named()
        let draft = try Draft(common)
        if let name, draft.names.contains(name) {
            throw Problem.usage(
                "A server called \(name) is configured already. Give another name, or take it out first: locktop remove \(name)"
            )
        }
        let interview = Interview(common, said)
        guard interview.isInteractive || said.yes else {
            throw Problem.usage("Without a terminal nobody can be asked whether it may be written: give --yes.")
        }
        var candidate = try await interview.candidate(word, named: name, taken: draft.names)
        let place = candidate.profile.url ?? candidate.kind.standardAddress ?? ""
        Out.say("\(place.isEmpty ? candidate.profile.name : place) is \(candidate.kind.name).")
        if name == nil { try refuseTwin(of: candidate.profile, in: draft) }
        if name == nil, interview.isInteractive { try askName(&candidate, taken: draft.names) }
        try interview.complete(&candidate, keepsPassword: true)
        candidate.profile = try Self.checked(candidate.profile)
        let trial = try await Trial(interview: interview).run(&candidate)
        Out.say(Self.sentence(trial, on: candidate.profile.name))
        try write(candidate, trial, to: draft, interview)
    }

    private func named() throws -> (name: String?, word: ServerWord?) {
        let name = words.count > 1 ? words[0] : nil
        guard words.count < 3 else { throw Problem.usage("Too many words: locktop add [NAME] URL") }
        if let name { _ = try Self.checkedName(name) }
        let last = words.last ?? ""
        let hasOwn = said.kind.flatMap(Registry.kind)?.standardAddress != nil
        if name == nil, hasOwn, !ServerWord.isAddress(last), !last.contains("."), !last.contains("/") {
            return (try Self.checkedName(last), nil)
        }
        if let name, ServerWord.isAddress(name), !ServerWord.isAddress(last) {
            throw Problem.usage("The name comes first: locktop add \(last) URL")
        }
        return (name, try ServerWord(last))
    }

    @discardableResult
    private static func checkedName(_ name: String) throws -> String {
        let isName =
            name.utf8.count <= 64 && (name.first?.isLetter ?? false || name.first?.isNumber ?? false)
            && name.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0))
            }
        guard isName else {
            throw Problem.usage(
                "\(Quote.value(name)) is no name for a server: it takes letters, digits, -, _ and ., the first a letter or digit."
            )
        }
        return name
    }

    // Who wants it twice, for another account or folder, gives it a name.
    private func refuseTwin(of profile: ServerProfile, in draft: Draft) throws {
        let twin = draft.edit.configuration.servers.first { server in
            server.kind == profile.kind && server.url == profile.url && server.items == profile.items
                && (profile.auth.user == nil || server.auth.user == profile.auth.user)
                && server.options.text("tenant") == profile.options.text("tenant")
        }
        guard let twin else { return }
        throw Problem.usage(
            "That server is configured already: it is called \(twin.name). To have it a second time, give it a name: "
                + "locktop add NAME URL")
    }

    private func askName(_ candidate: inout Candidate, taken: [String]) throws {
        while true {
            let answer = try Interview.answer("Name [\(candidate.profile.name)]: ")
            guard !answer.isEmpty else { return }
            if taken.contains(answer) {
                Out.say("A server called \(answer) is configured already.")
                continue
            }
            do {
                candidate.profile.name = try Self.checkedName(answer)
                return
            } catch let problem as Problem {
                Out.say(problem.message)
            }
        }
    }

    /// The profile as it will be read, or why it can't be.
    static func checked(_ profile: ServerProfile) throws -> ServerProfile {
        do {
            return try ConfigurationEdit.checked(
                profile, file: profile.name, kinds: Registry.kinds.map(\.options), environment: Environment.variables)
        } catch {
            throw Problem.configuration("\(error)")
        }
    }

    /// What the first page showed.
    static func sentence(_ trial: Trial.Success, on name: String) -> String {
        let who = trial.account.name ?? trial.account.id
        let rows =
            "\(trial.rows)\(trial.hasMore ? " and more" : "") \(trial.rows == 1 && !trial.hasMore ? "item" : "items")"
        return "\(who.map { "Signed in on \(name) as \($0)" } ?? "\(name) is read without signing in"): \(rows)."
    }

    private func write(_ candidate: Candidate, _ trial: Trial.Success, to draft: Draft, _ interview: Interview) throws {
        var profile = candidate.profile
        let secretFile = Self.secretFile(of: profile.name, beside: draft.path)
        // Where no sign-in can be kept, the password itself must be, or the next run would stand there without.
        let keepsPassword = candidate.typed != nil && trial.token == nil
        if keepsPassword { profile.auth.password = .file(secretFile) }
        let text: String
        do { text = try draft.edit.adding(profile) } catch { throw Problem.configuration("\(error)") }
        Out.write("\nTo \(draft.path), mode 0600:\n\n", to: 2)
        for line in ConfigurationEdit.lines(profile) { Out.write(Text.clean(line) + "\n", to: 2) }
        Out.write("\n", to: 2)
        if keepsPassword {
            Out.say("\(candidate.kind.name) keeps no sign-in, so the password itself goes to \(secretFile), mode 0600.")
        }
        if !said.yes, interview.isInteractive {
            let answer = try Interview.answer("Write it? [Y/n] ").lowercased()
            guard answer.isEmpty || answer.hasPrefix("y") else { throw Problem("Nothing was written.", 1) }
        }
        if keepsPassword, let typed = candidate.typed {
            do { try ConfigurationFile.writeSecret(typed.reveal(), path: secretFile) } catch {
                throw Problem.configuration("\(error)")
            }
        }
        try draft.write(text)
        keep(trial)
        Out.line("\(profile.name) was added to \(draft.path).")
    }

    // What can't be kept is signed in anew; that is said by whoever needs it.
    private func keep(_ trial: Trial.Success) {
        guard let token = trial.token,
            let directory = ConfigurationPath.stateDirectory(environment: Environment.variables)
        else { return }
        do {
            try Store(directory: directory).keep(token, for: trial.user)
        } catch {
            Out.say("The sign-in could not be kept: \(error.description)")
        }
    }

    private static func secretFile(of name: String, beside path: String) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? FileManager.default.currentDirectoryPath
        return "\(folder)/\(name).password"
    }
}
