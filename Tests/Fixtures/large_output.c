// `log` logs 100,000 lines; `draw` returns two images, the first of a million bytes.
#include "tool_plugin.h"
#include <stdlib.h>

static int32_t log_lines(void *context, const tool_call_v1 *call) {
    (void)context;
    for (int i = 0; i < 100000; i++) call->host->log(call->host, TOOL_LOG_INFO, tool_text("again"));
    return tool_reply(call, tool_text("reached"));
}

static int32_t draw(void *context, const tool_call_v1 *call) {
    char *bytes = calloc(1, 1000000);
    (void)context;
    tool_write_data(call, "image/png", bytes, 1000000);
    tool_write_data(call, "image/png", bytes, 7);
    free(bytes);
    return tool_finish(call, TOOL_OK);
}

static const tool_v1 log_tool = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"log\",\"description\":\"A fixture\"}"), .execute = log_lines};
static const tool_v1 draw_tool = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"draw\",\"description\":\"A fixture\"}"), .execute = draw};
TOOL_PLUGIN("{\"name\":\"large\"}", &log_tool, &draw_tool)
