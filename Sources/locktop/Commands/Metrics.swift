// SPDX-License-Identifier: MIT
import ArgumentParser
import HTTP
import History
import Locks

/// What is held, done and asked, in the numbers that Prometheus reads.
struct Metrics: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What is held, done and asked, as numbers for Prometheus.",
        discussion: """
            Without --listen the servers are read once, and the numbers are printed: for a textfile collector. A server \
            that does not answer is told in them, and is no failure of the command. What is not known is left out.
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "Read once, print, and end, which it does without --listen anyway.")
    var once = false

    @Option(help: "Watch on, and answer on /metrics at this address, for example 127.0.0.1:9618.")
    var listen: String?

    @Flag(help: "The address may be one that other machines reach.")
    var listenAnywhere = false

    func validate() throws {
        if once, listen != nil { throw ValidationError("--once ends at once, and --listen goes on: give one of them.") }
        guard let listen else {
            if listenAnywhere { throw ValidationError("--listen-anywhere goes with --listen HOST:PORT.") }
            return
        }
        guard let address = ListeningAddress(listen) else {
            throw ValidationError("\(listen) is no address to listen on: write 127.0.0.1:9618.")
        }
        guard address.isLoopback || listenAnywhere else {
            throw ValidationError(
                "\(listen) is reached by other machines, and whoever asks is told: give --listen-anywhere too.")
        }
    }

    func run() throws {
        try Run.command { [self] in
            guard let address = listen.flatMap(ListeningAddress.init) else { return try await print() }
            try await Exporter(try Wiring(common, pace: .watching)).run(at: address)
            return Interrupt.signal == 0 ? 0 : 128 + Interrupt.signal
        }
    }

    private func print() async throws -> Int32 {
        let wiring = try Wiring(common, pace: .once)
        let survey = await Survey.take(wiring)
        survey.sayRemarks()
        let operations = try? wiring.store?.outcomes()
        let servers = survey.answers.map { answer in
            ServerNumbers(
                name: answer.connection.facts.name, isUp: answer.failure == nil,
                holds: answer.failure == nil
                    ? ServerNumbers.Holds(answer.rows, wiring.staleness, at: survey.at) : nil,
                operations: operations?[answer.connection.facts.name], counts: answer.connection.counted.counts)
        }
        Out.write(MetricsText(servers, at: survey.at).text, to: 1)
        return 0
    }
}
