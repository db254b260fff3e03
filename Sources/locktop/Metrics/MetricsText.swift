// SPDX-License-Identifier: MIT

/// Numbers in the text form that Prometheus reads: families of samples, each with its labels.
struct MetricsText: Sendable {
    /// What a number is to Prometheus.
    enum Kind: String, Sendable {
        /// It goes up and down.
        case gauge
        /// It goes up only, and begins at 0 with the program.
        case counter
    }

    /// What the content is, for those who get it over the network.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Adds a family. Where nothing is known, nothing is said.
    /// - Parameter samples: the labels of each, and the number.
    mutating func add(
        _ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: [(String, String)], value: Double)]
    ) {
        guard !samples.isEmpty else { return }
        text += "# HELP locktop_\(name) \(help)\n# TYPE locktop_\(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
            text += "locktop_\(name){\(labels)} \(Self.number(sample.value))\n"
        }
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }
}
