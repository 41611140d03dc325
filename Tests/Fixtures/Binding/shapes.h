#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
enum color { RED, GREEN = 5, BLUE };
typedef enum { OFF = -1, ON = 1 << 2 } mode;
typedef struct { double x, y; } point;
typedef struct { const char *name; int age; } person;
typedef struct counter counter;
typedef const char *name_t;
typedef unsigned char byte_t;
union either { int i; float f; };

/* Add two whole numbers.  Nothing else happens. */
int64_t add(int64_t __a, int32_t b);
// Says what a color
// is called.
const char *color_name(enum color color);
mode flip(mode m);
int fame(name_t name);
name_t nickname(int index);
double length(point p);
_Bool negate(_Bool value);
unsigned short narrow(unsigned char a, short b, unsigned long c, float d);
void nothing(void);

counter *counter_new(int start);  /* an end of a line describes no other line */
int counter_next(counter *counter /* the one to move on */);
void counter_free(counter *c);

int divide(int a, int b, int *quotient);
/**
 * @brief The sum of an array. And more.
 */
long total(const int *values, size_t count);
unsigned checksum(const byte_t *data, size_t length);
void greet(char *buffer, size_t size);
void each(int (*visit)(int), int times);
char *copy(const char *text);
void free_text(const char *text);
void put_point(const point *p);
void get_point(point *p);
int age(person *p);
int open_counter(const char *name, counter **result);
double after(double);
/* What stands below a declaration describes it where nothing stands above. */

int print(const char *format, ...);
int vprint(const char *format, va_list list);
void quit(int code) __attribute__((noreturn));
long double precise(long double x);
union either choose(int which);
void *raw(int size);
int _internal(int a);
int hidden(int a);
