// swift-tools-version: 6.2
import PackageDescription

// The sample plugins in Swift, built like any other plugin against the installed SDK. Scripts/build copies this file to
// .build/samples, beside the staged SDK and links to the sources in Plugins.
let toolhost = Context.packageDirectory + "/toolhost"
let samples = ["Clock", "Files", "System", "Weather"]

let package = Package(
    name: "samples",
    products: samples.map { .library(name: $0, type: .dynamic, targets: ["\($0)Plugin"]) },
    dependencies: [.package(path: "toolhost/share/toolhost/sdk")],
    targets: samples.map { name in
        .target(
            name: "\(name)Plugin",
            dependencies: [.product(name: "ToolPlugin", package: "sdk")],
            path: name,
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ],
            // Exporting the symbols of the contained runtime would make two plugins share them by accident.
            linkerSettings: [
                .unsafeFlags(["-Xlinker", "--version-script=\(toolhost)/share/toolhost/sdk/plugin.exports"])
            ]
        )
    }
)
