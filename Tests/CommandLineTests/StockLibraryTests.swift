import Foundation
import TestSupport
import Testing
import ToolJSON

/// Drafts of libraries that Debian ships, with their headers.
@Suite("A stock library", .timeLimit(.minutes(10)))
struct StockLibraryTests {
    struct Library: Sendable, CustomTestStringConvertible {
        let name: String
        /// The possible paths of its header in `/usr/include`.
        let headers: [String]
        let package: String
        /// The minimum number of functions that are tools without a decision; other versions may have more.
        let tools: Int
        /// The minimum number of functions with open decisions.
        let undecided: Int
        /// The maximum number of refused functions.
        let refused: Int
        let call: (tool: String, arguments: JSON, result: JSON)

        var testDescription: String { name }

        var isInstalled: Bool { headers.contains { FileManager.default.fileExists(atPath: "/usr/include/\($0)") } }
    }

    static let libraries = [
        Library(
            name: "m",
            headers: ["math.h"],
            package: "libc6-dev",
            tools: 128,
            undecided: 8,
            refused: 71,
            call: ("hypot", ["x": 3, "y": 4], 5)
        ),
        Library(
            name: "z",
            headers: ["zlib.h"],
            package: "zlib1g-dev",
            tools: 8,
            undecided: 70,
            refused: 3,
            call: ("zError", ["value": -3], "data error")
        ),
        Library(
            name: "sqlite3",
            headers: ["sqlite3.h"],
            package: "libsqlite3-dev",
            tools: 29,
            undecided: 200,
            refused: 45,
            call: ("sqlite3_strglob", ["zGlob": "a*c", "zStr": "abbc"], 0)
        ),
        Library(
            name: "png",
            headers: ["png.h"],
            package: "libpng-dev",
            tools: 1,
            undecided: 225,
            refused: 20,
            call: ("png_access_version_number", [:], .null)
        ),
        Library(
            name: "curl",
            headers: ["curl/curl.h", "x86_64-linux-gnu/curl/curl.h"],
            package: "libcurl4-openssl-dev",
            tools: 7,
            undecided: 64,
            refused: 12,
            call: ("curl_easy_strerror", ["value": "CURLE_UNSUPPORTED_PROTOCOL"], "Unsupported protocol")
        ),
        Library(
            name: "zstd",
            headers: ["zstd.h"],
            package: "libzstd-dev",
            tools: 14,
            undecided: 52,
            refused: 2,
            call: ("ZSTD_getErrorName", ["code": 0], "No error detected")
        ),
    ]

    /// Drafts a library into a directory.
    private func bind(_ library: String, _ symbols: [String] = [], in directory: FixtureDirectory) throws -> Draft {
        let file = "\(directory.path)/\(library).tool.json"
        var bind = Command("bind", library)
        bind.arguments += symbols + ["-o", file, "--json"]
        bind.environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        let drafted = try bind.run()
        #expect(drafted.status == 0, "\(drafted.errors)")
        let content = try JSON(parsing: Data(contentsOf: URL(filePath: file)))
        return Draft(file: file, content: content, report: try drafted.json)
    }

    @Test("the draft of a stock library has working tools without any decision", arguments: libraries)
    func binds(library: Library) throws {
        try #require(library.isInstalled, "apt-get install \(library.package), as Scripts/test does")
        let directory = try FixtureDirectory()
        let draft = try bind(library.name, in: directory)
        let report = draft.report
        let counts = ["tools", "undecided", "refused"].map { report[$0]?.array?.count ?? 0 }
        let (tools, undecided, refused) = (counts[0], counts[1], counts[2])
        #expect(report["functions"]?.int == tools + undecided + refused)
        #expect(tools >= library.tools, "\(library.name) gives \(tools) tools")
        #expect(undecided >= library.undecided, "\(library.name) leaves \(undecided) undecided")
        // Versions differ by a few functions, but a defect refuses many at once.
        #expect(refused <= library.refused, "\(report["refused"]?.text() ?? "")")

        let checked = try Command("check", draft.file, "--json").run()
        #expect(checked.status == 0, "\(checked.output)")
        let names = (report["tools"]?.array ?? []).compactMap(\.string).sorted()
        #expect(try checked.json["plugin"]?["tools"] == .array(names.map(JSON.string)))

        let (tool, arguments, result) = library.call
        let called = try Command("call", tool, arguments.text(), plugins: directory).run()
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

    // MARK: - Answered questions

    /// The answers to the questions of a drafted function of zlib, and a call of the tool.
    struct Finished: Sendable, CustomTestStringConvertible {
        let symbol: String
        /// The number of questions.
        let decisions: Int
        /// The parameters whose proposal is changed.
        let changes: [String: JSON]
        let call: (arguments: JSON, result: String)

        var testDescription: String { symbol }
    }

    @Test(
        "the draft of a stock library has more tools once its questions are answered",
        arguments: [
            Finished(
                symbol: "crc32",
                decisions: 1,
                changes: [:],
                call: (["crc": 0, "buf": "MTIzNDU2Nzg5"], "3421780262")
            ),
            Finished(
                symbol: "compress",
                decisions: 4,
                changes: ["destLen": ["name": "destLen", "type": "u64", "by": "pointer", "count_of": "dest"]],
                call: (
                    ["source": "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ=="],
                    #"{"dest":"eJxLTCQOAAA26w8p"}"#
                )
            ),
        ]
    )
    func finishes(function: Finished) throws {
        let directory = try FixtureDirectory()
        let draft = try bind("z", [function.symbol], in: directory)
        #expect(draft.report["tools"] == [])
        #expect(draft.report["questions"]?.int == function.decisions, "\(draft.report)")

        var content = try #require(draft.content.removing("undecided").object)
        var tool = try #require(content["tools"]?.array?.first?.object)
        let parameters = (tool["parameters"]?.array ?? []).map { function.changes[$0["name"]?.string ?? ""] ?? $0 }
        tool["parameters"] = .array(parameters)
        content["tools"] = [.object(tool)]
        try directory.file("z.tool.json", JSON.object(content).bytes())

        let checked = try Command("check", draft.file).run()
        #expect(checked.output == "1 tool: \(function.symbol)\n", "\(checked.errors)")
        let called = try Command("call", function.symbol, function.call.arguments.text(), plugins: directory).run()
        #expect(called.output == function.call.result + "\n", "\(called.errors)")
    }
}
