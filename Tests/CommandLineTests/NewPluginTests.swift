import Foundation
import TestSupport
import Testing

/// The script `new-plugin`, from the sources: it writes files without a staged tree.
@Suite("new-plugin", .timeLimit(.minutes(5)))
struct NewPluginTests {
    private static let script = URL(filePath: #filePath).appending(path: "../../../Scripts/sdk/new-plugin").standardized
        .path

    private func run(_ arguments: [String], in directory: FixtureDirectory) throws -> Command.Result {
        var command = Command()
        command.program = "/bin/bash"
        command.arguments = [Self.script] + arguments
        command.shell = "cd '\(directory.path)' && exec \"$@\""
        return try command.run()
    }

    /// An argument with the expected names.
    struct Name: Sendable, CustomTestStringConvertible {
        let argument: String
        let module: String
        let plugin: String
        var product: String?
        var directory: String?

        var testDescription: String { argument }
    }

    @Test(
        "a package has the given name, and its module has an identifier made from it",
        arguments: [
            Name(argument: "Greeter", module: "Greeter", plugin: "greeter"),
            Name(argument: "my-greeter", module: "my_greeter", plugin: "my-greeter"),
            Name(argument: "My_Greeter", module: "My_Greeter", plugin: "my-greeter"),
            Name(argument: "3d-tools", module: "_3d_tools", plugin: "3d-tools"),
            Name(argument: "my.greeter", module: "my_greeter", plugin: "my.greeter"),
            Name(argument: "HTTP", module: "HTTP", plugin: "http"),
            Name(argument: "class", module: "class", plugin: "class"),
            Name(argument: "x", module: "x", plugin: "x"),
            Name(argument: "greeter/", module: "greeter", plugin: "greeter", product: "greeter"),
            Name(argument: "greeter//", module: "greeter", plugin: "greeter", product: "greeter", directory: "greeter"),
            Name(
                argument: "plugins/my-greeter",
                module: "my_greeter",
                plugin: "my-greeter",
                product: "my-greeter",
                directory: "plugins/my-greeter"
            ),
            Name(
                argument: String(repeating: "a", count: 64),
                module: String(repeating: "a", count: 64),
                plugin: String(repeating: "a", count: 64)
            ),
        ]
    )
    func names(name: Name) throws {
        let directory = try FixtureDirectory()
        let result = try run([name.argument], in: directory)
        #expect(result.status == 0, "\(result.errors)")
        let root = "\(directory.path)/\(name.directory ?? name.argument)"
        let manifest = try String(contentsOfFile: "\(root)/Package.swift", encoding: .utf8)
        let product = name.product ?? name.argument
        #expect(
            manifest.contains(#".library(name: "\#(product)", type: .dynamic, targets: ["\#(name.module)"])"#),
            "\(manifest)"
        )
        let source = try String(
            contentsOfFile: "\(root)/Sources/\(name.module)/\(name.module).swift",
            encoding: .utf8
        )
        #expect(source.contains(#"PluginDescription("\#(name.plugin)", version"#), "\(source)")
    }

    @Test(
        "invalid arguments are refused with a reason, and nothing is written",
        arguments: [
            ([""], "is not a valid name"), (["."], "is not a valid name"), ([".."], "is not a valid name"),
            ([".hidden"], "is not a valid name"), (["-x"], "is not a valid name"), (["--force"], "is not a valid name"),
            (["two words"], "is not a valid name"), (["gr\u{FC}\u{DF}er"], "is not a valid name"),
            (["a."], "is not a valid name"),
            (["a$b"], "is not a valid name"), (["a\"b"], "is not a valid name"), (["_a"], "is not a valid name"),
            ([String(repeating: "a", count: 65)], "is not a valid name"), (["/"], "is not a valid name"),
            (["main"], "choose another name"), (["Swift"], "choose another name"),
            (["Foundation"], "choose another name"), (["ToolPlugin"], "choose another name"),
            (["sdk"], "the SDK has that name"), (["greeter", "plugins/SDK/"], "the SDK has that name"),
            (["file"], "exists and is not a directory"), (["full"], "exists and is not empty"),
            (["greeter", "full"], "exists and is not empty"),
            (["greeter", "dangling"], "exists and is not a directory"),
            ([], "give a name"), (["a", "b", "c"], "give a name"),
        ] as [([String], String)]
    )
    func refusals(arguments: [String], words: String) throws {
        let directory = try FixtureDirectory()
        try directory.file("file", "x".utf8)
        try directory.directory("full")
        try directory.file("full/.keep", [])
        try FileManager.default.createSymbolicLink(atPath: "\(directory.path)/dangling", withDestinationPath: "nowhere")
        let before = try FileManager.default.subpathsOfDirectory(atPath: directory.path).sorted()
        let result = try run(arguments, in: directory)
        #expect(result.status == 1 && result.errors.contains(words), "\(result.errors)")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: directory.path).sorted() == before)
    }

    @Test(
        "a package is written to an empty directory, or to a new one with any name",
        arguments: ["empty", "two words", "deep/er"]
    )
    func directories(name: String) throws {
        let directory = try FixtureDirectory()
        try directory.directory("empty")
        let result = try run(["my-greeter", name], in: directory)
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            FileManager.default.fileExists(atPath: "\(directory.path)/\(name)/Sources/my_greeter/my_greeter.swift")
        )
    }
}
