#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shapes.h"
struct counter { int value; };
int64_t add(int64_t a, int32_t b) { return a + b; }
const char *color_name(enum color c) { return c == RED ? "red" : c == GREEN ? "green" : "blue"; }
int fame(name_t name) { return name[-1]; }
name_t nickname(int index) { return index ? "a" : "b"; }
mode flip(mode m) { return m == ON ? OFF : ON; }
double length(point p) { return p.x * p.x + p.y * p.y; }
_Bool negate(_Bool value) { return !value; }
unsigned short narrow(unsigned char a, short b, unsigned long c, float d) { return a + b + c + d; }
void nothing(void) {}
counter *counter_new(int start) {
    counter *c = start < 0 ? NULL : malloc(sizeof *c);
    if (c) c->value = start;
    return c;
}
int counter_next(counter *c) { return ++c->value; }
void counter_free(counter *c) { free(c); }
int divide(int a, int b, int *quotient) { return b == 0 ? 7 : (*quotient = a / b, 0); }
long total(const int *v, size_t n) { long t = 0; for (size_t i = 0; i < n; i++) t += v[i]; return t; }
unsigned checksum(const byte_t *d, size_t n) { unsigned s = 0; while (n--) s += *d++; return s; }
void greet(char *buffer, size_t size) { snprintf(buffer, size, "hello"); }
void each(int (*visit)(int), int times) { for (int i = 0; i < times; i++) visit(i); }
char *copy(const char *text) { return strdup(text); }
void free_text(const char *text) { free((void *)text); }
void put_point(const point *p) { (void)p; }
void get_point(point *p) { p->x = 1; p->y = 2; }
int age(person *p) { return p->age; }
int open_counter(const char *name, counter **result) { *result = counter_new(strlen(name)); return 0; }
double after(double x) { return x; }
int print(const char *format, ...) { return *format; }
int vprint(const char *format, va_list list) { (void)list; return *format; }
void quit(int code) { exit(code); }
long double precise(long double x) { return x; }
union either choose(int which) { return (union either){which}; }
void *raw(int size) { return malloc(size); }
int _internal(int a) { return a; }
__attribute__((visibility("hidden"))) int hidden(int a) { return a; }
