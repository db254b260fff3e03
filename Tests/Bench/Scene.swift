// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport

/// A demo server, a configuration, and the dashboard on it.
struct Scene {
    let office: Office
    static let small = Size(columns: 80, rows: 24)
    static let large = Size(columns: 200, rows: 50)

    init(documents: Int, poll: String = "1s", people: Bool = false, limit: Int? = nil) throws {
        office = try Waiting.wait {
            try await Office.open(DemoOptions(documents: documents, people: people), top: ["poll: \(poll)"])
        }
        guard let limit else { return }
        try Office.write(
            office.text(of: "config.yaml") + "    limit: \(limit)\n    request_budget: 1000/s\n",
            to: office.configuration
        )
    }

    func close() {
        let office = office
        Waiting.wait { await office.close() }
    }

    /// A server that takes every question and never answers, beside the first in the configuration.
    func addHangingServer() throws -> DemoServer {
        let server = try Waiting.wait { try await DemoServer.start(DemoOptions(documents: 0, people: false)) }
        Waiting.wait { await server.setFaults(Faults([Fault(.hang)])) }
        let text = office.text(of: "config.yaml")
        try Office.write(
            text
                + "  - {name: stuck, kind: plone, url: \"\(server.address)\", auth: {user: mona, password_env: \(Office.variable)}}\n",
            to: office.configuration)
        return server
    }

    /// Starts the dashboard with nothing kept from before.
    func start(_ arguments: [String] = [], size: Size = Scene.small, keepsCache: Bool = false) throws -> PseudoTerminal
    {
        if !keepsCache { try? FileManager.default.removeItem(atPath: office.home + "/.local") }
        return try PseudoTerminal(
            program: try Self.locktop, arguments: ["watch", "--config", office.configuration] + arguments,
            environment: office.environment, size: size, directory: office.home)
    }

    /// The program that is measured: the release binary beside this one.
    static var locktop: String { get throws { try builtProgram("locktop") } }

    /// Starts the dashboard and waits until everything is listed.
    func started(
        _ arguments: [String] = [], size: Size = Scene.small, keepsCache: Bool = false, within seconds: Double = 60
    ) throws -> PseudoTerminal {
        let terminal = try start(arguments, size: size, keepsCache: keepsCache)
        try terminal.waitUntil("everything is listed", within: seconds) { screen in
            let head = screen.lines[0]
            return head.contains("locktop") && !head.contains("listing") && !head.contains("connecting")
                && screen.lines.contains { $0.contains("○") || $0.contains(" o ") }
        }
        return terminal
    }
}

extension PseudoTerminal {
    /// Quits by the key, and throws the rest away.
    func leave() {
        press(.escape)
        type("q")
        _ = try? waitForExit(within: 3)
    }

    /// Bytes that come until the program has been silent for so long.
    func bytes(silence milliseconds: Int32 = 120, after action: () -> Void) -> Int {
        settle(milliseconds: milliseconds)
        let before = byteCount
        action()
        settle(milliseconds: milliseconds)
        return byteCount - before
    }

    /// Milliseconds until the first byte after a key.
    func latency(_ key: Key) throws -> Double {
        moveFinger()
        let before = byteCount
        let began = ContinuousClock.now
        press(key)
        try waitUntil("the key shows", within: 20) { _ in byteCount > before }
        return (lastRead - began) / .milliseconds(1)
    }

    /// Milliseconds until the last byte of what a key leads to: it is silent for a while then.
    func timeToLastByte(_ key: Key) throws -> Double {
        moveFinger()
        let began = ContinuousClock.now
        var (last, count) = (try latency(key), byteCount)
        while .now - lastRead < .milliseconds(60), .now - began < .seconds(20) {
            settle(milliseconds: 1)
            guard byteCount > count else { continue }
            count = byteCount
            last = (lastRead - began) / .milliseconds(1)
        }
        return last
    }

    /// Resident memory in megabytes.
    var residentMemory: Double {
        guard
            let text = try? String(decoding: Data(contentsOf: URL(filePath: "/proc/\(process)/status")), as: UTF8.self),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS") }),
            let number = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
                Double($0)
            })
        else { return .nan }
        return number / 1_024
    }
}
