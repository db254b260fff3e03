// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import Glibc
import Settings
import Terminal

/// Opening the first page, and what follows it.
enum FirstPages {
    /// Shows the page until something is chosen, and does that.
    /// - Returns: whether there is a configuration to open now.
    static func open(
        _ common: CommonOptions, _ options: ScreenOptions, _ recording: RecordingOptions
    ) throws -> Bool {
        let end: FirstPage.End
        do {
            end = try show(common, options)
        } catch let error as ScreenError {
            Out.say(error.description)
            // It says what to do without a configuration.
            _ = try ConfigurationSource.load(common)
            return true
        }
        switch end {
        case .quit: return false
        case .demo:
            var demo = try Demo.parse([])
            (demo.common, demo.screen, demo.recording) = (common, options, recording)
            try demo.run()
            return false
        case .add:
            try add(common)
            return true
        }
    }

    private static func show(_ common: CommonOptions, _ options: ScreenOptions) throws -> FirstPage.End {
        let environment = Environment.variables
        let screen = try Dashboards.screen(options.look, noColor: common.noColor)
        var page = FirstPage(
            path: try? ConfigurationSource.path(common),
            isASCII: options.look.ascii || !screen.isUTF8,
            isAccessible: options.look.accessible || !(environment["ACCESSIBLE"] ?? "").isEmpty)
        while true {
            screen.draw(page.frame(screen.size))
            let why = screen.wait()
            if why.contains(.hungUp) || why.contains(.terminated) {
                let signal = why.contains(.terminated) ? screen.lastSignal : SIGHUP
                screen.close()
                throw ExitCode(128 + signal)
            }
            while let key = screen.readKey() {
                if key == .control("z") {
                    screen.suspend()
                } else if key == .control("l") {
                    screen.redrawAll()
                } else if let end = page.take(key) {
                    screen.close()
                    return end
                }
            }
        }
    }

    private static func add(_ common: CommonOptions) throws {
        // What can't be written is said before anything is asked.
        _ = try Draft(common)
        do {
            let url = try Run.wait {
                while true {
                    let answer = try Interview.answer("Address of the server (https://…): ")
                    if !answer.isEmpty { return answer }
                }
            }
            var add = try Add.parse([url])
            add.common = common
            let command = add
            try Run.wait { try await command.perform() }
        } catch is CancellationError {
            throw ExitCode(Interrupt.signal == 0 ? 130 : 128 + Interrupt.signal)
        }
    }
}
