/* A plugin in C with one tool. Compile it:
 *
 *     cc -shared -fPIC -I PREFIX/include -o dice.so dice.c
 *
 * PREFIX is the directory of the installation, such as /usr or ~/.local. If pkg-config finds toolhost there,
 * $(pkg-config --cflags toolhost) is the same option.
 */
#include "tool_plugin.h"

#include <stdlib.h>

/* Rolls a die. The host has validated the arguments against the schema, so "sides" is an integer from 1 to 1000. */
static int32_t roll(void *context, const tool_call_v1 *call) {
    int64_t sides;
    (void)context;
    if (tool_get_i64(call, "/sides", &sides) != TOOL_RESULT_OK)
        return tool_fail(call, TOOL_INVALID_ARGUMENTS, "sides: expected an integer");
    /* Random numbers of the system need no seed. Each result has the same probability. */
    tool_print(call, "%lld", 1 + (long long)arc4random_uniform((uint32_t)sides));
    return tool_finish(call, TOOL_OK);
}

static const tool_v1 roll_tool = {
    .struct_size = sizeof(tool_v1),
    .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\": \"roll\", \"description\": \"Roll a die\", \"parameters\": {\"type\": \"object\","
        "\"required\": [\"sides\"], \"properties\": {\"sides\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000,"
        "\"description\": \"The number of sides\"}}},"
        "\"toolhost\": {\"examples\": [{\"arguments\": {\"sides\": 1}, \"result\": 1}]}}"),
    .execute = roll,
};

TOOL_PLUGIN("{\"name\": \"dice\", \"version\": \"1.0.0\"}", &roll_tool)
