import TestSupport
import Testing
import ToolJSON

/// What a C author does: one short file, one line to compile it, one directory to drop it in.
@Suite("A short C file", .timeLimit(.minutes(10)))
struct GreeterTests {
    private static let source = #"""
        #include "tool_plugin.h"

        static int32_t greet(void *context, const tool_call_v1 *call) {
            tool_text_v1 name;
            int64_t times;
            (void)context;
            if (tool_get_text(call, "/name", &name) != TOOL_RESULT_OK)
                return tool_fail(call, TOOL_INVALID_ARGUMENTS, "name: expected a text");
            if (tool_get_i64(call, "/times", &times) != TOOL_RESULT_OK)
                return tool_fail(call, TOOL_INVALID_ARGUMENTS, "times: expected an integer");
            while (times-- > 0) tool_print(call, "Hello, %.*s!", (int)name.length, name.bytes);
            return tool_finish(call, TOOL_OK);
        }

        static const tool_v1 greet_tool = {
            .struct_size = sizeof(tool_v1),
            .schema = TOOL_TEXT("{\"name\":\"greet\",\"description\":\"Greet someone\",\"parameters\":{"
                "\"type\":\"object\",\"required\":[\"name\",\"times\"],\"properties\":{"
                "\"name\":{\"type\":\"string\"},\"times\":{\"type\":\"integer\"}}}}"),
            .execute = greet,
        };

        TOOL_PLUGIN("{\"name\":\"greeter\",\"version\":\"1.0.0\"}", &greet_tool)
        """#

    @Test("is a plugin: listed, shown, called with a text and an integer")
    func works() throws {
        #expect(Self.source.split(separator: "\n", omittingEmptySubsequences: false).count <= 30)
        let directory = try FixtureDirectory()
        let file = try directory.plugin("greeter.so", Self.source)

        #expect(try Command("list", plugins: directory).run().output == "greet  Greet someone\n")
        let listed = try Command("list", "--json", plugins: directory).run().json
        #expect(listed[pointer: "/0/plugin"] == ["name": "greeter", "version": "1.0.0", "file": .string(file)])

        let shown = try Command("show", "greet", plugins: directory).run().output
        for words in ["greet\n  Greet someone\n", "name (string, required)", "times (integer, required)", file] {
            #expect(shown.contains(words))
        }
        let called = try Command("call", "greet", "--arg", "name=Ann", "--arg", "times=2", plugins: directory).run()
        #expect(called.status == 0)
        #expect(called.output == "Hello, Ann!Hello, Ann!\n")
        let refused = try Command("call", "greet", #"{"name":"Ann","times":"twice"}"#, plugins: directory).run()
        #expect(refused.status == 2)
        #expect(refused.errors.contains("- times: expected an integer, got \"twice\""))
    }
}
