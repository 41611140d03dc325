// Sums and products of integers: plain C functions, which report an overflow in errno.
#include "tool_plugin.h"

#include <errno.h>

static int64_t add(int64_t a, int64_t b) {
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) errno = EOVERFLOW;
    return sum;
}

static int64_t multiply(int64_t a, int64_t b) {
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product)) errno = EOVERFLOW;
    return product;
}

static const tool_native_v1 add_native = {
    .struct_size = sizeof(tool_native_v1),
    .function = (void (*)(void))add,
    .signature = TOOL_TEXT("add(a: i64, b: i64) -> i64 fails errno"),
};

static const tool_native_v1 multiply_native = {
    .struct_size = sizeof(tool_native_v1),
    .function = (void (*)(void))multiply,
    .signature = TOOL_TEXT("multiply(a: i64, b: i64) -> i64 fails errno"),
};

// The signatures describe the same parameters, but without descriptions.
#define PARAMETERS \
    "\"parameters\":{\"type\":\"object\",\"required\":[\"a\",\"b\"],\"properties\":{" \
    "\"a\":{\"type\":\"integer\",\"description\":\"The first number\"}," \
    "\"b\":{\"type\":\"integer\",\"description\":\"The second number\"}}}"
#define ANNOTATIONS "\"annotations\":{\"readOnly\":true,\"idempotent\":true}"

static const tool_v1 add_tool = {
    .struct_size = sizeof(tool_v1),
    .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"add\",\"description\":\"Add two numbers\"," PARAMETERS ",\"toolhost\":{" ANNOTATIONS
        ",\"examples\":[{\"arguments\":{\"a\":11434,\"b\":12341},\"result\":23775},"
        "{\"arguments\":{\"a\":0.5,\"b\":1},\"error\":\"TOOL_INVALID_ARGUMENTS\"},"
        "{\"arguments\":{\"a\":1},\"error\":\"TOOL_INVALID_ARGUMENTS\"}]}}"),
    .native = &add_native,
};

static const tool_v1 multiply_tool = {
    .struct_size = sizeof(tool_v1),
    .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"multiply\",\"description\":\"Multiply two numbers\"," PARAMETERS
        ",\"toolhost\":{" ANNOTATIONS ",\"examples\":[{\"arguments\":{\"a\":23775,\"b\":412},\"result\":9795300},"
        "{\"arguments\":{\"a\":9223372036854775807,\"b\":2},\"error\":\"TOOL_ERROR\"}]}}"),
    .native = &multiply_native,
};

TOOL_PLUGIN("{\"name\":\"arithmetic\",\"version\":\"0.1.0\"}", &add_tool, &multiply_tool)
