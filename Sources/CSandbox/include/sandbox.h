/*
 * The kernel's confinement calls for Swift: calls without a C library wrapper or with a variadic one, and structs and
 * constants that older headers lack.
 *
 * Unless stated otherwise, a function returns a non-negative number on success, and -1 with errno set on failure.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

/* Calls that are newer than some headers. Their numbers are the same on every architecture. */
#ifndef SYS_cachestat
#define SYS_cachestat 451
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_futex_wake
#define SYS_futex_wake 454
#endif
#ifndef SYS_futex_wait
#define SYS_futex_wait 455
#endif
#ifndef SYS_futex_requeue
#define SYS_futex_requeue 456
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif

/* Returns the version of Landlock's interface, or -1 if the kernel has none or it is disabled. */
int sandbox_landlock_version(void);

/* Creates a rule set that handles these rights, and returns its descriptor. Rights that are 0 need no newer kernel. */
int sandbox_landlock_create(uint64_t files, uint64_t network, uint64_t scopes);

/* Grants rights on the file that the descriptor `path` names and on everything below it. */
int sandbox_landlock_allow_path(int rules, uint64_t rights, int path);

/* Grants rights on a TCP port. */
int sandbox_landlock_allow_port(int rules, uint64_t rights, uint16_t port);

/* Applies the rule set to this thread and all its future descendants. */
int sandbox_landlock_restrict(int rules);

/* Opens a descriptor that only names a file. Unless links are followed, a link in the path fails with ELOOP. */
int sandbox_open_path(const char *_Nonnull path, int follows_links);

/* Calls `visit` with the loader's path of each library that this program has loaded. */
void sandbox_visit_libraries(void (*_Nonnull visit)(const char *_Nonnull path, void *_Nonnull context),
                             void *_Nonnull context);

/* Returns true if the kernel supports filters for all threads at once. Changes nothing. */
int sandbox_has_filters(void);

/* Adds a filter to all threads of this process. Fails with EDEADLK if a thread has different filters. */
int sandbox_load_filter(const struct sock_filter *_Nonnull program, uint16_t count);

/*
 * Adds a filter to this thread and all its future descendants. Returns a descriptor on which a supervisor receives the
 * calls that the filter asks about.
 */
int sandbox_load_supervised_filter(const struct sock_filter *_Nonnull program, uint16_t count);

/*
 * Maps private memory at a random address that no other code can guess: 35 random bits choose the page, and 8 more the
 * start within it. Returns the start, behind which `size` bytes are usable, or NULL with errno set.
 */
void *_Nullable sandbox_map_at_random(size_t size);

/* Calls execve(2) with these addresses unchanged. Returns only on failure. */
int sandbox_execute(uint64_t path, uint64_t arguments, uint64_t environment);

/* Returns an address in the calling thread's stack. */
uint64_t sandbox_stack_address(void);

/* Calls prctl(2) with further arguments of 0. */
int sandbox_control(int option, unsigned long argument);

/* Drops all capabilities of this thread, including those that a started program could give back. */
int sandbox_drop_capabilities(void);

/* Sets the soft and hard limit to a value, or to the current hard limit if that is lower. */
int sandbox_limit(int resource, uint64_t value);

#endif
