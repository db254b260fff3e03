// SPDX-License-Identifier: MIT
import Canvas
import Glibc
import Testing

@Suite("Themes")
struct ThemeTests {
    private static let roles = Role.plain + Color.names.map(Role.server)

    @Test("Without colours every theme is the same, and has none", arguments: Theme.allCases)
    func colourless(_ theme: Theme) {
        for role in Self.roles {
            let style = theme.style(role, .none)
            #expect(style.foreground == .standard && style.background == .standard, "\(role)")
            #expect(style == Theme.mono.style(role, .full), "\(role)")
        }
    }

    @Test("A terminal of eight or sixteen colours gets only those", arguments: Theme.allCases, [8, 16, 88])
    func fewColours(_ theme: Theme, _ colors: Int) {
        let depth = ColorDepth(colors: colors)
        let most = colors == 8 ? 8 : 16
        for role in Self.roles {
            let style = theme.style(role, depth)
            #expect((style.foreground.index ?? 0) < most && (style.background.index ?? 0) < most, "\(role)")
        }
    }

    @Test("On a light ground nothing is yellow or white", arguments: ColorDepth.allCases)
    func light(_ depth: ColorDepth) {
        for role in Self.roles {
            let style = Theme.light.style(role, depth)
            #expect(style.background == .standard, "\(role)")
            #expect(![3, 7, 11, 15].contains(style.foreground.index), "\(role): \(style)")
        }
    }

    @Test("On white paper every colour of the light theme has the contrast that text is to have")
    func contrast() throws {
        for role in Self.roles {
            guard let index = Theme.light.style(role, .full).foreground.index, index >= 16 else { continue }
            #expect(1.05 / (Self.luminance(index) + 0.05) >= 4.5, "\(role): \(index)")
        }
    }

    // Of a colour of the cube of 6 by 6 by 6, as terminals mix it.
    private static func luminance(_ index: Int) -> Double {
        let cube = [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6]
        let linear = cube.map { part in
            let value = part == 0 ? 0 : Double(55 + 40 * part) / 255
            return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    @Test(
        "Where there are colours, the states of a row differ in them", arguments: [Theme.dark, .light, .highContrast])
    func states(_ theme: Theme) {
        for depth in [ColorDepth.sixteen, .full] {
            let styles = Set([Role.mine, .others, .stale].map { theme.style($0, depth) })
            #expect(styles.count == 3, "\(depth)")
        }
    }

    @Test("In the theme of high contrast nothing is faint, and each colour brings its own ground")
    func highContrast() {
        for role in Self.roles {
            let style = Theme.highContrast.style(role, .eight)
            #expect(!style.isDim, "\(role)")
            #expect((style.foreground == .standard) == (style.background == .standard), "\(role)")
        }
    }

    @Test("A colour says what it is called")
    func names() {
        #expect("\(Color.red) \(Color(9)) \(Color(130)) \(Color.standard)" == "red bright red color 130 standard")
    }
}
