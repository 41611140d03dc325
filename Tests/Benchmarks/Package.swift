// swift-tools-version: 6.2
import PackageDescription

// A separate package, so that packages that depend on toolhost do not build it. Scripts/bench runs it.
let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "toolhost", path: "../..")],
    targets: [
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                .product(name: "OllamaClient", package: "toolhost"),
                .product(name: "ToolAgent", package: "toolhost"),
                .product(name: "ToolHost", package: "toolhost"),
                .product(name: "ToolJSON", package: "toolhost"),
                .product(name: "ToolSchema", package: "toolhost"),
            ],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
        ),
        // A process without Foundation, which loads much memory.
        .executableTarget(
            name: "HostDriver",
            dependencies: [
                .product(name: "CToolPlugin", package: "toolhost"),
                .product(name: "ToolHost", package: "toolhost"),
                .product(name: "ToolJSON", package: "toolhost"),
            ],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]
        ),
    ]
)
