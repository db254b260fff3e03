// SPDX-License-Identifier: MIT
import Locks
import Testing

@Suite("Nearest words and spans of time")
struct WordTests {
    @Test(
        "the nearest word is told if it is near",
        arguments: [
            ("pol", "poll"), ("plol", "poll"), ("readOnly", "read_only"), ("READ-ONLY", "read_only"),
            ("serves", "servers"), ("reqest_budgte", "request_budget"), ("poll", "poll"),
        ])
    func near(_ typed: String, _ meant: String) {
        #expect(NearestWord.suggestion(for: typed, among: ["poll", "read_only", "servers", "request_budget"]) == meant)
    }

    @Test(
        "no word is told if none is near",
        arguments: ["", "x", "xyz", "unrelated", String(repeating: "poll", count: 40)])
    func far(_ typed: String) {
        #expect(NearestWord.suggestion(for: typed, among: ["poll", "read_only", "servers"]) == nil)
        #expect(NearestWord.suggestion(for: typed, among: []) == nil)
    }

    @Test("of two equally near words the first is told, a nearer one before both")
    func ties() {
        #expect(NearestWord.suggestion(for: "cat", among: ["car", "cap"]) == "car")
        #expect(NearestWord.suggestion(for: "cars", among: ["cards", "carts", "cars"]) == "cars")
    }

    @Test(
        "times are read in their units",
        arguments: [
            ("5s", 5), ("10m", 600), ("8h", 28_800), ("2d", 172_800), ("1h30m", 5_400), ("250ms", 0.25),
            ("1.5h", 5_400), ("1w2d", 777_600),
            ("1d2h3m4s5ms", 93_784.005), ("0s", 0),
        ])
    func duration(_ text: String, _ seconds: Double) {
        #expect(DurationText.parse(text).map { abs($0 - seconds) < 1e-9 } == true)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "5", "s", "5 s", "-5s", "5s5s", "5m1h", "1..5s", ".5s", "5.s", "5S", "5y", "1e3s", "٥s", "5s ", "inf",
            String(repeating: "9", count: 40) + "s",
        ])
    func noDuration(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(
        "times are written in their two largest units",
        arguments: [
            (0, "0s"), (0.25, "250ms"), (59.9, "59s"), (90, "1m30s"), (3_600, "1h"), (3_605, "1h"), (5_400, "1h30m"),
            (28_800, "8h"), (187_200, "2d4h"), (-90, "-1m30s"), (Double.nan, "?"), (Double.infinity, "?"),
        ])
    func format(_ seconds: Double, _ text: String) {
        #expect(DurationText.format(seconds) == text)
    }
}
