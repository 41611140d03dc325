// A plugin that appends a byte to the file "count" when it is loaded, and whose tool has the name in the file "name".
//
// Both files are in COUNTER_DIRECTORY.
#include "tool_plugin.h"

static int32_t execute(void *context, const tool_call_v1 *call) {
    (void)context;
    return tool_reply(call, tool_text("ran"));
}

static char schema[200];
static tool_v1 tool = {.struct_size = sizeof(tool_v1), .execute = execute};
static const tool_v1 *const tools[] = {&tool};
static const tool_plugin_v1 plugin = {.struct_size = sizeof(tool_plugin_v1),
    .manifest = TOOL_TEXT("{\"name\":\"counter\"}"), .tools = tools, .tool_count = 1};

const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host) {
    char name[50] = "first";
    (void)host;
    FILE *count = fopen(COUNTER_DIRECTORY "/count", "a");
    if (count) {
        fputs("x", count);
        fclose(count);
    }
    FILE *file = fopen(COUNTER_DIRECTORY "/name", "r");
    if (file) {
        if (!fgets(name, sizeof name, file)) name[0] = 0;
        fclose(file);
    }
    snprintf(schema, sizeof schema, "{\"name\":\"%s\"}", name);
    tool.schema = tool_text(schema);
    return &plugin;
}
