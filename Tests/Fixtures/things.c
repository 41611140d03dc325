// A library with functions of every kind that a binding can describe.
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#define API __attribute__((visibility("default")))
API uint32_t sum_bytes(const uint8_t *bytes, uint16_t count) {
    uint32_t sum = 0;
    for (int i = 0; i < count; i++) sum += bytes[i];
    return sum;
}
API int reverse(const uint8_t *from, uint64_t count, uint8_t *to, uint32_t *length) {
    if (*length < count) { *length = (uint32_t)count; return -1; }
    for (uint64_t i = 0; i < count; i++) to[i] = from[count - 1 - i];
    *length = (uint32_t)count;
    return 0;
}
API int needs(uint8_t *to, uint32_t *length) { (void)to; *length = 1000; return 0; }
API int64_t squares(const int32_t *from, int32_t count, double *to) {
    for (int i = 0; i < count; i++) to[i] = (double)from[i] * from[i];
    return count;
}
API void divide(int32_t a, int32_t b, int32_t *quotient, int32_t *rest) { *quotient = a / b; *rest = a % b; }
typedef struct { int8_t kind; double x; struct { uint16_t a; uint8_t b; } inner; char name[8]; int32_t color; } point;
API point mirror(point p) { p.x = -p.x; p.inner.a++; p.name[0] = 'M'; p.color = 2; return p; }
API double x_of(const point *p) { return p->x + p->kind; }
API void origin(point *p) { memset(p, 0, sizeof *p); strcpy(p->name, "origin"); }
typedef struct { float x, y; } pair;
API pair swap(pair p) { return (pair){ p.y, p.x }; }
API int32_t next_color(int32_t color) { return color + 1; }
API int greet(const char *name, char *buffer, size_t size) {
    if (strlen(name) + 7 >= size) { memset(buffer, 'x', size); return 0; }
    strcpy(buffer, "Hello, "); strcat(buffer, name);
    return 0;
}
API int twice(const char *text, char **result) {
    *result = malloc(2 * strlen(text) + 1);
    strcpy(*result, text); strcat(*result, text);
    return 0;
}
API int blob(uint8_t **bytes, uint64_t *count) { *bytes = malloc(3); memcpy(*bytes, "abc", 3); *count = 3; return 0; }
API int endless(uint8_t **bytes, int64_t *count) { *bytes = malloc(3); *count = -1; return 0; }
API int32_t maybe(const char *text) { return text ? (int32_t)strlen(text) : -7; }
API int32_t opening(const char *mode, int32_t flags) { return mode[0] * 1000 + flags; }
API int32_t status(int32_t code) { return code; }
API const char *words(int32_t code) { return code == 3 ? "no such thing" : ""; }
API int refused(int32_t code, char **message) { if (code) *message = strdup("it does not want to"); return code; }
static int freed;
API void release(void *pointer) { freed++; free(pointer); }
API int32_t released(void) { return freed; }
typedef struct { int64_t sum; const char *error; } counter;
static int open_counters;
API counter *counter_new(int64_t start) {
    if (start == -1) { errno = EPERM; return NULL; }
    counter *c = calloc(1, sizeof *c);
    c->sum = start;
    open_counters++;
    return c;
}
API int counter_make(int64_t start, counter **made) {
    *made = counter_new(start);
    if (start > 1000) { (*made)->error = "too much to count"; return 1; }
    return 0;
}
API int64_t counter_add(counter *c, int64_t more) { return c->sum += more; }
API const char *counter_error(counter *c) { return c->error; }
API int counter_close(counter *c) { open_counters--; free(c); return 0; }
API int counter_try_close(counter *c) { return c->sum == 5 ? 1 : counter_close(c); }
API int32_t counters(void) { return open_counters; }
typedef struct { int32_t x; } box;
API box *box_new(void) { static box only; return &only; }
typedef int (*each)(void *context, int32_t index, const char *word, int32_t count, const double *numbers);
API int32_t visit(int32_t times, each function, void *context) {
    double numbers[] = { 0.5, 1.5 };
    for (int32_t i = 0; i < times; i++) if (function(context, i, i % 2 ? NULL : "even", i % 3, numbers)) return i;
    return times;
}
API void plain(int32_t times, void (*function)(uint8_t)) { for (int32_t i = 0; i < times; i++) function((uint8_t)(i * 100)); }
API int32_t last_byte(const uint8_t bytes[3]) { return bytes[2]; }
API double last_number(const double numbers[2]) { return numbers ? numbers[1] : -1; }
API int shout(const char *format, ...) { return (int)strlen(format); }
