#define _GNU_SOURCE
#include "parking.h"

#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int worker_park(uint32_t *word, uint64_t deadline) {
    struct timespec end = {.tv_sec = (time_t)(deadline / 1000000000), .tv_nsec = (long)(deadline % 1000000000)};
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == 0) {
        /* FUTEX_WAIT_BITSET has an absolute time, of CLOCK_MONOTONIC. */
        long result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, 0, &end, NULL, FUTEX_BITSET_MATCH_ANY);
        if (result == 0) continue;
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec)) break;
    }
    return __atomic_load_n(word, __ATOMIC_ACQUIRE) != 0;
}

void worker_unpark(uint32_t *word) {
    __atomic_store_n(word, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
