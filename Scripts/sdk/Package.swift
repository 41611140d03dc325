// swift-tools-version: 6.2
import PackageDescription

// What plugins written in Swift need, as toolhost installs it: without dependencies, so that they are built in seconds
// and offline. The macros come built, in libexec/toolhost.
let package = Package(
    name: "toolhost-sdk",
    products: [
        .library(name: "ToolPlugin", targets: ["ToolPlugin"]),
        .library(name: "ToolPluginFoundation", targets: ["ToolPluginFoundation"]),
    ],
    targets: [
        .target(name: "CToolPlugin"),
        .target(name: "ToolContract", dependencies: ["CToolPlugin"]),
        .target(name: "ToolJSON"),
        .target(name: "ToolPlugin", dependencies: ["CToolPlugin", "ToolContract", "ToolJSON"]),
        .target(name: "ToolPluginFoundation", dependencies: ["ToolPlugin"]),
    ]
)

for target in package.targets {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
