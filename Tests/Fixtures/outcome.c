// Succeeds or fails in the way of the argument "how".
#include "tool_plugin.h"

static int32_t end(const tool_call_v1 *call) {
    tool_text_v1 how;
    if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK)
        return tool_fail(call, TOOL_INVALID_ARGUMENTS, "how: expected a text");
    if (!strcmp(how.bytes, "text")) return tool_reply(call, tool_text("a text"));
    if (!strcmp(how.bytes, "json")) {
        tool_write_json(call, tool_text("{\"b\": [1, 2]}"));
        return tool_finish(call, TOOL_OK);
    }
    if (!strcmp(how.bytes, "error")) return tool_fail(call, TOOL_ERROR, "the tool says no");
    if (!strcmp(how.bytes, "internal")) return tool_fail(call, TOOL_INTERNAL, "the plugin is at fault");
    if (!strcmp(how.bytes, "nothing")) return TOOL_DONE;
    if (!strcmp(how.bytes, "stuck")) { while (!tool_is_cancelled(call)) { } return tool_finish(call, TOOL_CANCELLED); }
    if (!strcmp(how.bytes, "image")) {
        tool_write_text(call, tool_text("A dot: "));
        tool_write_data(call, "image/png", "\211PNG\0\377", 6);
        return tool_finish(call, TOOL_OK);
    }
    if (!strcmp(how.bytes, "data")) {
        tool_write_data(call, "application/pdf", "%PDF\n", 5);
        return tool_finish(call, TOOL_OK);
    }
    if (!strcmp(how.bytes, "hostile"))
        return tool_reply(call, tool_text("\033]0;gone\a\302\233 \342\200\256abc\342\200\213\r\177\tx\ny"));
    return tool_fail(call, TOOL_INVALID_ARGUMENTS, "how: unknown");
}
