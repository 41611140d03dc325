// The two tools of the sample plugin Weather.
#include "tool_plugin.h"

static const char *const table[][3] = {{"New York", "22C", "Partly cloudy"}, {"London", "15C", "Rainy"},
    {"Tokyo", "18C", "Sunny"}};

static int32_t look_up(void *context, const tool_call_v1 *call) {
    tool_text_v1 city;
    if (tool_get_text(call, "/city", &city) != TOOL_RESULT_OK)
        return tool_fail(call, TOOL_INVALID_ARGUMENTS, "city: expected a text");
    for (int i = 0; i < 3; i++)
        if (!strcmp(city.bytes, table[i][0])) return tool_reply(call, tool_text(table[i][context ? 2 : 1]));
    return tool_reply(call, tool_text("Unknown"));
}

#define SCHEMA(name, what) TOOL_TEXT("{\"name\":\"" name "\",\"description\":\"Get the current " what \
    " for a city\",\"parameters\":{\"type\":\"object\",\"required\":[\"city\"],\"properties\":{" \
    "\"city\":{\"type\":\"string\",\"description\":\"The name of the city\"}}}}")

static const tool_v1 temperature = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
    .schema = SCHEMA("get_temperature", "temperature"), .execute = look_up};

static const tool_v1 conditions = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
    .schema = SCHEMA("get_conditions", "weather conditions"), .execute = look_up, .context = "conditions"};

TOOL_PLUGIN("{\"name\":\"weather\"}", &temperature, &conditions)
