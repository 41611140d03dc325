import Foundation
import TestSupport
import Testing
import ToolJSON

/// Drafts over libraries as Debian ships them, with their headers.
@Suite("A stock library", .timeLimit(.minutes(10)))
struct StockLibraryTests {
    struct Library: Sendable, CustomTestStringConvertible {
        let name: String
        /// Where its header is, to tell whether this machine has it.
        let headers: [String]
        let package: String
        /// How many of its functions have to be tools without a decision; how many a version has, varies.
        let tools: Int
        let call: (tool: String, arguments: JSON, result: JSON)

        var testDescription: String { name }

        var isInstalled: Bool { headers.contains { FileManager.default.fileExists(atPath: "/usr/include/\($0)") } }
    }

    static let libraries = [
        Library(
            name: "m",
            headers: ["math.h"],
            package: "libc6-dev",
            tools: 100,
            call: ("hypot", ["x": 3, "y": 4], 5)
        ),
        Library(
            name: "z",
            headers: ["zlib.h"],
            package: "zlib1g-dev",
            tools: 6,
            call: ("zError", ["value": -3], "data error")
        ),
        Library(
            name: "sqlite3",
            headers: ["sqlite3.h"],
            package: "libsqlite3-dev",
            tools: 25,
            call: ("sqlite3_strglob", ["zGlob": "a*c", "zStr": "abbc"], 0)
        ),
        Library(
            name: "png",
            headers: ["png.h"],
            package: "libpng-dev",
            tools: 1,
            call: ("png_access_version_number", [:], .null)
        ),
        Library(
            name: "curl",
            headers: ["curl/curl.h", "x86_64-linux-gnu/curl/curl.h"],
            package: "libcurl4-openssl-dev",
            tools: 5,
            call: ("curl_easy_strerror", ["value": "CURLE_UNSUPPORTED_PROTOCOL"], "Unsupported protocol")
        ),
        Library(
            name: "zstd",
            headers: ["zstd.h"],
            package: "libzstd-dev",
            tools: 10,
            call: ("ZSTD_getErrorName", ["code": 0], "No error detected")
        ),
    ]

    @Test("gives tools with no decision made, which are right", arguments: libraries)
    func binds(library: Library) throws {
        try #require(library.isInstalled, "apt-get install \(library.package), as Scripts/test does")
        let folder = try FixtureFolder()
        let file = "\(folder.path)/\(library.name).tool.json"
        var bind = Command("bind", library.name, "-o", file, "--json")
        bind.environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        let drafted = try bind.run()
        #expect(drafted.status == 0, "\(drafted.errors)")
        let tools = try drafted.json["tools"]?.array ?? []
        #expect(tools.count >= library.tools)

        let checked = try Command("check", file, "--json").run()
        #expect(checked.status == 0, "\(checked.output)")
        #expect(try checked.json["plugin"]?["tools"] == .array(tools.compactMap(\.string).sorted().map(JSON.string)))

        let (tool, arguments, result) = library.call
        let called = try Command("call", tool, arguments.text(), plugins: folder).run()
        #expect(called.status == 0, "\(called.errors)")
        if tool == "png_access_version_number" {
            let header = try String(contentsOfFile: "/usr/include/png.h", encoding: .utf8)
            let version = header.split(separator: "\n").first { $0.hasPrefix("#define PNG_LIBPNG_VER ") }
            let words = version?.split(whereSeparator: \.isWhitespace) ?? []
            #expect(words.dropFirst(2).first.map { called.output == $0 + "\n" } == true, "\(called.output)")
        } else {
            #expect(called.output == (result.string ?? result.text()) + "\n")
        }
    }
}
