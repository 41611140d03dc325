/*
 * parking.h - a thread that waits for another one, for a short time.
 *
 * In C, because the Swift module of the system library has neither futex(2) nor sem_clockwait(3). Both functions use a
 * word of the waiting thread's memory, which is 0 at first.
 */
#ifndef WORKER_PARKING_H
#define WORKER_PARKING_H

#include <stdint.h>

/*
 * Waits until the word is not 0, or until an instant in nanoseconds of CLOCK_MONOTONIC. Returns true (1) if the word is
 * not 0.
 */
int worker_park(uint32_t *word, uint64_t deadline);

/* Sets the word and wakes the thread that waits for it. The memory of the word may be gone when this returns. */
void worker_unpark(uint32_t *word);

#endif
