// SPDX-License-Identifier: MIT

/// One number of a monitoring plug-in's line, with the thresholds that it was judged by:
/// `oldest=7200s;7200;28800;0`.
struct PerformanceData: Sendable {
    var label: String
    var value: Int
    /// The unit's word: `s`, or nothing for a count.
    var unit = ""
    var warning: Int?
    var critical: Int?
    /// The least value that there can be, which is told beside thresholds.
    var minimum: Int?

    /// As monitors read it: what is not set at the end is left out.
    var text: String {
        var fields = [warning, critical, minimum].map { $0.map(String.init) ?? "" }
        while fields.last == "" { fields.removeLast() }
        return (["\(label)=\(value)\(unit)"] + fields).joined(separator: ";")
    }
}
