/* The tool get_temperature: a plugin, and with PROGRAM_TOOL also a tool of the program. */
#include "tool_plugin.h"

static int32_t run(void *context, const tool_call_v1 *call) {
    static const struct { const char *city, *temperature; } known[] = {
        {"New York", "22C"}, {"London", "15C"}, {"Tokyo", "18C"}};
    tool_text_v1 city;
    (void)context;
    if (tool_get_text(call, "/city", &city) != TOOL_RESULT_OK)
        return tool_fail(call, TOOL_INVALID_ARGUMENTS, "city: expected a string");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].city) == city.length && !memcmp(known[i].city, city.bytes, city.length))
            return tool_reply(call, tool_text(known[i].temperature));
    return tool_reply(call, tool_text("Unknown"));
}

static const tool_v1 tool = {
    .struct_size = sizeof(tool_v1),
    .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT(
        "{\"name\":\"get_temperature\",\"description\":\"Get the temperature of a city\",\"parameters\":{\"type\":\"object\","
        "\"required\":[\"city\"],\"properties\":{\"city\":{\"type\":\"string\",\"description\":\"The name of the city\"}}}}"),
    .execute = run,
};

TOOL_PLUGIN("{\"name\":\"temperature\",\"version\":\"1.0.0\"}", &tool)
