// SPDX-License-Identifier: MIT
import DemoServer
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport

extension Bench {
    func requests(_ report: inout Report) throws {
        let scene = try Scene(documents: 1_000)
        defer { scene.close() }
        let office = scene.office
        Waiting.wait { await office.server.resetRequestLog() }
        let list = try Waiting.wait { try await office.run("ls", "--columns", "item") }
        let count = Waiting.wait { await office.server.requestLog.filter { $0.path.contains("@search") }.count }
        let all = Waiting.wait { await office.server.requestCount }
        let items = list.lines.count - 1
        let needed = (items + 21 + 99) / 100
        report.add(
            Budget(
                "requests to list \(items) items", limit: "\(needed + 1), the bulk listing's",
                measured: "\(count), and \(all - count) to sign in",
                isKept: count <= needed + 1))
    }

    // MARK: Singly

    func singleReads(_ report: inout Report) throws {
        let scene = try Scene(documents: 1_000)
        defer { scene.close() }
        let office = scene.office
        let list = try Waiting.wait { try await office.run("ls", "--columns", "item") }
        let paths = list.lines.dropFirst().map(\.trimmed)
        let asked = try Waiting.wait {
            await office.server.resetRequestLog()
            let ending = try await Self.read(office, office.server.address, paths)
            guard ending.status == 0 else { throw Missing(description: "own reads: \(ending)") }
            return await office.server.requestLog
        }
        let many = (0..<(isQuick ? 5 : 20)).flatMap { _ in paths }
        guard Replica.isPossible else {
            return print("nginx (nginx-light) is not installed: single readings were not compared.")
        }
        for (takes, what, share) in [(0, "that costs nothing", 60.0), (1, "that takes a millisecond", 95)] {
            let replica = try Replica(of: office, asked, takes: takes)
            defer { withExtendedLifetime(replica) {} }
            let address = replica.address
            report.add(try singleReads(office, address, many, "an nginx \(what)", share: share))
            guard takes == 0 else { continue }
            report.add(
                Budget(
                    "processor, a single reading", atMost: 150, "µs",
                    try processor { _ = try await Self.read(office, address, many) } * 1_000_000 / Double(many.count)))
        }
    }

    private func singleReads(
        _ office: Office, _ address: String, _ paths: [String], _ what: String, share: Double
    ) throws -> Budget {
        var config =
            "header = \"Accept: application/json\"\nuser = \"mona:\(Office.password)\"\nsilent\nparallel\nparallel-max = 8\n"
        for path in paths {
            config += "url = \"\(address)\(path.encoded)?include_items=false\"\noutput = \"/dev/null\"\n"
        }
        try Office.write(config, to: office.home + "/curl-parallel")
        var (own, curl): ([Double], [Double]) = ([], [])
        for _ in 0..<(isQuick ? 1 : 5) {
            let mine = try Waiting.wait { try await Self.read(office, address, paths) }
            guard let rate = Double(mine.output.trimmed) else { throw Missing(description: "own reads: \(mine)") }
            own.append(rate)
            curl.append(try Double(paths.count) / seconds { try await Self.curl(office, "curl-parallel") })
        }
        let (mine, others) = (Figure.median(own), Figure.median(curl))
        return Budget(
            "single readings over 8 connections from \(what)", limit: "\(Figure.text(share)) % of curl",
            measured: "\(Figure.text(mine)) /s, \(Figure.text(100 * mine / others)) %",
            isKept: mine >= others * share / 100, peers: "curl --parallel \(Figure.text(others)) /s")
    }

    private static func read(_ office: Office, _ address: String, _ paths: [String]) async throws -> Program.Ending {
        try Office.write(paths.joined(separator: "\n"), to: office.home + "/paths")
        return try await Program.run(
            CommandLine.arguments[0], ["--read-singly", address, office.home + "/paths"],
            environment: office.environment, within: 120)
    }

    // MARK: A whole listing

