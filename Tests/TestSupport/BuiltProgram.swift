// SPDX-License-Identifier: MIT
import FoundationEssentials

/// Something a test needs is not there.
public struct Missing: Error, CustomStringConvertible {
    /// What is missing and what to do.
    public let description: String

    /// Something is missing.
    public init(description: String) { self.description = description }
}

/// The path of a program that this package builds: beside the tests, or above them. `LOCKTOP_PROGRAM` names another
/// `locktop` to test: the one that is installed, which optimization may have made another one.
public func builtProgram(_ name: String) throws -> String {
    let files = FileManager.default
    if name == "locktop", let path = ProcessInfo.processInfo.environment["LOCKTOP_PROGRAM"] {
        guard files.isExecutableFile(atPath: path) else {
            throw Missing(description: "\(path), which LOCKTOP_PROGRAM names, is no program: build it first")
        }
        return path
    }
    let own = (try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    var parts = own.split(separator: "/").dropLast()
    while !parts.isEmpty {
        let path = "/" + parts.joined(separator: "/") + "/" + name
        if files.isExecutableFile(atPath: path), !isDirectory(path) { return path }
        parts = parts.dropLast()
    }
    throw Missing(description: "\(name) is not beside the tests (\(own)): build it first")
}

private func isDirectory(_ path: String) -> Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
}

func readText(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
}
