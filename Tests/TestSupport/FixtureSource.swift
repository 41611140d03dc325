/// The C source of plugins that tests compile.
public enum FixtureSource {
    /// A well-behaved plugin: `echo` returns its arguments as JSON, and `repeat(text, times)` reads a string and an
    /// integer.
    public static let healthy = """
        #include "tool_plugin.h"
        static int32_t echo(void *context, const tool_call_v1 *call) {
            (void)context;
            tool_write_json(call, call->arguments);
            return tool_finish(call, TOOL_OK);
        }
        static int32_t repeat(void *context, const tool_call_v1 *call) {
            tool_text_v1 text;
            int64_t times;
            (void)context;
            if (tool_get_text(call, "/text", &text) != TOOL_RESULT_OK)
                return tool_fail(call, TOOL_INVALID_ARGUMENTS, "text: expected a text");
            if (tool_get_i64(call, "/times", &times) != TOOL_RESULT_OK)
                return tool_fail(call, TOOL_INVALID_ARGUMENTS, "times: expected an integer");
            for (int64_t i = 0; i < times; i++) tool_print(call, "%.*s", (int)text.length, text.bytes);
            return tool_finish(call, TOOL_OK);
        }
        static const tool_v1 echo_tool = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
            .schema = TOOL_TEXT("{\\"name\\":\\"echo\\",\\"description\\":\\"Give the arguments back\\"}"),
            .execute = echo};
        static const tool_v1 repeat_tool = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
            .schema = TOOL_TEXT("{\\"name\\":\\"repeat\\",\\"description\\":\\"Repeat a text\\",\\"parameters\\":{"
                "\\"type\\":\\"object\\",\\"required\\":[\\"text\\",\\"times\\"],\\"properties\\":{"
                "\\"text\\":{\\"type\\":\\"string\\"},\\"times\\":{\\"type\\":\\"integer\\"}}}}"),
            .execute = repeat};
        TOOL_PLUGIN("{\\"name\\":\\"healthy\\",\\"version\\":\\"1.0\\"}", &echo_tool, &repeat_tool)
        """

    /// Returns the source of a plugin with one tool: `int32_t execute(void *context, const tool_call_v1 *call)`.
    ///
    /// - Parameters:
    ///   - tool: The tool's name; the plugin has the same one.
    ///   - flags: The tool's flags, as a C expression.
    ///   - cancel: The body of the cancel function, `void cancel(void *context, uint64_t call)`, or nil for none.
    ///   - before: The source before the functions.
    ///   - extra: Additional members of the schema, each after a comma: `,"toolhost":{…}`.
    ///   - manifest: The manifest, or nil for one with only the name.
    ///   - body: The body of the function.
    public static func tool(
        _ tool: String,
        flags: String = "TOOL_FLAG_CONCURRENT",
        cancel: String? = nil,
        before: String = "",
        extra: String = "",
        manifest: String? = nil,
        body: String
    ) -> String {
        let schema = literal(#"{"name":"\#(tool)","description":"A fixture"\#(extra)}"#)
        let manifest = literal(manifest ?? #"{"name":"\#(tool)"}"#)
        return """
            #include "tool_plugin.h"
            #include <pthread.h>
            #include <unistd.h>
            \(before)
            static int32_t execute(void *context, const tool_call_v1 *call) {
                (void)context;
                \(body)
            }
            \(cancel.map { "static void cancel(void *context, uint64_t call) { (void)context; (void)call; \($0) }" } ?? "")
            static const tool_v1 fixture = {.struct_size = sizeof(tool_v1), .flags = \(flags),
                .schema = TOOL_TEXT(\(schema)), .execute = execute\(cancel == nil ? "" : ", .cancel = cancel")};
            TOOL_PLUGIN(\(manifest), &fixture)
            """
    }

    /// A string as a C string literal.
    public static func literal(_ text: String) -> String {
        var literal = "\""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): literal += "\\\""
            case UInt8(ascii: "\\"): literal += "\\\\"
            case 0x20...0x7E: literal += String(Character(Unicode.Scalar(byte)))
            // Octal, because a hexadecimal escape would include the digits after it.
            default:
                literal +=
                    "\\" + String(repeating: "0", count: byte < 8 ? 2 : byte < 64 ? 1 : 0) + String(byte, radix: 8)
            }
        }
        return literal + "\""
    }
}
