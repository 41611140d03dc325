import Foundation

/// A private temporary directory, removed when this object is released, with a C compiler for plugins.
public final class FixtureDirectory: Sendable {
    /// The path of the directory, without symbolic links.
    public let path: String

    /// The reason why a fixture could not be created.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Creates the directory, which only this user can read.
    public init() throws {
        var template = Array((NSTemporaryDirectory() + "/toolhost-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil, let real = realpath(template, nil) else {
            throw Failure(description: "no temporary directory: \(String(cString: strerror(errno)))")
        }
        defer { free(real) }
        path = String(cString: real)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file.
    ///
    /// - Returns: Its path.
    @discardableResult
    public func file(_ name: String, _ bytes: some Sequence<UInt8>, mode: Int = 0o644) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    /// Creates a directory in the directory.
    ///
    /// - Returns: Its path.
    @discardableResult
    public func directory(_ name: String) throws -> String {
        let directory = path + "/" + name
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return directory
    }

    /// Compiles C source text that includes `tool_plugin.h` into a shared library.
    ///
    /// - Parameters:
    ///   - name: The library's file name, such as `greeter.so`, possibly in a directory created before.
    ///   - source: The source text.
    ///   - flags: Additional arguments of the compiler, such as `-DCASE=1`.
    ///   - compiler: The compiler.
    /// - Returns: The library's path.
    @discardableResult
    public func plugin(
        _ name: String,
        _ source: String,
        flags: [String] = [],
        compiler: String = "cc"
    ) throws -> String {
        try compile(name, source, flags: ["-shared", "-fPIC"] + flags, compiler: compiler)
    }

    /// Compiles C source text into a program.
    ///
    /// - Returns: The program's path.
    public func program(_ name: String, _ source: String) throws -> String {
        try compile(name, source, flags: [], compiler: "cc")
    }

    private func compile(_ name: String, _ source: String, flags: [String], compiler command: String) throws -> String {
        let library = path + "/" + name
        let text = library + ".c"
        try Data(source.utf8).write(to: URL(fileURLWithPath: text))
        defer { try? FileManager.default.removeItem(atPath: text) }
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments =
            [command, "-Wall", "-I", Self.headerDirectory, "-I", Self.sourceDirectory] + flags
            + ["-o", library, text, "-lpthread"]
        let diagnostics = Pipe()
        compiler.standardError = diagnostics
        try compiler.run()
        let message = diagnostics.fileHandleForReading.readDataToEndOfFile()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw Failure(description: "\(command) \(name): " + String(decoding: message, as: UTF8.self))
        }
        return library
    }

    /// The directory of `tool_plugin.h` in this checkout.
    public static var headerDirectory: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/CToolPlugin/include").path
    }

    /// The directory of the C files that tests compile, `Tests/Fixtures` in this checkout.
    public static var sourceDirectory: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures").path
    }
}
