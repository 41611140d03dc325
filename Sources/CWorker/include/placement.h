/*
 * placement.h - the processor that a thread runs on.
 *
 * In C, because the Swift module of the system library has none of these functions.
 */
#ifndef WORKER_PLACEMENT_H
#define WORKER_PLACEMENT_H

#include <stdint.h>

/* The processor that the calling thread runs on; UINT32_MAX if it is unknown. */
uint32_t worker_processor(void);

/*
 * Moves the calling thread to a processor, if the thread may run there. The thread may still run on all processors that
 * it could use before, so the system can move it again, and the threads that it starts are not restricted.
 */
void worker_move_to_processor(uint32_t processor);

#endif
