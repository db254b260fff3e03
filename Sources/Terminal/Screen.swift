// SPDX-License-Identifier: MIT
import CTerminal
public import Canvas
import Glibc

/// The terminal, taken over while the value lives and given back when it ends, also by a signal or a crash.
///
/// There can be one at a time, and all of it belongs to the thread that made it; only `Waker` is for others.
/// Standard error is held back while the screen is up, and shown when it is gone.
public struct Screen: ~Copyable {
    /// What the person wants of the terminal.
    public struct Options: Hashable, Sendable {
        /// Whether the mouse reports to the program instead of selecting text.
        public var mouse: Bool
        /// False for `NO_COLOR`.
        public var colors: Bool
        /// Draws everything in ASCII, whatever the locale says.
        public var ascii: Bool

        /// Makes options.
        public init(mouse: Bool = true, colors: Bool = true, ascii: Bool = false) {
            self.mouse = mouse
            self.colors = colors
            self.ascii = ascii
        }
    }

    /// Why `wait` came back; empty when the time was up.
    public struct Wake: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: Int32
        /// Makes a set from its bits.
        public init(rawValue: Int32) { self.rawValue = rawValue }
        /// Somebody called `Waker.wake()`.
        public static let woken = Wake(rawValue: 1)
        /// There may be keys: read until `readKey` gives `nil`.
        public static let input = Wake(rawValue: 2)
        /// `size` has changed, or the screen came back from being suspended: draw.
        public static let resized = Wake(rawValue: 4)
        /// A signal asks the program to end; see `lastSignal`. Leave within a second, or it ends by force.
        public static let terminated = Wake(rawValue: 8)
        /// The terminal is gone: leave, nothing can be shown any more.
        public static let hungUp = Wake(rawValue: 16)
        /// The program was stopped from outside and goes on: what it knows is old. Comes with `.resized`.
        public static let resumed = Wake(rawValue: 64)
    }

    /// Which colours show; where none do, only attributes do.
    public let depth: ColorDepth
    /// Whether more than ASCII can be shown; if not, `draw` replaces it.
    public let isUTF8: Bool
    private let state: State

    /// Takes the terminal over.
    public init(options: Options = Options()) throws(ScreenError) {
        let code = ct_open(options.mouse)
        if code != Int32(CT_OK) { throw ScreenError(code: code) }
        depth = options.colors ? ColorDepth(colors: Int(ct_colors())) : .none
        isUTF8 = ct_utf8() && !options.ascii
        state = State(pairs: ct_pairs())
    }

    deinit { ct_close() }

    /// The terminal's extent, at most 1,000 each way.
    public var size: Size { Size(columns: Int(ct_columns()), rows: Int(ct_rows())) }

    /// The signal behind `.terminated`, 0 when there was none. The status to exit with is 128 more.
    public var lastSignal: Int32 { ct_signal() }

    /// Shows a frame; only what differs from the last one is sent. A frame of another size is clipped.
    public func draw(_ frame: Frame) {
        let size = size
        let frame = frame.size.columns > size.columns ? frame.clipped(to: size) : frame
        // What curses has of the last frame stays: most keys change two rows.
        let last = state.drawn.flatMap { $0.size == size && $0.frame.size == frame.size ? $0.frame : nil }
        if last == nil { ct_erase() }
        for row in 0..<min(frame.size.rows, size.rows) {
            if let last {
                if frame.hasSameRow(row, as: last) { continue }
                ct_erase_row(Int32(row))
            }
            for run in frame.runs(row: row) { put(run, row: row) }
        }
        state.drawn = (frame, size)
        if let cursor = frame.cursor, Rect(frame.size).contains(cursor), Rect(size).contains(cursor) {
            ct_cursor(Int32(cursor.row), Int32(cursor.column))
        } else {
            ct_cursor(-1, 0)
        }
        ct_flush()
    }

    /// Makes the next `draw` send everything, for a terminal that something else has written to.
    public func redrawAll() { ct_repaint() }

    /// Sleeps until there is something to do or the time has come; `nil` waits for ever. Costs nothing meanwhile.
    public func wait(until deadline: ContinuousClock.Instant? = nil) -> Wake {
        if state.reader.hasKey { return attend(ct_wait(0)).union(.input) }
        let due = [deadline, state.reader.deadline].compactMap { $0 }.min()
        let wake = attend(ct_wait(due.map { milliseconds(until: $0) } ?? -1))
        let isKeyDue = state.reader.deadline.map { $0 <= .now } ?? false
        return isKeyDue ? wake.union(.input) : wake
    }

    /// The next key, or `nil` when there is none now. Never waits.
    ///
    /// A key that is a byte comes some milliseconds late, when it is known to be typed and not pasted.
    /// - Parameter mayActAtOnce: whether a key does no harm even if nobody typed it: then it comes without delay.
    public func readKey(mayActAtOnce: (Key) -> Bool = { _ in false }) -> Key? {
        // A terminal that talks without end gets no more than its turn.
        for _ in 0..<16 {
            if let key = state.reader.next() { return key }
            if !state.read() { return state.reader.next(where: mayActAtOnce) }
        }
        return nil
    }

    /// Leaves the screen, stops the process as `^Z` does, and when continued comes back and reports `.resized`.
    public func suspend() { ct_suspend(true) }

    /// Asks the terminal to take text into the clipboard (OSC 52), which works over SSH and through tmux and screen.
    ///
    /// With the bell the only control sequence that is written past curses; the text travels as base64, so nothing in it can act.
    /// False when it is longer than 74,994 bytes, which terminals refuse. Whether the terminal obeyed is unknown.
    @discardableResult
    public func copyToClipboard(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= 74_994 else { return false }
        let sequence = ClipboardSequence(
            text: bytes, isInTmux: unsafe getenv("TMUX") != nil, isInScreen: unsafe getenv("STY") != nil)
        unsafe sequence.bytes.withUnsafeBufferPointer { buffer in
            if let start = buffer.baseAddress { unsafe ct_write(start, buffer.count) }
        }
        return true
    }

    /// Rings the terminal's bell.
    public func ring() {
        let bell: [UInt8] = [0x07]
        unsafe bell.withUnsafeBufferPointer { buffer in
            if let start = buffer.baseAddress { unsafe ct_write(start, buffer.count) }
        }
    }

    /// Gives the terminal back, and shows what was written to standard error meanwhile.
    public consuming func close() {}

    /// Does what the terminal needs before the program is told.
    private func attend(_ bits: Int32) -> Wake {
        var wake = Wake(rawValue: bits & ~Int32(CT_STOPPED))
        if bits & Int32(CT_STOPPED) != 0 {
            ct_suspend(false)
            wake.formUnion([.resized, .resumed])
        } else if wake.contains(.resumed) {
            ct_return()
            wake.insert(.resized)
        }
        if wake.contains(.resized) { ct_resize() }
        return wake
    }

    private func put(_ run: Run, row: Int) {
        let text = isUTF8 ? run.text : Text.ascii(run.text)
        let style = run.style
        let attributes =
            (style.isBold ? CT_BOLD : 0) | (style.isDim ? CT_DIM : 0)
            | (style.isReversed ? CT_REVERSED : 0) | (style.isUnderlined ? CT_UNDERLINED : 0)
        let pair = depth != .none ? state.pair(style.foreground, style.background) : 0
        unsafe ct_put(Int32(row), Int32(run.column), text, Int32(attributes), pair)
    }

    private func milliseconds(until due: ContinuousClock.Instant) -> Int32 {
        let rest = ContinuousClock.now.duration(to: due).components
        if rest.seconds < 0 || rest.attoseconds < 0 { return 0 }
        if rest.seconds > 1_000_000 { return 1_000_000_000 }
        return Int32(rest.seconds * 1_000 + rest.attoseconds / 1_000_000_000_000_000 + 1)
    }
}

