#define _GNU_SOURCE
#include "placement.h"

#include <sched.h>

uint32_t worker_processor(void) {
    int processor = sched_getcpu();
    return processor < 0 ? UINT32_MAX : (uint32_t)processor;
}

void worker_move_to_processor(uint32_t processor) {
    cpu_set_t all, one;
    /* Fails on a machine with more processors than the set has room for. */
    if (processor >= CPU_SETSIZE || sched_getaffinity(0, sizeof all, &all) != 0) return;
    if (!CPU_ISSET(processor, &all)) return;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    if (sched_setaffinity(0, sizeof one, &one) == 0) sched_setaffinity(0, sizeof all, &all);
}
