/*
 * The events of a worker process that a thread of the host waits for.
 *
 * In C, because the Swift module of the system library has neither epoll(7) nor ppoll(2).
 */
#ifndef WORKER_POLLER_H
#define WORKER_POLLER_H

#include <stdint.h>

/* The events that worker_poller_wait() reports. */
enum {
    WORKER_POLLER_SOCKET = 1,
    WORKER_POLLER_OUTPUT = 2,
    WORKER_POLLER_EXIT = 4,
    WORKER_POLLER_WAKE = 8,
};

/*
 * Returns a poller for the socket, the output and the exit of a process, and for a descriptor that wakes its thread. The
 * socket is not armed. `exit` may be below 0. Returns below 0 with errno if the system has no poller left.
 */
int worker_poller_open(int socket, int output, int exit, int wake);

/*
 * Arms or disarms the socket. If it is armed, its next event is reported, or one that is there already, and that disarms
 * it. If it is not armed, only its end is reported, once.
 */
void worker_poller_arm(int poller, int socket, int is_armed);

/* Removes a descriptor. */
void worker_poller_remove(int poller, int descriptor);

/*
 * Waits at most so many milliseconds for events, without limit if below 0. Returns the events; 0 if there were none in
 * time; below 0 if a signal interrupted the thread.
 */
int worker_poller_wait(int poller, int milliseconds);

/* Returns a descriptor for worker_wake(); below 0 with errno if the system has none left. */
int worker_wake_open(void);

/* Makes a poller report the event "wake". */
void worker_wake(int descriptor);

/* Ends the event "wake". */
void worker_wake_clear(int descriptor);

/* Waits until bytes or the end arrive on a descriptor. Returns true (1) if they have, and 0 if the time has passed. */
int worker_wait_readable(int descriptor, uint64_t nanoseconds);

#endif