extension Screen {
    /// What changes while the screen is up. A class, so that the screen can be a constant and is not Sendable.
    private final class State {
        var reader = KeyReader(described: .ofTerminal(), escapeDelay: State.escapeDelay)
        private var buffer = [UInt8](repeating: 0, count: 4_096)
        private let pairs: Int32
        private var known: [Int32: Int32] = [:]
        /// The last frame that was drawn, and the terminal's size then.
        var drawn: (frame: Frame, size: Size)?

        init(pairs: Int32) { self.pairs = pairs }

        /// Hands on what the terminal has sent, or says that there is nothing more.
        /// - Returns: whether there was anything.
        func read() -> Bool {
            let count = unsafe buffer.withUnsafeMutableBufferPointer { bytes in
                unsafe bytes.baseAddress.map { unsafe ct_read($0, bytes.count) } ?? 0
            }
            if count > 0 { reader.feed(buffer[..<count], at: .now) } else { reader.expire(at: .now) }
            return count > 0
        }

        /// The colour pair, made the first time it is asked for. A terminal that has no more shows its own colours.
        func pair(_ foreground: Color, _ background: Color) -> Int32 {
            let colors = (Int32(foreground.index ?? -1), Int32(background.index ?? -1))
            if colors == (-1, -1) { return 0 }
            let wanted = colors.0 << 16 | colors.1 & 0xFFFF
            if let number = known[wanted] { return number }
            let number = Int32(known.count) + 1
            guard number <= pairs else { return 0 }
            known[wanted] = number
            ct_pair(number, colors.0, colors.1)
            return number
        }

        /// How long Esc is waited with: 100 ms, or what `ESCDELAY` says, as for other programs of this kind.
        private static var escapeDelay: Duration {
            guard let text = unsafe getenv("ESCDELAY"), let number = unsafe Int(String(cString: text)) else {
                return .milliseconds(100)
            }
            return .milliseconds(min(5_000, max(10, number)))
        }
    }
}

extension ScreenError {
    fileprivate init(code: Int32) {
        let reason: Reason =
            switch code {
            case Int32(CT_NO_TERMINAL): .noTerminal
            case Int32(CT_NO_TERM): .noTerm
            case Int32(CT_POOR_TERM): .poorTerm
            default: .unknownTerm
            }
        var term = ""
        if let value = unsafe getenv("TERM") { term = unsafe Text.clean(String(cString: value)) }
        self.init(reason, term: term)
    }
}

extension Frame {
    fileprivate func clipped(to size: Size) -> Frame {
        var result = Frame(size: size)
        for row in 0..<min(size.rows, self.size.rows) {
            for run in runs(row: row) { result.put(run.text, column: run.column, row: row, style: run.style) }
        }
        result.cursor = cursor
        return result
    }
}
