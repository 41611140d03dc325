// swift-tools-version: 6.2
import PackageDescription

// The installed SDK for plugins in Swift. It has no dependencies, so a plugin builds offline and in seconds. The macros
// are an executable in libexec/toolhost.
let macros = "\(Context.packageDirectory)/../../../libexec/toolhost/ToolPluginMacros"

let package = Package(
    name: "toolhost-sdk",
    products: [
        .library(name: "ToolPlugin", targets: ["ToolPlugin"]),
        .library(name: "ToolPluginFoundation", targets: ["ToolPluginFoundation"]),
    ],
    targets: [
        .target(name: "CToolPlugin"),
        .target(name: "Locks"),
        .target(name: "ToolContract", dependencies: ["CToolPlugin"]),
        .target(name: "ToolJSON"),
        .target(name: "ToolPlugin", dependencies: ["CToolPlugin", "Locks", "ToolContract", "ToolJSON"]),
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

// Without the executable, the compiler warns about a missing implementation at each declaration of a macro.
for target in package.targets where target.name == "ToolPlugin" {
    target.swiftSettings?.append(.unsafeFlags(["-load-plugin-executable", "\(macros)#ToolPluginMacros"]))
}
