// Functions with strings, bytes and arrays. Counted values have no terminator, and are followed by other bytes.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char *copy(const char *text, size_t count) {
    char *made = malloc(count);
    return memcpy(made, text, count);
}
const char *say(const char *text) { static char kept[64]; return strncpy(kept, text, sizeof kept - 1); }
char *say_owned(const char *text) { return copy(text, strlen(text) + 1); }
void say_out(const char *text, char **out) { *out = copy(text, strlen(text) + 1); }
void slice(const char **out, size_t *count) { *out = "abcdefXYZ" + 2; *count = 3; }
int32_t taken(char **out) { *out = copy("abc", 3); return 3; }
char *head(uint16_t *count) { *count = 2; return copy("ab", 2); }
uint8_t *blob(int32_t size, int32_t *count) {
    *count = size;
    return size == 7 ? NULL : memset(malloc(size > 0 ? (size_t)size : 1), 'x', size > 0 ? (size_t)size : 1);
}
void numbers(int32_t size, double **out, uint8_t *count) {
    *out = calloc((size_t)size, sizeof **out);
    for (int32_t i = 0; i < size; i++) (*out)[i] = i / 2.0;
    *count = (uint8_t)size;
}
void words(void (*each)(const char *, int8_t)) { each("onetwo", 3); each("two", 2); each("", 0); each(NULL, 0); }
void pieces(void (*each)(const uint8_t *, uint32_t)) { each((const uint8_t *)"\xff\0x", 2); }
void lies(void (*each)(const char *, int32_t)) { each("x", -1); }
int32_t greet(const char *name, char *buffer, size_t size) {
    if (strlen(name) + 7 > size) { memset(buffer, 'x', size); return 0; }
    memcpy(buffer, "Hello, ", 7);
    if (strlen(name) + 7 < size) strcpy(buffer + 7, name); else memcpy(buffer + 7, name, size - 7);
    return 0;
}
void put(const char *text, char *buffer, uint32_t *count) {
    if (strlen(text) <= *count) memcpy(buffer, text, strlen(text));
    *count = (uint32_t)strlen(text);
}
void fill(int32_t *out, int64_t count) { for (int64_t i = 0; i < count; i++) out[i] = (int32_t)i; }
void fill_some(int32_t *out, uint16_t *count) { if (*count > 2) *count = 2; for (int i = 0; i < *count; i++) out[i] = i; }
void double_room(const char *text, char *out) { while (*text) { *out++ = *text; *out++ = *text++; } *out = 0; }
const char *invalid(void) { return "caf\xe9"; }
void invalid_out(char *out) { strcpy(out, "\xc0\x80"); }
void invalid_each(void (*each)(const char *)) { each("\xed\xa0\x80"); }
typedef struct { char name[4]; uint8_t last; } tag;
tag same_tag(tag v) { return v; }
tag full_tag(void) { return (tag){ { 'a', 'b', 'c', 'd' }, 7 }; }
tag invalid_tag(void) { return (tag){ "\xff", 0 }; }
char *long_text(int32_t count) {
    char *made = memset(malloc((size_t)count + 1), 'x', (size_t)count);
    made[count] = 0;
    return made;
}
void flood(int32_t times, int32_t (*each)(const char *)) { while (times--) if (each("0123456789a")) return; }
void flood_numbers(int32_t times, void (*each)(int32_t)) { while (times--) each(times); }
int32_t length(const char *text, const char *other) { return text ? (int32_t)strlen(text) : -1; }
