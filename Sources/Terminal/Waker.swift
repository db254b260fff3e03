// SPDX-License-Identifier: MIT
import CTerminal

/// Ends the sleep of `Screen.wait`.
public enum Waker {
    /// Makes the present or the next `wait` return `.woken`; from any thread, never blocks, many count as one.
    public static func wake() { ct_wake() }
}
