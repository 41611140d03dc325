// A tool that prints a line, logs a line or does neither, as its argument "how" says, before its result.
#include "tool_plugin.h"
#include <stdio.h>

static int32_t execute(void *context, const tool_call_v1 *call) {
    tool_text_v1 how;
    (void)context;
    if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK) how = tool_text("");
    if (!strcmp(how.bytes, "print")) puts("a line");
    if (!strcmp(how.bytes, "log")) call->host->log(call->host, TOOL_LOG_WARNING, tool_text("a line"));
    tool_write_text(call, tool_text("said"));
    return tool_finish(call, TOOL_OK);
}

static const tool_v1 act = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"act\",\"description\":\"A fixture\"}"), .execute = execute};
TOOL_PLUGIN("{\"name\":\"talker\"}", &act)
