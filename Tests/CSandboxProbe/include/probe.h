/* Single acts by which the tests find out what a confined process can do. */
#ifndef PROBE_H
#define PROBE_H

#include <sys/types.h>

/*
 * Does one act, on what the argument names where it needs something: a path, a port, a number.
 * Returns 0 where it worked, or the error number; -1 for an act that does not exist.
 */
int probe_act(const char *_Nonnull act, const char *_Nonnull argument, pid_t victim);

/* The name of an error number, EPERM say. */
const char *_Nonnull probe_error_name(int error);

/* Starts a process of the same user that only waits, and ends with this one. */
pid_t probe_start_victim(void);

/* Has the kernel say ENOSYS to Landlock's calls or to seccomp(2) from now on. */
int probe_forget_calls(int landlock, int seccomp);

#endif
