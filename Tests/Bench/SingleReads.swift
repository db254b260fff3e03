// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import HTTPTransport
import LockSystems
import Locks
import TestOffice
import TestSupport

/// Reading items one by one over eight connections, as a client of its own process.
enum SingleReads {
    /// Reads every item named in a file, one path a line, and prints the reads a second.
    static func run(address: String, list: String) async -> Int32 {
        let connections = Limited.Connections.keptBusy(8)
        do {
            let data = try Data(contentsOf: URL(filePath: list))
            let paths = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
            let system = try system(address, connections)
            _ = try await system.signIn()
            _ = try await system.find(paths[0])
            let lanes = connections.requests
            let began = ContinuousClock.now
            try await withThrowingDiscardingTaskGroup { group in
                for lane in 0..<lanes {
                    group.addTask {
                        for index in stride(from: lane, to: paths.count, by: lanes) {
                            _ = try await system.find(paths[index])
                        }
                    }
                }
            }
            print(Double(paths.count) / ((.now - began) / .seconds(1)))
            return 0
        } catch {
            print("\(error)")
            return 1
        }
    }

    private static func system(_ address: String, _ connections: Limited.Connections) throws -> any LockSystem {
        guard let kind = Registry.kind("plone") else { throw Missing(description: "No such kind of server.") }
        var options = NetworkOptions()
        options.connections = 8
        let network = try NetworkTransport(options)
        let counted = Counted(network, time: .machine)
        let limited = Limited(counted, sharing: connections, perSecond: nil, time: .machine)
        return kind.make(
            SystemProfile(
                name: "bench", address: try WebAddress(address),
                login: .password(user: "mona", secret: { Office.password }, isBasic: false),
                selection: SystemProfile.Selection(), transport: limited, tokens: ForgetfulTokens(),
                connections: connections.requests,
                now: { Date() }))
    }
}
