// swift-tools-version: 6.2
import CompilerPluginSupport
import PackageDescription

// All targets have the same strict compiler settings; see the end of this file.
let package = Package(
    name: "toolhost",
    products: [
        .executable(name: "toolhost", targets: ["toolhost-cli"]),
        .executable(name: "toolhost-rehearsal", targets: ["toolhost-rehearsal"]),
        .executable(name: "toolhost-worker", targets: ["toolhost-worker"]),
        .library(name: "CToolPlugin", targets: ["CToolPlugin"]),
        .library(name: "HTTPClient", targets: ["HTTPClient"]),
        .library(name: "OllamaClient", targets: ["OllamaClient"]),
        .library(name: "OllamaSchema", targets: ["OllamaSchema"]),
        .library(name: "OpenAIClient", targets: ["OpenAIClient"]),
        .library(name: "ToolAgent", targets: ["ToolAgent"]),
        .library(name: "ToolHost", targets: ["ToolHost"]),
        .library(name: "ToolJSON", targets: ["ToolJSON"]),
        .library(name: "ToolPlugin", targets: ["ToolPlugin"]),
        .library(name: "ToolPluginFoundation", targets: ["ToolPluginFoundation"]),
        .library(name: "ToolSchema", targets: ["ToolSchema"]),

        // MARK: - Sample plugins, one shared library each
        .library(name: "Arithmetic", type: .dynamic, targets: ["ArithmeticPlugin"]),
        .library(name: "Clock", type: .dynamic, targets: ["ClockPlugin"]),
        .library(name: "Files", type: .dynamic, targets: ["FilesPlugin"]),
        .library(name: "System", type: .dynamic, targets: ["SystemPlugin"]),
        .library(name: "Weather", type: .dynamic, targets: ["WeatherPlugin"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1"),
    ],
    targets: [
        // MARK: - The contract
        .target(name: "CToolPlugin"),
        .target(name: "ToolContract", dependencies: ["CToolPlugin"]),
        .target(name: "Locks"),

        // MARK: - The plugin side
        .target(
            name: "ToolPlugin",
            dependencies: ["CToolPlugin", "Locks", "ToolContract", "ToolJSON", "ToolPluginMacros"]
        ),
        .target(name: "ToolPluginFoundation", dependencies: ["ToolPlugin"]),
        .macro(
            name: "ToolPluginMacros",
            dependencies: [
                .product(name: "SwiftCompilerPlugin", package: "swift-syntax"),
                .product(name: "SwiftDiagnostics", package: "swift-syntax"),
                .product(name: "SwiftParser", package: "swift-syntax"),
                .product(name: "SwiftSyntax", package: "swift-syntax"),
                .product(name: "SwiftSyntaxBuilder", package: "swift-syntax"),
                .product(name: "SwiftSyntaxMacros", package: "swift-syntax"),
            ]
        ),

        // SwiftPM looks for build-tool plugins in `Plugins/`; ordinary targets work there with a `path:`.
        .target(name: "ArithmeticPlugin", dependencies: ["CToolPlugin"], path: "Plugins/Arithmetic"),
        .target(name: "ClockPlugin", dependencies: ["ToolPlugin"], path: "Plugins/Clock"),
        .target(name: "FilesPlugin", dependencies: ["ToolPlugin"], path: "Plugins/Files"),
        .target(name: "SystemPlugin", dependencies: ["ToolPlugin"], path: "Plugins/System"),
        .target(name: "WeatherPlugin", dependencies: ["ToolPlugin"], path: "Plugins/Weather"),

        // MARK: - The host side
        .target(name: "ToolJSON"),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .target(name: "ToolSchema", dependencies: ["CPCRE2", "ToolJSON"]),
        .systemLibrary(name: "CFFI", pkgConfig: "libffi", providers: [.apt(["libffi-dev"])]),
        .target(name: "ToolRuntime", dependencies: ["CFFI", "CToolPlugin", "Locks", "ToolContract", "ToolJSON"]),
        .target(name: "CWorker"),
        .target(name: "CSandbox"),
        .target(name: "ToolSandbox", dependencies: ["CSandbox", "ToolJSON"]),
        .target(name: "CCrypto"),
        .target(
            name: "ToolHost",
            dependencies: [
                "CCrypto", "CWorker", "Locks", "ToolContract", "ToolJSON", "ToolRuntime", "ToolSandbox", "ToolSchema",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .target(
            name: "ToolBinding",
            dependencies: [
                "Locks", "ToolJSON", "ToolRuntime",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .target(name: "CCurl"),
        .target(name: "HTTPClient", dependencies: ["CCurl", "Locks"]),
        .target(name: "OllamaSchema", dependencies: ["ToolJSON", "ToolSchema"]),
        .target(name: "OllamaClient", dependencies: ["HTTPClient", "Locks", "OllamaSchema", "ToolJSON"]),
        .target(name: "OpenAIClient", dependencies: ["HTTPClient", "Locks", "OllamaClient", "ToolJSON"]),
        .target(
            name: "ToolAgent",
            dependencies: ["Locks", "OllamaClient", "OpenAIClient", "ToolContract", "ToolHost", "ToolJSON"]
        ),
        .target(name: "CSQLite"),
        .target(
            name: "ToolHistory",
            dependencies: ["CSQLite", "Locks", "OllamaClient", "ToolAgent", "ToolJSON", "ToolRuntime"]
        ),
        .target(name: "Terminal", dependencies: ["Locks", "ToolJSON"]),

        // MARK: - Executables
        .executableTarget(
            name: "toolhost-cli",
            dependencies: [
                "Locks", "OllamaClient", "OpenAIClient", "Terminal", "ToolAgent", "ToolBinding", "ToolHistory",
                "ToolHost", "ToolJSON", "ToolSchema",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .executableTarget(
            name: "toolhost-worker",
            dependencies: ["CWorker", "Locks", "ToolJSON", "ToolRuntime", "ToolSandbox"]
        ),
        .target(name: "LoopbackHTTP"),
        .executableTarget(name: "toolhost-rehearsal", dependencies: ["LoopbackHTTP", "ToolJSON"]),

        // MARK: - Tests
        .target(name: "TestSupport", dependencies: ["Locks", "LoopbackHTTP", "ToolJSON"], path: "Tests/TestSupport"),
        .testTarget(name: "TerminalTests", dependencies: ["Locks", "Terminal", "TestSupport"]),
        .testTarget(name: "ToolJSONTests", dependencies: ["ToolJSON"]),
        .testTarget(name: "ToolSchemaTests", dependencies: ["Locks", "ToolJSON", "ToolSchema"]),
        .testTarget(
            name: "ToolRuntimeTests",
            dependencies: ["Locks", "TestSupport", "ToolContract", "ToolJSON", "ToolRuntime"]
        ),
        .testTarget(name: "ToolBindingTests", dependencies: ["TestSupport", "ToolBinding", "ToolJSON", "ToolRuntime"]),
        .testTarget(
            name: "ToolPluginTests",
            dependencies: [
                "BlockedPool", "Locks", "TestSupport", "ToolHost", "ToolJSON", "ToolPlugin", "ToolPluginFoundation",
            ]
        ),
        .testTarget(
            name: "ToolPluginMacrosTests",
            dependencies: [
                "ToolPluginMacros",
                .product(name: "SwiftDiagnostics", package: "swift-syntax"),
                .product(name: "SwiftParser", package: "swift-syntax"),
                .product(name: "SwiftSyntax", package: "swift-syntax"),
                .product(name: "SwiftSyntaxMacroExpansion", package: "swift-syntax"),
                .product(name: "SwiftSyntaxMacros", package: "swift-syntax"),
            ]
        ),
        .testTarget(
            name: "ToolHostTests",
            dependencies: [
                "Locks", "TestSupport", "ToolHost", "ToolJSON", "ToolPlugin", "ToolRuntime", "ToolSandbox",
                "toolhost-worker",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .target(name: "CSandboxProbe", path: "Tests/CSandboxProbe"),
        .executableTarget(
            name: "SandboxProbe",
            dependencies: ["CSandboxProbe", "ToolJSON", "ToolSandbox"],
            path: "Tests/SandboxProbe"
        ),
        .testTarget(
            name: "ToolSandboxTests",
            dependencies: ["CSandbox", "SandboxProbe", "TestSupport", "ToolJSON", "ToolSandbox"]
        ),
        .testTarget(name: "LoopbackHTTPTests", dependencies: ["LoopbackHTTP", "TestSupport"]),
        .testTarget(name: "HTTPClientTests", dependencies: ["HTTPClient", "TestSupport"]),
        .testTarget(name: "OllamaSchemaTests", dependencies: ["OllamaSchema", "ToolJSON"]),
        .testTarget(
            name: "OllamaClientTests",
            dependencies: ["HTTPClient", "OllamaClient", "TestSupport", "ToolJSON"]
        ),
        .testTarget(
            name: "OpenAIClientTests",
            dependencies: [
                "HTTPClient", "OllamaClient", "OpenAIClient", "TestSupport", "ToolAgent", "ToolHost", "ToolJSON",
                "ToolPlugin",
            ]
        ),
        .testTarget(
            name: "ToolAgentTests",
            dependencies: [
                "Embedder", "EmbeddingExample", "Locks", "OllamaClient", "ReadmeExample", "TestSupport", "ToolAgent",
                "ToolHost", "ToolJSON", "ToolPlugin", "toolhost-worker",
            ]
        ),
        .executableTarget(
            name: "ReadmeExample",
            dependencies: ["ToolAgent", "ToolPlugin"],
            path: "Tests/ReadmeExample"
        ),
        .executableTarget(
            name: "EmbeddingExample",
            dependencies: ["OpenAIClient", "ToolAgent", "ToolHost", "ToolJSON", "ToolPlugin"],
            path: "Tests/EmbeddingExample"
        ),
        .executableTarget(
            name: "Embedder",
            dependencies: ["ToolAgent", "ToolHost", "ToolPlugin"],
            path: "Examples/Embedder/Sources/Embedder"
        ),
        .testTarget(
            name: "ToolHistoryTests",
            dependencies: [
                "HistoryWriter", "Locks", "OllamaClient", "TestSupport", "ToolAgent", "ToolHistory", "ToolHost",
                "ToolJSON",
            ]
        ),
        .executableTarget(
            name: "HistoryWriter",
            dependencies: ["OllamaClient", "ToolHistory"],
            path: "Tests/HistoryWriter"
        ),
        .target(name: "CNativeCalls", dependencies: ["CFFI"], path: "Tests/CNativeCalls"),
        .executableTarget(
            name: "NativeCalls",
            dependencies: ["CNativeCalls", "ToolJSON", "ToolRuntime"],
            path: "Tests/NativeCalls"
        ),
        .executableTarget(
            name: "HistoryCalls",
            dependencies: ["OllamaClient", "ToolHistory", "ToolJSON"],
            path: "Tests/HistoryCalls"
        ),
        .executableTarget(
            name: "BlockedPool",
            dependencies: ["Locks", "ToolHost", "ToolPlugin"],
            path: "Tests/BlockedPool"
        ),
        .executableTarget(
            name: "LivingHost",
            dependencies: ["Locks", "ToolHost", "ToolJSON"],
            path: "Tests/LivingHost"
        ),
        .executableTarget(
            name: "SteadyAgent",
            dependencies: [
                "CToolPlugin", "Locks", "OllamaClient", "TestSupport", "ToolAgent", "ToolContract", "ToolHost",
                "ToolJSON",
            ],
            path: "Tests/SteadyAgent"
        ),
        .testTarget(name: "CommandLineTests", dependencies: ["LivingHost", "TestSupport", "ToolJSON", "ToolSchema"]),
    ]
)

// MARK: - Settings for every target

for target in package.targets where ![.plugin, .system, .binary].contains(target.type) {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
    // A flag on the command line would also apply to the dependencies, and some of them have warnings.
    if Context.environment["TOOLHOST_WARNINGS_AS_ERRORS"] == "1" {
        target.swiftSettings?.append(.treatAllWarnings(as: .error))
        target.cSettings = [.treatAllWarnings(as: .error)]
    }
}
