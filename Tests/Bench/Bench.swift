// SPDX-License-Identifier: MIT
import Canvas
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport

/// Measures every budget, and prints them as they come and as a table at the end.
struct Bench {
    let isFull: Bool
    let isQuick: Bool
    /// The one step to take; `nil`: all.
    let only: String?

    func run() -> Int32 {
        var report = Report()
        var peers: [(name: String, small: Peer.Figures, large: Peer.Figures)] = []
        let began = ContinuousClock.now
        step("peers", &report) { _ in peers = try measurePeers() }
        step("size", &report) { try size(&$0) }
        step("start", &report) { try start(&$0, peers) }
        step("bytes", &report) { try bytes(&$0, peers) }
        step("pages", &report) { try pages(&$0) }
        step("idle", &report) { try idle(&$0, peers) }
        step("requests", &report) { try requests(&$0) }
        step("single readings", &report) { try singleReads(&$0) }
        step("listing", &report) { try listing(&$0) }
        // A SuperOffice needs minutes to come to rest.
        if !isQuick || only != nil { step("servers at rest", &report) { try serversAtRest(&$0) } }
        step("instructions", &report) { try instructions(&$0) }
        step("polls", &report) { polls(&$0) }
        step("keys", &report) { try keys(&$0, peers) }
        step("endings", &report) { try endings(&$0, peers) }
        if let only, !report.steps.contains(only) {
            print("There is no step \(only); there are \(report.steps.joined(separator: ", ")).")
            return 64
        }
        print(report.text)
        print("\(report.shortCount) short. Measured in \(Figure.text((.now - began) / .seconds(1))) s.")
        return report.shortCount == 0 && report.unmeasured.isEmpty ? 0 : 1
    }

    private func size(_ report: inout Report) throws {
        let bytes = try Data(contentsOf: URL(filePath: try Scene.locktop)).count
        report.add(Budget("the program, stripped", atMost: 75, "MB", Double(bytes) / 1_000_000))
    }

    private func step(_ name: String, _ report: inout Report, _ work: (inout Report) throws -> Void) {
        report.steps.append(name)
        guard only == nil || only == name else { return }
        let began = ContinuousClock.now
        do {
            try work(&report)
        } catch {
            report.unmeasured.append(name)
            print("\(name) could not be measured: \(error)")
        }
        FileDescriptorText.say("\(name): \(Figure.text((.now - began) / .seconds(1))) s\n")
    }

    private func measurePeers() throws -> [(name: String, small: Peer.Figures, large: Peer.Figures)] {
        let folder = try Office.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let peers = Peer.all(in: folder)
        for name in ["htop", "tig"] where !peers.contains(where: { $0.name == name }) {
            print("\(name) is not installed, and is left out.")
        }
        return try peers.map {
            (
                $0.name, try $0.measure(Scene.small, idle: isQuick ? 2 : 6),
                try $0.measure(Scene.large, idle: isQuick ? 2 : 6)
            )
        }
    }

    typealias Peers = [(name: String, small: Peer.Figures, large: Peer.Figures)]

    func compare(_ peers: Peers, _ unit: String, _ figure: (Peer.Figures) -> Double) -> String {
        peers.map { "\($0.name) \(Figure.text(figure($0.small)))/\(Figure.text(figure($0.large))) \(unit)" }.joined(
            separator: ", ")
    }
}

/// Progress, apart from the table.
enum FileDescriptorText {
    static func say(_ text: String) {
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { _ = unsafe write(2, $0.baseAddress, $0.count) }
    }
}

extension String {
    /// Without blanks and line ends around it.
    var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// As the path of a URL.
    var encoded: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
                String(Unicode.Scalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
