/* Tools that are plain C functions, one for each type and each way of failing. */
#include "tool_plugin.h"
#include <errno.h>
#include <math.h>
#define SAME(name, type) static type name(type v) { return v; } \
    TOOL_NATIVE(name, "(v: " #name ") -> " #name, "Give it back")
SAME(i8, int8_t) SAME(i16, int16_t) SAME(i32, int32_t) SAME(i64, int64_t)
SAME(u8, uint8_t) SAME(u16, uint16_t) SAME(u32, uint32_t) SAME(u64, uint64_t)
SAME(f32, float) SAME(f64, double) SAME(bool, _Bool) SAME(text, const char *)

static double power(double base, double exponent) { return pow(base, exponent); }
TOOL_NATIVE(power, "(base: f64, exponent: f64) -> f64", "Raise to a power")
static double mixed(int8_t a, double b, uint16_t c, float d, int64_t e, _Bool f, const char *g, uint8_t h,
                    double i, int32_t j) {
    return a + b * 2 + c * 3 + d * 4 + (double)e * 5 + f * 6 + (double)strlen(g) * 7 + h * 8 + i * 9 + j * 10;
}
TOOL_NATIVE(mixed, "(a: i8, b: f64, c: u16, d: f32, e: i64, f: bool, g: text, h: u8, i: f64, j: i32) -> f64", "Mix")
static void nothing(void) { }
TOOL_NATIVE(nothing, "()", "Do nothing")
static char *twice(const char *word) {
    char *text = malloc(2 * strlen(word) + 1);
    strcpy(text, word);
    return strcat(text, word);
}
TOOL_NATIVE(twice, "(word: text) -> owned text", "Say it twice")
static const char *maybe(_Bool there) { return there ? "there" : NULL; }
TOOL_NATIVE(maybe, "(there: bool) -> text", "Maybe")
static int32_t negative(int32_t code) { if (code == -2) errno = ENOENT; return code; }
TOOL_NATIVE(negative, "(code: i32) -> i32 fails negative", "Fail below 0")
static int32_t status(int32_t code) { return code; }
TOOL_NATIVE(status, "(code: i32) -> i32 fails nonzero", "Fail unless 0")
static int64_t error(int32_t code) { errno = code; return 7; }
TOOL_NATIVE(error, "(code: i32) -> i64 fails errno", "Set errno")
static int64_t crash(int64_t address) { return *(volatile int64_t *)address; }
TOOL_NATIVE(crash, "(address: i64) -> i64", "Read memory")
static double special(int32_t which) { return which == 0 ? NAN : which == 1 ? INFINITY : -INFINITY; }
TOOL_NATIVE(special, "(which: i32) -> f64", "No numbers")
TOOL_PLUGIN("{\"name\":\"native\"}", &i8_tool, &i16_tool, &i32_tool, &i64_tool, &u8_tool, &u16_tool, &u32_tool,
    &u64_tool, &f32_tool, &f64_tool, &bool_tool, &text_tool, &power_tool, &mixed_tool, &nothing_tool,
    &twice_tool, &maybe_tool, &negative_tool, &status_tool, &error_tool, &crash_tool, &special_tool)
