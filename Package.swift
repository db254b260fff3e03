// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT
import PackageDescription

/// The house rules that the compiler holds: see Sources/README.md.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func pure(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "locktop",
    products: [.executable(name: "locktop", targets: ["locktop"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .target(name: "CCrash"),
        .target(
            name: "CTerminal", dependencies: ["CCrash"],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        pure("Canvas"),
        pure("Terminal", ["Canvas", "CTerminal"]),
        pure("Locks"),
        pure("HTTP"),
        .target(name: "CCurl"),
        .target(name: "CKerberos"),
        .target(name: "CMemory"),
        pure("HTTPTransport", ["HTTP", "CCurl", "CKerberos"]),
        pure(
            "LockSystems", ["Locks", "HTTP"],
            exclude: ["Plone", "Nick", "SuperOffice", "Graph", "GitLFS", "WebDAV"].map { $0 + "/README.md" }),
        pure("Settings", ["Locks", "HTTP", .product(name: "Yams", package: "Yams")]),
        pure("Watching", ["Locks", "HTTP"]),
        pure("History", ["Locks", .product(name: "GRDB", package: "GRDB.swift")]),
        pure("Dashboard", ["Locks", "Canvas", .product(name: "HeapModule", package: "swift-collections")]),
        pure(
            "Serving",
            [
                "HTTP", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        pure("DemoServer", ["HTTP", "Serving"]),
        .executableTarget(
            name: "locktop",
            dependencies: [
                "Dashboard", "Watching", "LockSystems", "Settings", "HTTPTransport", "Terminal", "DemoServer",
                "Serving", "History", "Locks", "HTTP", "Canvas", "CMemory", "CCrash",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .target(name: "CNetworkProbe", path: "Tests/CNetworkProbe"),
        .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
        .target(
            name: "TestSupport", dependencies: ["Canvas", "CPseudoTerminal"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .executableTarget(
            name: "ScreenSample", dependencies: ["Canvas", "Terminal"], path: "Tests/ScreenSample",
            swiftSettings: strict),
        .target(
            name: "TestOffice", dependencies: ["TestSupport", "DemoServer", "Canvas"], path: "Tests/TestOffice",
            swiftSettings: strict),
        .target(
            name: "Stories", dependencies: ["TestSupport", "Canvas"], path: "Tests/Stories", swiftSettings: strict),
        .executableTarget(
            name: "ScreenPicture", dependencies: ["Canvas", "TestSupport"], path: "Tests/Screenshots",
            exclude: ["make.sh"], swiftSettings: strict),
        .executableTarget(
            name: "locktop-bench",
            dependencies: [
                "TestOffice", "TestSupport", "DemoServer", "Canvas", "Dashboard", "LockSystems", "Locks", "HTTP",
                "HTTPTransport",
            ],
            path: "Tests/Bench", swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "locktop", "Dashboard", "TestOffice", "TestSupport", "DemoServer", "Canvas", "CPseudoTerminal",
                "CNetworkProbe", "Locks", "Serving", "HTTP", "LockSystems", "Settings", "Watching",
            ],
            exclude: ["Golden", "Cases", "Recordings"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["locktop", "Stories", "TestOffice", "TestSupport", "DemoServer", "Canvas"],
            exclude: ["Golden"], swiftSettings: strict),
        tests("CanvasTests", ["Canvas"]),
        tests("TerminalTests", ["Canvas", "CTerminal", "Terminal", "TestSupport", "ScreenSample"]),
        .testTarget(
            name: "DashboardTests", dependencies: ["Canvas", "Dashboard", "Locks", "TestSupport"],
            exclude: ["Golden"], swiftSettings: strict),
        tests("PromiseTests", ["Canvas", "Dashboard", "LockSystems", "Locks", "Settings"]),
        tests("LocksTests", ["Locks"]),
        tests("WatchingTests", ["Locks", "HTTP", "Watching"]),
        .target(
            name: "LockSystemContract", dependencies: ["HTTP", "Locks", "LockSystems", "Watching"],
            path: "Tests/LockSystemContract",
            swiftSettings: strict),
        .testTarget(
            name: "LockSystemTests",
            dependencies: [
                "LockSystemContract", "LockSystems", "Locks", "HTTP", "Watching", "DemoServer", "TestSupport",
            ],
            exclude: ["Golden", "Graph/Golden", "Recordings"], swiftSettings: strict),
        tests(
            "PloneTests",
            [
                "LockSystemContract", "LockSystems", "Locks", "HTTP", "HTTPTransport", "Watching", "DemoServer",
                "Stories", "TestSupport", "locktop",
            ]),
        tests(
            "FileServerTests",
            [
                "LockSystemContract", "LockSystems", "Locks", "HTTP", "HTTPTransport", "Watching", "DemoServer",
                "TestSupport",
            ]),
        tests("HTTPTests", ["HTTP"]),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: [
                "HTTP", "HTTPTransport", "CNetworkProbe", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["Certificates"], swiftSettings: strict),
        tests("SettingsTests", ["Settings", "Locks", "LockSystems"]),
        tests("HistoryTests", ["History", "Locks", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(
            name: "DemoServerTests",
            dependencies: [
                "DemoServer", "HTTP", "TestSupport", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["Recordings"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
