import Foundation
import TestSupport
import Testing
import ToolHost

/// Tests of libraries in a plugin directory, beside the files that need them.
@Suite("Libraries in plugin directories", .timeLimit(.minutes(10)))
struct BroughtLibraryTests {
    private static let library = "int answer(void) { return 42; }"
    private static let binding = #"""
        {"toolhost": 1, "plugin": {"name": "answers"}, "library": "./libanswer.so",
         "tools": [{"name": "answer", "description": "Answer", "parameters": [], "returns": "i32"}]}
        """#

    private static func plugin(_ name: String, calls function: String? = nil) -> String {
        let value = function.map { "\($0)()" } ?? "0"
        return """
            #include "tool_plugin.h"
            \(function.map { "extern int \($0)(void);" } ?? "")
            static int32_t run(void *context, const tool_call_v1 *call) {
                (void)context;
                tool_print(call, "%d", \(value));
                return tool_finish(call, TOOL_OK);
            }
            static const tool_v1 tool = {
                .struct_size = sizeof(tool_v1),
                .schema = TOOL_TEXT("{\\"name\\":\\"\(name)\\",\\"description\\":\\"\(name)\\"}"),
                .execute = run,
            };
            TOOL_PLUGIN("{\\"name\\":\\"\(name)\\",\\"version\\":\\"1.0.0\\"}", &tool)
            """
    }

    /// A directory, with its files that are reported; those marked with `*` are broken.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reports: [String]
        let make: @Sendable (FixtureDirectory) throws -> Void

        init(_ description: String, _ reports: [String], _ make: @escaping @Sendable (FixtureDirectory) throws -> Void)
        {
            (testDescription, self.reports, self.make) = (description, reports, make)
        }
    }

    private static func needing(_ library: String, in directory: FixtureDirectory) -> [String] {
        ["-Wl,--no-as-needed", directory.path + "/" + library, "-Wl,-rpath,$ORIGIN", "-Wl,--enable-new-dtags"]
    }

    static let cases = [
        Case("a library of a binding", ["answer.tool.json"]) { directory in
            try directory.plugin("libanswer.so", library)
            try directory.file("answer.tool.json", binding.utf8)
        },
        Case("a library of a plugin", ["plugin.so"]) { directory in
            try directory.plugin("libanswer.so", library, flags: ["-Wl,-soname,libanswer.so"])
            try directory.plugin(
                "plugin.so",
                plugin("first", calls: "answer"),
                flags: needing("libanswer.so", in: directory)
            )
        },
        Case("a library of a plugin's library", ["plugin.so"]) { directory in
            try directory.plugin("libanswer.so", library, flags: ["-Wl,-soname,libanswer.so"])
            try directory.plugin(
                "libmiddle.so",
                "extern int answer(void); int middle(void) { return answer(); }",
                flags: needing("libanswer.so", in: directory) + ["-Wl,-soname,libmiddle.so"]
            )
            try directory.plugin(
                "plugin.so",
                plugin("first", calls: "middle"),
                flags: needing("libmiddle.so", in: directory)
            )
        },
        Case("a library that no file needs", ["*libanswer.so", "plugin.so"]) { directory in
            try directory.plugin("libanswer.so", library)
            try directory.plugin("plugin.so", plugin("first"))
        },
        Case("a library of a broken binding", ["*answer.tool.json", "*libanswer.so"]) { directory in
            try directory.plugin("libanswer.so", library)
            try directory.file("answer.tool.json", binding.replacing("\"toolhost\": 1", with: "\"toolhost\": 2").utf8)
        },
        // A plugin is still a plugin if another file uses it as a library.
        Case("a plugin that another plugin needs", ["first.so", "second.so"]) { directory in
            try directory.plugin("first.so", plugin("first"), flags: ["-Wl,-soname,first.so"])
            try directory.plugin("second.so", plugin("second"), flags: needing("first.so", in: directory))
        },
        Case("a plugin that is the library of a binding", ["answer.tool.json", "libanswer.so"]) { directory in
            try directory.plugin(
                "libanswer.so",
                plugin("first") + "\n__attribute__((visibility(\"default\"))) " + library
            )
            try directory.file("answer.tool.json", binding.utf8)
        },
        Case("a broken plugin that is the library of a binding", ["*libanswer.so", "answer.tool.json"]) {
            directory in
            try directory.plugin(
                "libanswer.so",
                library + "\nconst void *tool_plugin_register_v1(const void *host) { (void)host; return 0; }"
            )
            try directory.file("answer.tool.json", binding.utf8)
        },
        Case("a plugin of another version that is the library of a binding", ["*libanswer.so", "answer.tool.json"]) {
            directory in
            try directory.plugin("libanswer.so", library + "\nvoid tool_plugin_register_v2(void) {}")
            try directory.file("answer.tool.json", binding.utf8)
        },
    ]

    @Test(
        "a library without an entry point is reported only if no other file needs it, also from the cache",
        arguments: cases
    )
    func isReported(test: Case) async throws {
        let directory = try FixtureDirectory()
        try test.make(directory)
        for _ in 0..<2 {
            let fixture = try await HostFixture.make(directory) {
                $0.isolation = Isolation.workers
                $0.cacheDirectory = directory.path + "/cache"
            }
            let reports = fixture.host.plugins.map { report in
                let isBroken = if case .broken = report.state { true } else { false }
                return (isBroken ? "*" : "") + (report.file.split(separator: "/").last ?? "")
            }
            #expect(reports.sorted() == test.reports.sorted(), "\(fixture.host.plugins.map(\.state))")
        }
    }

    @Test("a library that the user names is always reported")
    func isNamed() async throws {
        let directory = try FixtureDirectory()
        try directory.plugin("libanswer.so", Self.library)
        try directory.file("answer.tool.json", Self.binding.utf8)
        let fixture = try await HostFixture.make(directory) {
            $0.searchPath.add(directory.path + "/libanswer.so", isExplicit: true)
        }
        let reason = try #require(fixture.breakage("libanswer.so"))
        #expect(reason.contains("does not export"), "\(reason)")
    }
}
