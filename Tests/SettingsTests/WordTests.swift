// SPDX-License-Identifier: MIT
import Settings
import Testing

@Suite("Words, times and paths")
struct WordTests {
    @Test(
        "the nearest word is told if it is near",
        arguments: [
            ("pol", "poll"), ("plol", "poll"), ("readOnly", "read_only"), ("READ-ONLY", "read_only"),
            ("serves", "servers"), ("reqest_budgte", "request_budget"), ("poll", "poll"),
        ])
    func near(_ typed: String, _ meant: String) {
        #expect(suggestion(for: typed, among: ["poll", "read_only", "servers", "request_budget"]) == meant)
    }

    @Test(
        "no word is told if none is near",
        arguments: ["", "x", "xyz", "unrelated", String(repeating: "poll", count: 40)])
    func far(_ typed: String) {
        #expect(suggestion(for: typed, among: ["poll", "read_only", "servers"]) == nil)
        #expect(suggestion(for: typed, among: []) == nil)
    }

    @Test("of two equally near words the first is told, a nearer one before both")
    func ties() {
        #expect(suggestion(for: "cat", among: ["car", "cap"]) == "car")
        #expect(suggestion(for: "cars", among: ["cards", "carts", "cars"]) == "cars")
    }

    @Test(
        "times are read in their units",
        arguments: [
            ("5s", 5), ("10m", 600), ("8h", 28_800), ("2d", 172_800), ("1h30m", 5_400), ("250ms", 0.25),
            ("1.5h", 5_400),
            ("1d2h3m4s5ms", 93_784.005), ("0s", 0),
        ])
    func duration(_ text: String, _ seconds: Double) {
        #expect(DurationText.parse(text).map { abs($0 - seconds) < 1e-9 } == true)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "5", "s", "5 s", "-5s", "5s5s", "5m1h", "1..5s", ".5s", "5.s", "5S", "5w", "1e3s", "٥s", "5s ", "inf",
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

    @Test("rates are read in their units")
    func rates() {
        #expect(RateText.parse("10/s") == 10)
        #expect(RateText.parse("60/m") == 1)
        #expect(RateText.parse("1800/h") == 0.5)
        #expect(RateText.parse("0.5/s") == 0.5)
        for text in ["", "10", "/s", "10/", "10/d", "-1/s", "1/s/s", "1e2/s", "10 /s", ".5/s"] {
            #expect(RateText.parse(text) == nil, "\(text)")
        }
    }

    @Test("the files are where XDG says")
    func paths() {
        let home = ["HOME": "/home/ann/"]
        #expect(ConfigurationPath.configFile(environment: home) == "/home/ann/.config/locktop/config.yaml")
        #expect(ConfigurationPath.stateDirectory(environment: home) == "/home/ann/.local/state/locktop")
        let moved = ["HOME": "/home/ann", "XDG_CONFIG_HOME": "/c/", "XDG_STATE_HOME": "/s"]
        #expect(ConfigurationPath.configFile(environment: moved) == "/c/locktop/config.yaml")
        #expect(ConfigurationPath.stateDirectory(environment: moved) == "/s/locktop")
        let relative = ["HOME": "/home/ann", "XDG_CONFIG_HOME": "c"]
        #expect(ConfigurationPath.configFile(environment: relative) == "/home/ann/.config/locktop/config.yaml")
        #expect(ConfigurationPath.configFile(environment: [:]) == nil)
        #expect(ConfigurationPath.stateDirectory(environment: ["HOME": "nowhere"]) == nil)
    }
}
