// Writes the given number of MiB as text, control characters, invalid UTF-8, JSON, images or many parts.
#include "tool_plugin.h"

static int32_t write_output(const tool_call_v1 *call) {
    char page[4096];
    tool_text_v1 kind;
    int64_t mib = 0, status = 0;
    if (tool_get_text(call, "/kind", &kind) != TOOL_RESULT_OK) return tool_finish(call, TOOL_OK);
    tool_get_i64(call, "/mib", &mib);
    tool_get_i64(call, "/status", &status);
    memset(page, kind.bytes[0] == 'c' ? 1 : kind.bytes[0] == 'u' ? 0xFF : 'x', sizeof page);
    if (kind.bytes[0] == 'j') {
        for (size_t i = 0; i + 4 <= sizeof page; i += 4) memcpy(page + i, "[0],", 4);
        tool_write_json(call, tool_text("["));
    }
    for (int64_t i = 0; i < mib << 8; i++) {
        tool_text_v1 text = {page, sizeof page};
        if (kind.bytes[0] == 'i') tool_write_data(call, "image/png", page, sizeof page);
        else if (kind.bytes[0] == 'j') tool_write_json(call, text);
        else if (kind.bytes[0] == 'p') tool_write_data(call, i % 2 ? "a/b" : "c/d", page, 1);
        else tool_write_text(call, text);
    }
    if (kind.bytes[0] == 'j') tool_write_json(call, tool_text("0]"));
    return tool_finish(call, (int32_t)status);
}
