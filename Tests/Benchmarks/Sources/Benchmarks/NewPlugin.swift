import Foundation

/// From an empty directory to a listed tool: with the installed SDK, which contains the built macros, and from source.
///
/// With the SDK, it also measures the size of the file with and without Foundation.
enum NewPlugin {
    static func measure(_ workshop: PluginWorkshop, command: String, into table: inout Table) throws {
        let prefix = URL(filePath: command).deletingLastPathComponent().deletingLastPathComponent()
        let maker = prefix.appending(path: "share/toolhost/sdk/new-plugin").path

        func begin(_ name: String, changing manifest: (String) -> String = { $0 }, importing module: String) throws
            -> URL
        {
            announce("A new plugin \(name) …")
            let directory = workshop.directory.appending(path: name)
            try run(maker, "Greeter", directory.path, in: workshop.directory)
            try change(directory.appending(path: "Package.swift"), manifest)
            try change(directory.appending(path: "Sources/Greeter/Greeter.swift")) {
                $0.replacingOccurrences(of: "import ToolPlugin\n", with: "import \(module)\n")
            }
            return directory
        }
        func finish(_ directory: URL) throws -> URL {
            try run("/usr/bin/env", "git", "init", "-q", in: directory)
            try run("/usr/bin/env", "swift", "build", "-c", "release", in: directory)
            let plugin = directory.appending(path: ".build/release/libGreeter.so")
            try run(command, "list", "--plugins", plugin.path, "--no-default-plugins", in: directory)
            return plugin
        }

        let clock = ContinuousClock()
        var plugin = URL(filePath: "")
        let withSDK = try clock.measure { plugin = try finish(begin("with the SDK", importing: "ToolPlugin")) }
        let small = try size(plugin)
        plugin = try finish(
            begin("with Foundation", changing: Self.usingFoundation, importing: "ToolPluginFoundation")
        )
        let large = try size(plugin)
        let fromSource = try clock.measure {
            _ = try finish(begin("from source", changing: Self.usingSource, importing: "ToolPlugin"))
        }
        table.add("a new plugin with the SDK", withSDK, beside: fromSource, "from source, a single run")
        table.add("its file with Foundation", bytes: large, beside: small, "without")
    }

    private static func usingFoundation(_ manifest: String) -> String {
        manifest.replacingOccurrences(
            of: #".product(name: "ToolPlugin","#,
            with: #".product(name: "ToolPluginFoundation","#
        )
    }

    /// Returns the manifest of a plugin that depends on the package instead of the installed SDK.
    private static func usingSource(_ manifest: String) -> String {
        // This file is five levels below the root.
        var root = URL(filePath: #filePath)
        for _ in 1...5 { root.deleteLastPathComponent() }
        return """
            // swift-tools-version: 6.2
            import PackageDescription

            let package = Package(
                name: "Greeter",
                products: [.library(name: "Greeter", type: .dynamic, targets: ["Greeter"])],
                dependencies: [.package(name: "toolhost", path: "\(root.path)")],
                targets: [.target(name: "Greeter", dependencies: [.product(name: "ToolPlugin", package: "toolhost")])]
            )
            """
    }

    private static func change(_ file: URL, _ body: (String) -> String) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        try Data(body(text).utf8).write(to: file)
    }

    private static func size(_ file: URL) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int ?? 0
    }

    private static func run(_ program: String, _ arguments: String..., in directory: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.standardOutput = FileHandle.standardError
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("\(program) \(arguments.joined(separator: " ")) failed.")
        }
    }
}
