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
