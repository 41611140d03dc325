// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Embedder",
    // Until 0.1.0 is tagged, use a checkout: .package(path: "../toolhost").
    dependencies: [.package(url: "https://github.com/toolhost/toolhost", from: "0.1.0")],
    targets: [
        .executableTarget(
            name: "Embedder",
            dependencies: [
                .product(name: "ToolAgent", package: "toolhost"),
                .product(name: "ToolHost", package: "toolhost"),
                .product(name: "ToolPlugin", package: "toolhost"),
                // The program that runs plugins. SwiftPM builds it beside this one, where the host finds it. An app
                // that is installed has it in the same directory, or in ../libexec/toolhost.
                .product(name: "toolhost-worker", package: "toolhost"),
            ]
        )
    ]
)