    /// `locktop ls` from a server that costs nothing, beside curl with the same addresses.
    func listing(_ report: inout Report) throws {
        guard Replica.isPossible else { return print("nginx is not installed: listing was not compared.") }
        let documents = isQuick ? 10_000 : 100_000
        let scene = try Scene(documents: documents, limit: documents * 2)
        defer { scene.close() }
        let office = scene.office
        let asked = try Waiting.wait {
            await office.server.resetRequestLog()
            try await Self.list(office)
            return await office.server.requestLog
        }
        let replica = try Replica(of: office, asked)
        defer { withExtendedLifetime(replica) {} }
        let text = office.text(of: "config.yaml").replacing(office.server.address, with: replica.address)
        try Office.write(text, to: office.configuration)
        let root = replica.address.dropLast("/Plone".count)
        var config = "silent\nparallel\nparallel-max = 4\n"
        var kept = config
        for (number, request) in asked.enumerated() {
            config += "url = \"\(root)\(request.path)\"\noutput = \"/dev/null\"\n"
            kept += "url = \"\(root)\(request.path)\"\noutput = \"\(office.home)/page-\(number).json\"\n"
        }
        try Office.write(config, to: office.home + "/curl-listing")
        try Office.write(kept, to: office.home + "/curl-kept")
        var (own, curl, read, work): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for _ in 0..<(isQuick ? 1 : 5) {
            var time = 0.0
            work.append(try processor { time = try seconds { try await Self.list(office) } })
            own.append(time)
            curl.append(try seconds { try await Self.curl(office, "curl-listing") })
            guard Self.hasReader else { continue }
            read.append(
                try seconds {
                    try await Self.curl(office, "curl-kept")
                    try await Self.readPages(office)
                })
        }
        // What throws the answers away is no measure for what reads them: it tells what the network costs.
        let what = "ls of \(Figure.text(Double(documents))) items from an nginx"
        let thrown = "curl --parallel, the same \(asked.count) addresses: \(Figure.text(Figure.median(curl))) s"
        if Self.hasReader {
            let seconds = Figure.median(read)
            report.add(
                Budget(
                    what, atMost: 1.3 * seconds, "s", Figure.median(own),
                    peers: "\(thrown); with jq and sort: \(Figure.text(seconds)) s"))
        } else {
            print("jq is not installed: what reads a listing was not compared.")
            report.add(
                Budget(
                    what, limit: "-", measured: "\(Figure.text(Figure.median(own))) s", isKept: nil, peers: thrown))
        }
        report.add(
            Budget("processor, an item", atMost: 100, "µs", Figure.median(work) * 1_000_000 / Double(documents)))
    }

    private static func list(_ office: Office) async throws {
        let ending = try await Program.run(
            "/bin/sh",
            ["-c", "\"$0\" ls --config \"$1\" --columns item > /dev/null", try Scene.locktop, office.configuration],
            environment: office.environment, within: 600)
        guard ending.status == 0 else { throw Missing(description: "ls: \(ending)") }
    }

    private static let hasReader = unsafe access("/usr/bin/jq", X_OK) == 0

    // The same table by hand: every item's path, sorted.
    private static func readPages(_ office: Office) async throws {
        let ending = try await Program.run(
            "/bin/sh",
            ["-c", "cat \"$0\"/page-*.json | jq -r '.items[]?.\"@id\"' | sort > /dev/null", office.home],
            environment: office.environment, within: 600)
        guard ending.status == 0 else { throw Missing(description: "jq: \(ending)") }
    }

    // MARK: Measuring

    private static func curl(_ office: Office, _ file: String) async throws {
        let ending = try await Program.run(
            "/usr/bin/curl", ["--config", office.home + "/" + file], environment: office.environment, within: 600)
        guard ending.status == 0 else { throw Missing(description: "curl: \(ending)") }
    }

    private func seconds(_ work: @escaping @Sendable () async throws -> Void) throws -> Double {
        let began = ContinuousClock.now
        try Waiting.wait(work)
        return (.now - began) / .seconds(1)
    }

    /// The processor's seconds of the programs that ran meanwhile, theirs and the kernel's for them.
    private func processor(_ work: @escaping @Sendable () async throws -> Void) throws -> Double {
        let before = Self.childrensTime
        try Waiting.wait(work)
        return Self.childrensTime - before
    }

    private func processor(_ work: () throws -> Void) throws -> Double {
        let before = Self.childrensTime
        try work()
        return Self.childrensTime - before
    }

    private static var childrensTime: Double {
        var usage = rusage()
        unsafe getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
    }
}
