// SPDX-License-Identifier: MIT
import Glibc
import TestSupport

extension Bench {
    /// What a key costs in instructions, counted by valgrind, among few items and among many: the same.
    func instructions(_ report: inout Report) throws {
        guard unsafe access("/usr/bin/valgrind", X_OK) == 0 else {
            return print("valgrind is not installed: instructions were not counted.")
        }
        let few = try instructions(rows: 500)
        let many = try instructions(rows: isQuick ? 5_000 : 20_000)
        report.add(
            Budget("a key to its frame, 200x50, 500 items", atMost: 4.5, "million instructions", few / 1_000_000))
        report.add(
            Budget(
                "the same among \(isQuick ? "5,000" : "20,000") items", atMost: 1.1 * few / 1_000_000,
                "million instructions", many / 1_000_000))
    }

    /// The difference between many keys and few, so that nothing else counts.
    private func instructions(rows: Int) throws -> Double {
        let counts = try [20, 60].map { keys in
            let ending = try Waiting.wait {
                try await Program.run(
                    "/usr/bin/valgrind",
                    [
                        "--tool=callgrind", "--callgrind-out-file=/dev/null", CommandLine.arguments[0],
                        "--press-keys", "\(rows)", "\(keys)",
                    ],
                    environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"], within: 300)
            }
            let line = ending.errors.split(separator: "\n").last { $0.contains("Collected :") }
            guard let count = line?.split(separator: " ").last.flatMap({ Double($0) }) else {
                throw Missing(description: "valgrind: \(ending)")
            }
            return count
        }
        return (counts[1] - counts[0]) / 40
    }
}
