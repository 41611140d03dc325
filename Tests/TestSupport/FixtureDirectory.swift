import Foundation

/// A private temporary directory that goes away with this object, and a C compiler to fill it with plugins.
public final class FixtureDirectory: Sendable {
    /// The directory's path, free of symbolic links.
    public let path: String

    /// Why a fixture could not be made.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Makes the directory, for this user alone.
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

    /// Makes a directory in the directory.
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
    ///   - name: The library's file name, `greeter.so` say; it may lie in a directory made before.
    ///   - source: The source text.
    ///   - flags: More arguments for the compiler, `-DCASE=1` say.
    ///   - compiler: Another than the system's own.
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
            [command, "-Wall", "-I", Self.headerDirectory] + flags + ["-o", library, text, "-lpthread"]
        let complaints = Pipe()
        compiler.standardError = complaints
        try compiler.run()
        let words = complaints.fileHandleForReading.readDataToEndOfFile()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw Failure(description: "\(command) \(name): " + String(decoding: words, as: UTF8.self))
        }
        return library
    }

    /// The directory of `tool_plugin.h` in this checkout.
    public static var headerDirectory: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/CToolPlugin/include").path
    }
}
