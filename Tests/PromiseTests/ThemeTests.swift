// SPDX-License-Identifier: MIT
import Canvas
import Dashboard
import Settings
import Testing

@Suite struct ThemeTests {
    @Test(
        "The configuration takes the themes that there are, no view of the screen's own, a server's colour is one that a terminal has"
    )
    func words() {
        #expect(Configuration.themes == Theme.names)
        #expect(SavedView.taken == Model.viewNames)
        #expect(Set(ServerProfile.colors).subtracting(["default"]).isSubset(of: Color.names))
    }
}
