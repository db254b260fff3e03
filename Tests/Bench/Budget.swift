// SPDX-License-Identifier: MIT
import Canvas

/// One line of the table: what was promised and what was measured, and the same of others.
struct Budget {
    var what: String
    var limit: String
    var measured: String
    /// `nil`: there is no promise, or it could not be measured.
    var isKept: Bool?
    var peers: String = ""

    init(_ what: String, atMost limit: Double, _ unit: String, _ measured: Double, peers: String = "") {
        self.what = what
        self.limit = "\(Figure.text(limit)) \(unit)"
        self.measured = "\(Figure.text(measured)) \(unit)"
        isKept = measured <= limit
        self.peers = peers
    }

    init(_ what: String, limit: String, measured: String, isKept: Bool?, peers: String = "") {
        self.what = what
        self.limit = limit
        self.measured = measured
        self.isKept = isKept
        self.peers = peers
    }
}

/// Numbers for people.
enum Figure {
    static func text(_ value: Double) -> String {
        if value >= 100 || value == value.rounded() { return grouped(Int(value.rounded())) }
        let digits = value >= 10 ? 10.0 : 100.0
        let rounded = (value * digits).rounded() / digits
        return "\(rounded)"
    }

    private static func grouped(_ number: Int) -> String {
        var text = String(number)
        var groups: [Substring] = []
        while text.count > 3 {
            groups.insert(text.suffix(3), at: 0)
            text = String(text.dropLast(3))
        }
        return ([text[...]] + groups).joined(separator: ",")
    }

    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        return values.sorted()[values.count / 2]
    }

    static func percentile(_ share: Double, _ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        return values.sorted()[min(values.count - 1, Int(Double(values.count) * share))]
    }
}

/// The whole table.
struct Report {
    private var lines: [Budget] = []
    /// The names of all steps.
    var steps: [String] = []
    /// The steps that failed: what was not measured was not kept.
    var unmeasured: [String] = []

    mutating func add(_ line: Budget) { lines.append(line) }

    var shortCount: Int { lines.filter { $0.isKept == false }.count }

    var text: String {
        let rows =
            [["what", "at most", "measured", "", "others, same run"]]
            + lines.map { line in
                [line.what, line.limit, line.measured, line.isKept.map { $0 ? "ok" : "SHORT" } ?? "-", line.peers]
            }
        let widths = (0..<5).map { column in rows.map { Text.width($0[column]) }.max() ?? 0 }
        var text = ""
        for (index, row) in rows.enumerated() {
            text += "| " + zip(row, widths).map { Text.pad($0, columns: $1) }.joined(separator: " | ") + " |\n"
            if index == 0 {
                text += "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|\n"
            }
        }
        return text
    }
}
