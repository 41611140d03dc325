// A library with few slots, whose functions can be held inside a call.
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int inside, released;
typedef struct { int32_t number, is_open; } slot;
static slot slots[3];
static int32_t opened, closed;
static void stay(void) {
    pthread_mutex_lock(&lock);
    inside++;
    pthread_cond_broadcast(&changed);
    while (!released) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}
void wait_inside(void) {
    pthread_mutex_lock(&lock);
    while (!inside) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}
void release(void) {
    pthread_mutex_lock(&lock);
    released = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}
slot *slot_open(void) {
    for (int i = 0; i < 3; i++) if (!slots[i].is_open) {
        slots[i] = (slot){ ++opened, 1 };
        return &slots[i];
    }
    return NULL;
}
int slot_close(slot *s) { if (!s->is_open) abort(); s->is_open = 0; closed++; return 0; }
int32_t slot_number(const slot *s) { return s->is_open ? s->number : -1; }
int32_t closings(void) { return closed; }
int32_t use_long(slot *s) { stay(); return s->number; }
int32_t close_long(slot *s, int32_t result) { if (!result) slot_close(s); stay(); return result; }
int32_t close_always(slot *s) { slot_close(s); return -1; }
int32_t both(slot *a, slot *b) { return a == b ? 1 : 0; }
int32_t move(slot *from, slot *to) { slot_close(from); return from == to; }
int32_t same(slot *s, slot **out, int32_t result) { *out = s; return result; }
void open_badly(slot **out, const char **text) { *out = slot_open(); *text = "\xff"; }
const char *open_and_nothing(slot **out) { *out = slot_open(); return NULL; }
int32_t open_twice(slot **a, slot **b) { *a = *b = slot_open(); return 1; }
typedef struct { int32_t x; } lamp;
lamp *lamp_new(void) { static lamp only; return &only; }
