import Foundation

/// A compiler of plugins in C, with a temporary directory.
struct PluginWorkshop {
    let directory: URL
    private let include: String

    init(include: String) throws {
        self.include = include
        directory = FileManager.default.temporaryDirectory.appending(path: "toolhost-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: directory) }

    /// Compiles a plugin with one tool, which sleeps and returns a result.
    func plugin(_ name: String, in subdirectory: String, sleeping milliseconds: Int = 0) throws {
        let directory = directory.appending(path: subdirectory)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try compile(
            Self.source,
            ["-shared", "-fPIC", "-I", include, "-DNAME=\"\(name)\"", "-DMILLISECONDS=\(milliseconds)"],
            into: directory.appending(path: "\(name).so")
        )
    }

    /// Compiles a plugin from one of the files beside the sources of this program.
    func plugin(of file: String) throws -> URL {
        let plugin = directory.appending(path: file + ".so")
        try compile(Self.file(file), ["-shared", "-fPIC", "-I", include], into: plugin)
        return plugin
    }

    /// Compiles a program or a library from one of the files beside the sources of this program.
    func program(of file: String, flags: [String] = []) throws -> URL {
        let program = directory.appending(path: file + ".program")
        try compile(Self.file(file), flags, into: program)
        return program
    }

    /// Returns a file of `Tests/Benchmarks/Programs`.
    static func file(_ name: String) -> URL {
        // This file is three levels below that directory.
        var root = URL(filePath: #filePath)
        for _ in 1...3 { root.deleteLastPathComponent() }
        return root.appending(path: "Programs/\(name)")
    }

    /// Compiles a program.
    func program(_ name: String, _ source: String, flags: [String] = []) throws -> URL {
        let program = directory.appending(path: name)
        try compile(source, ["-I", include] + flags, into: program)
        return program
    }

    private func compile(_ text: String, _ flags: [String], into product: URL) throws {
        let source = directory.appending(path: "source.c")
        try Data(text.utf8).write(to: source)
        try compile(source, flags, into: product)
    }

    private func compile(_ source: URL, _ flags: [String], into product: URL) throws {
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["cc", "-O1"] + flags + ["-o", product.path, source.path]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw BenchmarkError("cc could not compile \(product.path).") }
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include "tool_plugin.h"
        #include <unistd.h>

        static int32_t run(void *context, const tool_call_v1 *call) {
            (void)context;
            if (MILLISECONDS) usleep(MILLISECONDS * 1000);
            tool_print(call, "done");
            return tool_finish(call, TOOL_OK);
        }

        static const tool_v1 tool = {
            .struct_size = sizeof(tool_v1),
            .flags = TOOL_FLAG_CONCURRENT,
            .schema = TOOL_TEXT("{\"name\":\"" NAME "\",\"description\":\"Wait\",\"parameters\":{\"type\":\"object\","
                "\"required\":[\"city\"],\"properties\":{\"city\":{\"type\":\"string\",\"description\":\"A city\"}}}}"),
            .execute = run,
        };

        TOOL_PLUGIN("{\"name\":\"" NAME "\",\"version\":\"1.0.0\"}", &tool)
        """#
}
