import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// A file that cannot be used, and the words of the error.
struct BrokenPlugin: Sendable, CustomTestStringConvertible {
    enum Content: Sendable {
        case bytes([UInt8])
        case source(String)
        /// The first bytes of a valid plugin, this many.
        case truncated(Int)
        /// A valid plugin with one byte of its header changed.
        case patched(at: Int, UInt8)
    }

    let name: String
    let content: Content
    let words: [String]

    var testDescription: String { name }

    init(_ name: String, _ content: Content, _ words: String...) {
        (self.name, self.content, self.words) = (name, content, words)
    }

    static func registering(_ statements: String) -> Content {
        .source(
            """
            #include "tool_plugin.h"
            static int32_t run(void *context, const tool_call_v1 *call) {
                (void)context;
                return tool_finish(call, TOOL_OK);
            }
            static tool_v1 tool = {.struct_size = sizeof(tool_v1), .schema = TOOL_TEXT("{\\"name\\":\\"broken\\"}"),
                .execute = run};
            static const tool_v1 *tools[] = {&tool, &tool};
            static tool_plugin_v1 plugin = {.struct_size = sizeof(tool_plugin_v1), .tools = tools, .tool_count = 1,
                .manifest = TOOL_TEXT("{\\"name\\":\\"broken\\"}")};
            const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host) {
                (void)host;
                \(statements)
                return &plugin;
            }
            """
        )
    }

    private static func text(_ field: String, _ value: String) -> Content {
        registering(
            "static const char text[] = \(FixtureSource.literal(value)); \(field).bytes = text; \(field).length = sizeof(text) - 1;"
        )
    }

    private static func schema(_ value: String) -> Content { text("tool.schema", value) }
    private static func manifest(_ value: String) -> Content { text("plugin.manifest", value) }

