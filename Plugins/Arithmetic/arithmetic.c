// Sums and products: exact for whole numbers that fit 64 bits, in floating point otherwise.
#include "tool_plugin.h"

typedef struct operation {
    int (*exact)(int64_t a, int64_t b, int64_t *result); // whether it overflows
    double (*rounded)(double a, double b);
} operation;

static int exact_add(int64_t a, int64_t b, int64_t *result) { return __builtin_add_overflow(a, b, result); }
static int exact_multiply(int64_t a, int64_t b, int64_t *result) { return __builtin_mul_overflow(a, b, result); }
static double rounded_add(double a, double b) { return a + b; }
static double rounded_multiply(double a, double b) { return a * b; }

static const operation addition = {exact_add, rounded_add};
static const operation multiplication = {exact_multiply, rounded_multiply};

// Prints a number with as many digits as it takes to read the same one back.
static void print_shortest(const tool_call_v1 *call, double value) {
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    tool_print(call, "%s", text);
}

static int32_t calculate(void *context, const tool_call_v1 *call) {
    const operation *operation = context;
    int64_t whole_a, whole_b, whole;
    if (tool_get_i64(call, "/a", &whole_a) == TOOL_RESULT_OK && tool_get_i64(call, "/b", &whole_b) == TOOL_RESULT_OK
        && !operation->exact(whole_a, whole_b, &whole)) {
        tool_print(call, "%lld", (long long)whole);
        return tool_finish(call, TOOL_OK);
    }
    double a, b;
    if (tool_get_f64(call, "/a", &a) != TOOL_RESULT_OK)
        return tool_fail(call, TOOL_INVALID_ARGUMENTS, "a: expected a number");
    if (tool_get_f64(call, "/b", &b) != TOOL_RESULT_OK)
        return tool_fail(call, TOOL_INVALID_ARGUMENTS, "b: expected a number");
    double result = operation->rounded(a, b);
    // Infinity minus itself is not a number, hence not equal to itself.
    if (result - result != 0) return tool_fail(call, TOOL_ERROR, "The result is too large for a number.");
    print_shortest(call, result);
    return tool_finish(call, TOOL_OK);
}

#define PARAMETERS \
    "\"parameters\":{\"type\":\"object\",\"required\":[\"a\",\"b\"],\"properties\":{" \
    "\"a\":{\"type\":\"number\",\"description\":\"The first number\"}," \
    "\"b\":{\"type\":\"number\",\"description\":\"The second number\"}}}"
#define ANNOTATIONS "\"annotations\":{\"readOnly\":true,\"idempotent\":true}"

static const tool_v1 add = {
    .struct_size = sizeof(tool_v1),
    .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"add\",\"description\":\"Add two numbers\"," PARAMETERS ",\"toolhost\":{" ANNOTATIONS
        ",\"examples\":[{\"arguments\":{\"a\":11434,\"b\":12341},\"result\":\"23775\"},"
        "{\"arguments\":{\"a\":0.5,\"b\":0.25},\"result\":\"0.75\"},"
        "{\"arguments\":{\"a\":1},\"error\":\"TOOL_INVALID_ARGUMENTS\"}]}}"),
    .execute = calculate,
    .context = (void *)&addition,
};

static const tool_v1 multiply = {
    .struct_size = sizeof(tool_v1),
    .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"multiply\",\"description\":\"Multiply two numbers\"," PARAMETERS
        ",\"toolhost\":{" ANNOTATIONS ",\"examples\":[{\"arguments\":{\"a\":23775,\"b\":412},\"result\":\"9795300\"},"
        "{\"arguments\":{\"a\":1e300,\"b\":1e300},\"error\":\"TOOL_ERROR\"}]}}"),
    .execute = calculate,
    .context = (void *)&multiplication,
};

TOOL_PLUGIN("{\"name\":\"arithmetic\",\"version\":\"0.1.0\"}", &add, &multiply)
