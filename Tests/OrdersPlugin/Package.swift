// swift-tools-version: 6.2
import PackageDescription

// A plugin of another package that needs only what toolhost installs. TOOLHOST_PREFIX is the directory of the
// installation.
let toolhost = Context.environment["TOOLHOST_PREFIX"] ?? "/usr/local"

let package = Package(
    name: "Orders",
    products: [.library(name: "Orders", type: .dynamic, targets: ["Orders"])],
    dependencies: [.package(path: "\(toolhost)/share/toolhost/sdk")],
    targets: [
        .target(
            name: "Orders",
            dependencies: [.product(name: "ToolPluginFoundation", package: "sdk")],
            swiftSettings: [
                .treatAllWarnings(as: .error),
                .unsafeFlags([
                    "-load-plugin-executable", "\(toolhost)/libexec/toolhost/ToolPluginMacros#ToolPluginMacros",
                ]),
            ]
        )
    ]
)