    static let all: [BrokenPlugin] = [
        BrokenPlugin("empty", .bytes([]), "empty"),
        BrokenPlugin("text", .bytes(Array("not a library\n".utf8)), "not a shared library"),
        BrokenPlugin("header alone", .truncated(40), "Is truncated"),
        BrokenPlugin("half", .truncated(5000), "Is truncated"),
        BrokenPlugin("wrong architecture", .patched(at: 18, 183), "64-bit ARM", "x86-64"),
        BrokenPlugin("32 bits", .patched(at: 4, 1), "32-bit"),
        BrokenPlugin("no library", .patched(at: 16, 1), "-shared"),
        BrokenPlugin("missing entry", .source("int x;"), "does not export tool_plugin_register_v1"),
        BrokenPlugin(
            "next version",
            .source("const void *tool_plugin_register_v2(const void *host) { return host; }"),
            "version 2",
            "version 1",
            "update toolhost"
        ),
        BrokenPlugin(
            "missing symbol",
            .source("void gone(void); const void *tool_plugin_register_v1(const void *h) { gone(); return h; }"),
            "dynamic linker",
            "gone"
        ),
        BrokenPlugin(
            "refusal",
            registering("host->log(host, TOOL_LOG_ERROR, tool_text(\"no licence found\")); return NULL;"),
            "Refuses",
            "no licence found"
        ),
        BrokenPlugin("silent refusal", registering("return NULL;"), "Refuses", "no reason"),
        BrokenPlugin("slow registration", registering("for (;;) { }"), "within 3 seconds"),
        BrokenPlugin("short plugin struct", registering("plugin.struct_size = 24;"), "24 bytes", "struct_size"),
        BrokenPlugin("short tool struct", registering("tool.struct_size = 8;"), "tool_v1", "8 bytes"),
        BrokenPlugin("no tools", registering("plugin.tool_count = 0;"), "no tools"),
        BrokenPlugin("NULL tools", registering("plugin.tools = NULL;"), "no tools"),
        BrokenPlugin("NULL tool", registering("tools[0] = NULL;"), "number 1 is NULL"),
        BrokenPlugin("too many tools", registering("plugin.tool_count = 100000;"), "100000 tools"),
        BrokenPlugin("NULL manifest", registering("plugin.manifest.bytes = NULL;"), "manifest is missing"),
        BrokenPlugin(
            "huge manifest",
            registering("plugin.manifest.length = 1ull << 40;"),
            "manifest has 1099511627776"
        ),
        BrokenPlugin("manifest with a raw control", manifest("{\"name\":\"\u{1}\"}"), "manifest", "control"),
        BrokenPlugin(
            "manifest not UTF-8",
            registering("plugin.manifest.bytes = \"{\\\"name\\\":\\\"\\377\\\"}\"; plugin.manifest.length = 12;"),
            "UTF-8"
        ),
        BrokenPlugin("manifest no JSON", manifest("name: x"), "manifest", "byte 0"),
        BrokenPlugin("manifest array", manifest("[]"), "not a JSON object"),
        BrokenPlugin("manifest without name", manifest("{}"), "\"name\""),
        BrokenPlugin("manifest bad name", manifest(#"{"name":"a b"}"#), "\"name\""),
        BrokenPlugin("manifest bad config", manifest(#"{"name":"x","config":"root"}"#), "\"config\""),
        BrokenPlugin("NULL schema", registering("tool.schema.bytes = NULL;"), "schema of its tool number 1 is missing"),
        BrokenPlugin("huge schema", registering("tool.schema.length = 2u << 20;"), "2097152 bytes"),
        BrokenPlugin(
            "schema not UTF-8",
            registering("tool.schema.bytes = \"{\\\"name\\\":\\\"\\377\\\"}\"; tool.schema.length = 12;"),
            "UTF-8"
        ),
        BrokenPlugin("schema no JSON", schema("{name}"), "not JSON", "byte 1"),
        BrokenPlugin("schema array", schema("[]"), "not a JSON object"),
        BrokenPlugin("schema without name", schema("{}"), "missing", "underscore"),
        BrokenPlugin("name with a dash", schema(#"{"name":"get-time"}"#), "get-time", "underscore"),
        BrokenPlugin("name too long", schema(#"{"name":"\#(String(repeating: "a", count: 65))"}"#), "63", "underscore"),
        BrokenPlugin("hidden description", schema(#"{"name":"x","description":"a\u202Eb"}"#), "bidirectional"),
        BrokenPlugin("hidden letters", schema(#"{"name":"x","description":"a\#u{E0100}b"}"#), "invisible"),
        BrokenPlugin("hidden joiner", schema(#"{"name":"x","description":"a\#u{34F}b"}"#), "invisible"),
        BrokenPlugin(
            "hidden in a parameter",
            schema(#"{"name":"x","parameters":{"properties":{"a/b":{"description":"a\#u{3164}b"}}}}"#),
            "/parameters/properties/a~1b/description holds",
            "invisible"
        ),
        BrokenPlugin(
            "hidden value to choose",
            schema(#"{"name":"x","parameters":{"properties":{"a":{"enum":["x","y\#u{200B}"]}}}}"#),
            "/parameters/properties/a/enum/1 holds"
        ),
        BrokenPlugin(
            "hidden in a name",
            schema(#"{"name":"x","parameters":{"properties":{"a\#u{2062}":{}}}}"#),
            "/parameters/properties/a\u{2062} holds"
        ),
        BrokenPlugin("description no text", schema(#"{"name":"x","description":1}"#), "description"),
        BrokenPlugin("parameters no object", schema(#"{"name":"x","parameters":[]}"#), "parameters"),
        BrokenPlugin("parameters of another type", schema(#"{"name":"x","parameters":{"type":"array"}}"#), "object"),
        BrokenPlugin("properties no object", schema(#"{"name":"x","parameters":{"properties":[]}}"#), "properties"),
        BrokenPlugin("required no names", schema(#"{"name":"x","parameters":{"required":[1]}}"#), "required"),
        BrokenPlugin("bad timeout", schema(#"{"name":"x","toolhost":{"timeout":-1}}"#), "timeout"),
        BrokenPlugin("bad example", schema(#"{"name":"x","toolhost":{"examples":[{}]}}"#), "example"),
        BrokenPlugin("no function", registering("tool.execute = NULL;"), "neither"),
        BrokenPlugin("two tools of one name", registering("plugin.tool_count = 2;"), "2 tools named broken"),
    ]
}

@Suite("A broken plugin", .inBothIsolations)
struct BrokenPluginTests {
    private func fixture(_ plugin: BrokenPlugin) async throws -> HostFixture {
        let directory = try FixtureDirectory()
        try directory.plugin("healthy.so", FixtureSource.healthy)
        switch plugin.content {
        case .bytes(let bytes):
            try directory.file("broken.so", bytes)
        case .source(let source):
            try directory.plugin("broken.so", source, flags: ["-Wno-all"])
        case .truncated(let count):
            try directory.file(
                "broken.so",
                Data(contentsOf: URL(fileURLWithPath: directory.path + "/healthy.so")).prefix(count)
            )
        case .patched(let offset, let byte):
            var bytes = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/healthy.so"))
            bytes[offset] = byte
            try directory.file("broken.so", bytes)
        }
        return try await HostFixture.make(directory) { $0.limits.registration = .seconds(3) }
    }

    @Test("a broken plugin is reported with the reason, and harms no other plugin", arguments: BrokenPlugin.all)
    func isNamed(_ plugin: BrokenPlugin) async throws {
        let fixture = try await fixture(plugin)
        let reason = try #require(fixture.breakage("broken.so"))
        for word in plugin.words { #expect(reason.contains(word), "\(reason)") }
        #expect(fixture.host.tools.map(\.name) == ["echo", "repeat"])
        let call = ToolCall(name: "repeat", arguments: ["text": "ab", "times": 2])
        let results = await fixture.host.dispatch([call]).results
        #expect(results.map(\.text) == ["abab"])
    }

    @Test("a missing file or directory that was named for this run is reported as broken")
    func isMissing() async throws {
        let directory = try FixtureDirectory()
        var configuration = HostConfiguration()
        configuration.isolation = .inProcess
        configuration.searchPath.add(directory.path + "/nowhere", isExplicit: true)
        configuration.searchPath.add(directory.path + "/nothing")
        try directory.directory("x.so")
        configuration.searchPath.add(directory.path)
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        #expect(host.plugins.map(\.file) == [directory.path + "/nowhere", directory.path + "/x.so"])
        #expect(host.plugins.allSatisfy { $0.needsAttention })
    }

    @Test(
        "a plugin that other users may write is reported as broken",
        arguments: [(0o666, "Every user"), (0o602, "Every user")]
    )
    func isWritable(mode: Int, words: String) async throws {
        let directory = try FixtureDirectory()
        let path = try directory.plugin("loose.so", FixtureSource.healthy)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let fixture = try await HostFixture.make(directory)
        #expect(try #require(fixture.breakage("loose.so")).contains(words))
        #expect(fixture.host.tools.isEmpty)
    }

    /// A program that lets another user write a file, by its access list; it fails if the file system has none.
    private static let granting = """
        #include <stdint.h>
        #include <sys/xattr.h>
        int main(int count, char **words) {
            struct { uint32_t version; struct { uint16_t tag, rights; uint32_t user; } entries[5]; } list =
                {2, {{1, 6, ~0u}, {2, 6, 65534}, {4, 4, ~0u}, {16, 6, ~0u}, {32, 4, ~0u}}};
            return count != 2 || setxattr(words[1], "system.posix_acl_access", &list, sizeof list, 0) != 0;
        }
        """

    @Test(
        "a plugin that only the owner's own group may write is loaded, unless an access list names another user",
        .enabled(if: getuid() == getgid(), "needs a user with a private group")
    )
    func isPrivateGroups() async throws {
        let directory = try FixtureDirectory()
        let path = try directory.plugin("own.so", FixtureSource.healthy)
        try FileManager.default.setAttributes([.posixPermissions: 0o664], ofItemAtPath: path)
        #expect(try await HostFixture.make(directory).breakage("own.so") == nil)
        let program = try directory.program("grant", Self.granting)
        guard (try? ChildProcess([program, path], output: STDERR_FILENO).wait()) == 0 else { return }
        let reason = try await HostFixture.make(directory).breakage("own.so")
        #expect(reason?.contains("The members of group") == true, "\(reason ?? "none")")
    }

    @Test(
        "a plugin in a directory that other users may write is reported as broken",
        arguments: ["", "/inner", "/\u{301}inner"]
    )
    func isInLooseDirectory(inner: String) async throws {
        let directory = try FixtureDirectory()
        let loose = try directory.directory("loose")
        try directory.directory("loose" + inner)
        try directory.plugin("loose\(inner)/x.so", FixtureSource.healthy)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: loose)
        var configuration = HostConfiguration()
        configuration.isolation = .inProcess
        configuration.searchPath.add(loose + inner)
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        #expect(host.tools.isEmpty)
        #expect(host.plugins.first?.needsAttention == true)
    }
}
