// SPDX-License-Identifier: MIT
import Canvas
import Settings
import Testing

@Suite struct ThemeTests {
    @Test("The configuration takes the themes that there are, and a server's colour is one that a terminal has")
    func words() {
        #expect(Configuration.themes == Theme.names)
        #expect(Set(ServerProfile.colors).subtracting(["default"]).isSubset(of: Color.names))
    }
}
