// swift-tools-version: 6.2
import PackageDescription

// `new-plugin NAME` writes such a package. TOOLHOST_PREFIX is the directory of the installation.
let toolhost = Context.environment["TOOLHOST_PREFIX"] ?? "/usr"

let package = Package(
    name: "Greeter",
    products: [.library(name: "Greeter", type: .dynamic, targets: ["Greeter"])],
    dependencies: [.package(path: "\(toolhost)/share/toolhost/sdk")],
    targets: [
        .target(
            name: "Greeter",
            dependencies: [.product(name: "ToolPlugin", package: "sdk")],
            swiftSettings: [
                .unsafeFlags([
                    "-load-plugin-executable", "\(toolhost)/libexec/toolhost/ToolPluginMacros#ToolPluginMacros",
                ])
            ],
            // One file that contains the Swift runtime and exports only its entry point.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-static-stdlib", "-Xlinker", "-s",
                        "-Xlinker", "--version-script=\(toolhost)/share/toolhost/sdk/plugin.exports",
                    ],
                    .when(configuration: .release)
                )
            ]
        )
    ]
)
