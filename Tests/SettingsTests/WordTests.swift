// SPDX-License-Identifier: MIT
import Settings
import Testing

@Suite("Rates and paths")
struct WordTests {
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
