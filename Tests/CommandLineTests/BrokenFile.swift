import Foundation
import TestSupport
import Testing
import ToolJSON

/// A file that cannot be loaded, and the expected words of the error.
struct BrokenFile: Sendable, CustomTestStringConvertible {
    enum Content: Sendable {
        case bytes([UInt8])
        case source(String)
        /// A number of bytes from the beginning of a valid plugin.
        case truncated(Int)
        /// A valid plugin with one byte of its header changed.
        case patched(at: Int, UInt8)
        /// A valid plugin that these statements change when it registers.
        case registering(String)
    }

    let name: String
    let content: Content
    let words: [String]

    var testDescription: String { name }

    private init(_ name: String, _ content: Content, _ words: String...) {
        (self.name, self.content, self.words) = (name, content, words)
    }

    private static func schema(_ text: String) -> Content { text.assigned(to: "tool.schema") }
    private static func manifest(_ text: String) -> Content { text.assigned(to: "plugin.manifest") }

    static let all: [BrokenFile] = [
        BrokenFile("empty", .bytes([]), "empty"),
        BrokenFile("text", .bytes(Array("not a library\n".utf8)), "not a shared library"),
        BrokenFile("truncated_header", .truncated(40), "truncated"),
        BrokenFile("truncated", .truncated(5000), "truncated"),
        BrokenFile("wrong_architecture", .patched(at: 18, 183), "64-bit ARM", "x86-64"),
        BrokenFile("missing_entry", .source("int x;"), "does not export tool_plugin_register_v1"),
        BrokenFile(
            "missing_symbol",
            .source("void gone(void); const void *tool_plugin_register_v1(const void *h) { gone(); return h; }"),
            "gone"
        ),
        BrokenFile(
            "wrong_version",
            .source("const void *tool_plugin_register_v2(const void *host) { return host; }"),
            "version 2",
            "version 1",
            "update toolhost"
        ),
        BrokenFile(
            "refused",
            .registering("host->log(host, TOOL_LOG_ERROR, tool_text(\"no licence found\")); return NULL;"),
            "Refuses",
            "no licence found"
        ),
        BrokenFile("short_plugin", .registering("plugin.struct_size = 24;"), "24 bytes", "struct_size"),
        BrokenFile("short_tool", .registering("tool.struct_size = 8;"), "tool_v1", "8 bytes"),
        BrokenFile("null_manifest", .registering("plugin.manifest.bytes = NULL;"), "manifest is missing"),
        BrokenFile(
            "manifest_not_utf8",
            .registering("plugin.manifest.bytes = \"{\\\"name\\\":\\\"\\377\\\"}\"; plugin.manifest.length = 12;"),
            "UTF-8"
        ),
        BrokenFile("manifest_no_json", manifest("name: x"), "manifest", "byte 0"),
        BrokenFile("manifest_bad_name", manifest(#"{"name":"a b"}"#), "\"name\""),
        BrokenFile("null_schema", .registering("tool.schema.bytes = NULL;"), "schema of its tool number 1 is missing"),
        BrokenFile(
            "schema_not_utf8",
            .registering("tool.schema.bytes = \"{\\\"name\\\":\\\"\\377\\\"}\"; tool.schema.length = 12;"),
            "UTF-8"
        ),
        BrokenFile("schema_no_json", schema("{name}"), "not JSON", "byte 1"),
        BrokenFile("bad_tool_name", schema(#"{"name":"get-time"}"#), "get-time", "underscore"),
        BrokenFile("hidden_description", schema(#"{"name":"x","description":"a\u202Eb"}"#), "bidirectional"),
        BrokenFile("two_of_one_name", .registering("plugin.tool_count = 2;"), "2 tools named broken"),
    ]

    // MARK: - The shared directory

    /// A directory with all files and a valid plugin, and the report of `doctor` about it.
    struct Directory: Sendable {
        let directory: FixtureDirectory
        let status: Int32
        /// The report about each file, by its name.
        let reports: [String: JSON]
    }

    static let shared: Result<Directory, any Error> = Result {
        let directory = try FixtureDirectory()
        let good = try Data(contentsOf: URL(filePath: directory.plugin("healthy.so", FixtureSource.healthy)))
        for file in all { try file.write(into: directory, good: good) }
        atexit {
            if let shared = try? BrokenFile.shared.get() {
                try? FileManager.default.removeItem(atPath: shared.directory.path)
            }
        }
        let result = try Command("doctor", "--json", plugins: directory).run()
        let reports = try result.json["plugins"]?.array ?? []
        let named = reports.map { (URL(filePath: $0["file"]?.string ?? "").lastPathComponent, $0) }
        return Directory(directory: directory, status: result.status, reports: Dictionary(named) { $1 })
    }

    private func write(into directory: FixtureDirectory, good: Data) throws {
        let file = name + ".so"
        switch content {
        case .bytes(let bytes):
            try directory.file(file, bytes)
        case .truncated(let count):
            try directory.file(file, good.prefix(count))
        case .patched(let offset, let byte):
            var bytes = good
            bytes[offset] = byte
            try directory.file(file, bytes)
        case .source(let source):
            try directory.plugin(file, source, flags: ["-w"])
        case .registering(let statements):
            try directory.plugin(file, source(statements), flags: ["-w"])
        }
    }

    private func source(_ statements: String) -> String {
        """
        #include "tool_plugin.h"
        static int32_t run(void *context, const tool_call_v1 *call) { return tool_finish(call, TOOL_OK); }
        static tool_v1 tool = {.struct_size = sizeof(tool_v1), .schema = TOOL_TEXT("{\\"name\\":\\"broken\\"}"),
            .execute = run};
        static const tool_v1 *tools[] = {&tool, &tool};
        static tool_plugin_v1 plugin = {.struct_size = sizeof(tool_plugin_v1), .tools = tools, .tool_count = 1,
            .manifest = TOOL_TEXT("{\\"name\\":\\"\(name)\\"}")};
        const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host) {
            \(statements)
            return &plugin;
        }
        """
    }
}

extension String {
    /// Returns a plugin that sets a field to this string when it registers.
    fileprivate func assigned(to field: String) -> BrokenFile.Content {
        let literal = FixtureSource.literal(self)
        return .registering("static const char t[] = \(literal); \(field).bytes = t; \(field).length = sizeof(t) - 1;")
    }
}
