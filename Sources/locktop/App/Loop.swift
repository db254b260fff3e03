// SPDX-License-Identifier: MIT
import CMemory
import Canvas
import Dashboard
import FoundationEssentials
import Glibc
import Locks
import Terminal

/// The main thread's life while the screen is up: wait, take what came, update, draw.
struct Loop: ~Copyable {
    private let screen: Screen
    private let runner: any Backstage
    private let recorder: Recorder?
    private var model: Model
    /// The time of what is on the screen.
    private var drawnAt: Date
    private var hasSettled = false

    init(_ screen: consuming Screen, _ model: Model, runner: any Backstage, recorder: Recorder? = nil) {
        self.screen = screen
        self.model = model
        self.runner = runner
        self.recorder = recorder
        drawnAt = model.now
    }

    /// Runs until the user leaves or a signal ends it.
    /// - Returns: the exit code.
    consuming func run() -> Int32 {
        screen.draw(view(model))
        recorder?.note(model.outlook, at: drawnAt)
        runner.start()
        var exitCode: Int32 = 0
        while !model.wantsToQuit {
            let why = screen.wait(until: nextTick)
            if why.contains(.hungUp) || why.contains(.terminated) {
                exitCode = 128 + (why.contains(.terminated) ? screen.lastSignal : SIGHUP)
                break
            }
            if why.contains(.resumed) { take(.resumed) }
            if why.contains(.resized) { take(.resized(screen.size)) }
            takeNews()
            var keys = 0
            while keys < 256, !model.wantsToQuit, let key = screen.readKey(mayActAtOnce: model.mayActAtOnce) {
                take(.key(key))
                keys += 1
            }
            if why.isEmpty { take(.tick) }
            // What a key asked of a recording is shown with it.
            if keys > 0 { takeNews() }
            if !model.wantsToQuit {
                screen.draw(view(model))
                drawnAt = model.now
            }
            settle()
        }
        screen.close()
        runner.stop()
        recorder?.close(at: drawnAt)
        return exitCode
    }

    /// Once everything has been listed, what only that needed is let go of.
    private mutating func settle() {
        guard !hasSettled, model.isIdle else { return }
        hasSettled = true
        cm_let_go_of_pages()
    }

    // The clock shows minutes; before the next one a reading may grow old, or a lock.
    private var nextTick: ContinuousClock.Instant {
        let now = runner.now
        let minute = 60.05 - now.timeIntervalSince1970.truncatingRemainder(dividingBy: 60)
        let turn = model.nextTurn.map { $0.timeIntervalSince(now) + 0.01 } ?? minute
        let wake = runner.wake(for: now.addingTimeInterval(min(minute, turn)))
        return max(.now + .milliseconds(50), wake ?? .now + .seconds(3_600))
    }

    private mutating func takeNews() { for (event, time) in runner.takeNews() { take(event, at: time) } }

    private mutating func take(_ event: Event, at time: Date? = nil) {
        let time = time ?? runner.now
        recorder?.note(event, at: time)
        defer { recorder?.note(model.outlook, at: time) }
        CrashNotes.note(event, to: model)
        for effect in update(&model, event, at: time) {
            switch effect {
            case .suspend:
                screen.suspend()
                take(.resumed)
            case .redraw: screen.redrawAll()
            case .ring: screen.ring()
            case .copy(let text): _ = screen.copyToClipboard(text)
            case .copyAddress(let ref):
                let path = model.path(of: ref)
                guard let address = runner.webAddress(of: ref, path: path), Text.clean(address) == address else {
                    take(.notice("\(path) has no web address that can be copied.", isError: true))
                    continue
                }
                _ = screen.copyToClipboard(address)
            case .quit: break
            default: runner.run(effect)
            }
        }
    }
}
