// Sums and products of whole numbers.
#include "tool_plugin.h"

// Computes a result; returns whether it is too large.
typedef int (*operation)(int64_t a, int64_t b, int64_t *result);

static int sum(int64_t a, int64_t b, int64_t *result) { return __builtin_add_overflow(a, b, result); }
static int product(int64_t a, int64_t b, int64_t *result) { return __builtin_mul_overflow(a, b, result); }

static const operation addition = sum, multiplication = product;

static int32_t calculate(void *context, const tool_call_v1 *call) {
    const operation *compute = context;
    int64_t a, b, result;
    if (tool_get_i64(call, "/a", &a) != TOOL_RESULT_OK)
        return tool_fail(call, TOOL_INVALID_ARGUMENTS, "a: expected an integer of 64 bits");
    if (tool_get_i64(call, "/b", &b) != TOOL_RESULT_OK)
        return tool_fail(call, TOOL_INVALID_ARGUMENTS, "b: expected an integer of 64 bits");
    if ((*compute)(a, b, &result)) return tool_fail(call, TOOL_ERROR, "The result is too large for 64 bits.");
    tool_print(call, "%lld", (long long)result);
    return tool_finish(call, TOOL_OK);
}

#define PARAMETERS \
    "\"parameters\":{\"type\":\"object\",\"required\":[\"a\",\"b\"],\"properties\":{" \
    "\"a\":{\"type\":\"integer\",\"description\":\"The first number\"}," \
    "\"b\":{\"type\":\"integer\",\"description\":\"The second number\"}}}"
#define ANNOTATIONS "\"annotations\":{\"readOnly\":true,\"idempotent\":true}"

static const tool_v1 add = {
    .struct_size = sizeof(tool_v1),
    .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"add\",\"description\":\"Add two numbers\"," PARAMETERS ",\"toolhost\":{" ANNOTATIONS
        ",\"examples\":[{\"arguments\":{\"a\":11434,\"b\":12341},\"result\":\"23775\"},"
        "{\"arguments\":{\"a\":0.5,\"b\":1},\"error\":\"TOOL_INVALID_ARGUMENTS\"},"
        "{\"arguments\":{\"a\":1},\"error\":\"TOOL_INVALID_ARGUMENTS\"}]}}"),
    .execute = calculate,
    .context = (void *)&addition,
};

static const tool_v1 multiply = {
    .struct_size = sizeof(tool_v1),
    .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"multiply\",\"description\":\"Multiply two numbers\"," PARAMETERS
        ",\"toolhost\":{" ANNOTATIONS ",\"examples\":[{\"arguments\":{\"a\":23775,\"b\":412},\"result\":\"9795300\"},"
        "{\"arguments\":{\"a\":9223372036854775807,\"b\":2},\"error\":\"TOOL_ERROR\"}]}}"),
    .execute = calculate,
    .context = (void *)&multiplication,
};

TOOL_PLUGIN("{\"name\":\"arithmetic\",\"version\":\"0.1.0\"}", &add, &multiply)
