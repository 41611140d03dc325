import Foundation
import TestSupport
import Testing

@testable import ToolRuntime

@Suite("The files that a worker hands to an interpreter")
struct HandedFilesTests {
    private let directory: FixtureDirectory
    private let paths: [String]

    init() throws {
        directory = try FixtureDirectory()
        paths = [try directory.file("a.py", "first".utf8), try directory.file("b.py", "second".utf8)]
    }

    private func stamp(_ paths: [String]) throws -> [UInt64] {
        try paths.flatMap { path in
            var status = stat()
            let result = stat(path, &status)
            try #require(result == 0)
            return FileIdentity(status).stamp
        }
    }

    private func hand(_ paths: [String], stamp: [UInt64]) throws(PluginError) -> HandedFiles {
        try HandedFiles(InterpreterOrder(arguments: ["python"], files: paths), stamp: stamp, plugin: "/a.py")
    }

    @Test("each file is open behind the descriptors of the worker, and stays open for the next program")
    func open() throws {
        let files = try hand(paths, stamp: stamp(paths))
        #expect(files.arguments.count == 2)
        for (argument, (path, text)) in zip(files.arguments, zip(paths, ["first", "second"])) {
            let parts = argument.split(separator: ":", maxSplits: 1)
            let descriptor = try #require(parts.first.flatMap { Int32($0) })
            defer { close(descriptor) }
            #expect(descriptor >= 5 && parts.last.map(String.init) == path)
            #expect(fcntl(descriptor, F_GETFD) == 0)
            var buffer = [UInt8](repeating: 0, count: 16)
            let count = pread(descriptor, &buffer, buffer.count, 0)
            #expect(String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self) == text)
        }
    }

    @Test(
        "a file that is not the one that the host has checked is an error",
        arguments: ["replaced", "changed", "missing", "link", "directory", "fewer", "other order"]
    )
    func differs(change: String) throws {
        var stamp = try stamp(paths)
        var paths = paths
        switch change {
        case "replaced":
            try FileManager.default.removeItem(atPath: paths[1])
            try directory.file("b.py", "another".utf8)
        case "changed": try directory.file("b.py", "third one".utf8)
        case "missing": try FileManager.default.removeItem(atPath: paths[1])
        case "link":
            try FileManager.default.removeItem(atPath: paths[1])
            try FileManager.default.createSymbolicLink(atPath: paths[1], withDestinationPath: paths[0])
        case "directory":
            try FileManager.default.removeItem(atPath: paths[1])
            try directory.directory("b.py")
        case "fewer": stamp.removeLast(stamp.count / 2)
        default: paths.reverse()
        }
        let changed = paths
        #expect(throws: PluginError.self) { try hand(changed, stamp: stamp) }
    }
}
