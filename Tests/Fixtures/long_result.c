// Returns 100,000 characters in the form of the argument "how".
#include "tool_plugin.h"

static int32_t write_long_result(const tool_call_v1 *call) {
    static char text[100001];
    tool_text_v1 how;
    memset(text, 'a', 50000);
    memset(text + 50000, 'z', 50000);
    if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK) return TOOL_DONE;
    if (!strcmp(how.bytes, "error")) return tool_fail(call, TOOL_ERROR, text);
    if (!strcmp(how.bytes, "invalid")) return tool_fail(call, TOOL_INVALID_ARGUMENTS, text);
    if (!strcmp(how.bytes, "json")) {
        text[0] = text[99999] = '"';
        tool_write_json(call, tool_text(text));
        return tool_finish(call, TOOL_OK);
    }
    for (int i = 0; !strcmp(how.bytes, "parts") && i < 10; i++) {
        tool_write_text(call, (tool_text_v1){text + 10000 * i, 10000});
        if (i == 4) tool_write_data(call, "image/png", "\211PNG", 4);
        if (i == 9) return tool_finish(call, TOOL_OK);
    }
    return tool_reply(call, tool_text(text));
}
