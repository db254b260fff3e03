// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Glibc
import LockSystems

/// Which locktop this is.
enum Version {
    static let text = "0.1.0"
    /// When the manual of this version was written.
    static let day = "November 26, 2026"

    /// Whether `--version --verbose` is asked.
    static func isAskedWhole(_ words: [String]) -> Bool {
        words.contains("--version") && words.contains { ["--verbose", "-v"].contains($0) }
            && words.allSatisfy { ["--version", "--verbose", "-v"].contains($0) }
    }

    /// What it is built with and runs on, for whoever reports something.
    static var whole: String {
        """
        locktop \(text)
        \(build)
        running on \(system), \(library)
        speaks \(Registry.kinds.map(\.word).joined(separator: ", "))
        """
    }

    /// What it is built with.
    static var build: String { "built with Swift \(compiler), \(mode), for \(machine)" }

    private static var compiler: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }

    private static var mode: String {
        #if DEBUG
            "not optimized"
        #else
            "optimized"
        #endif
    }

    private static var machine: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "arm64"
        #else
            "another machine"
        #endif
    }

    private static var library: String {
        var buffer = [CChar](repeating: 0, count: 64)
        _ = unsafe confstr(Int32(_CS_GNU_LIBC_VERSION), &buffer, buffer.count)
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static var system: String {
        let release = FileManager.default.contents(atPath: "/proc/sys/kernel/osrelease") ?? Data()
        let text = String(decoding: release, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return "Linux " + Text.clean(text)
    }
}
