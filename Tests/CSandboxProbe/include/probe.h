/* The acts with which the tests determine the permissions of a confined process. */
#ifndef PROBE_H
#define PROBE_H

#include <sys/types.h>

/*
 * Does one act. The argument is a path, a port or a number, if the act needs one.
 * Returns 0 on success, the error number on failure, and -1 for an unknown act.
 */
int probe_act(const char *_Nonnull act, const char *_Nonnull argument, pid_t victim);

/* Returns the name of an error number, such as EPERM. */
const char *_Nonnull probe_error_name(int error);

/* Starts a process of the same user that waits and exits together with this one. */
pid_t probe_start_victim(void);

/* Lets Landlock's calls or seccomp(2) fail with ENOSYS from now on. */
int probe_forget_calls(int landlock, int seccomp);

#endif
