/*
 * The kernel's confinement calls, as Swift can use them: calls that have no C library wrapper or a variadic one, and the
 * structs and constants that an older system's headers do not know.
 *
 * Each function returns 0 or something not negative, or -1 with errno set, as system calls do.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

/* Calls that are younger than some systems' headers; their numbers are the same on every architecture. */
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

/* The version of Landlock's interface; -1 where the kernel has none or it is switched off. */
int sandbox_landlock_version(void);

/* A new rule set that handles these rights, as a descriptor. Rights that are 0 need no newer kernel. */
int sandbox_landlock_create(uint64_t files, uint64_t network, uint64_t scopes);

/* Grants rights on what the descriptor `path` names and all below it. */
int sandbox_landlock_allow_path(int rules, uint64_t rights, int path);

/* Grants rights on a TCP port. */
int sandbox_landlock_allow_port(int rules, uint64_t rights, uint16_t port);

/* Binds this thread, and all that it starts from now on, to the rule set. */
int sandbox_landlock_restrict(int rules);

/* A descriptor that only names a file. Unless it follows links, one anywhere on the way is ELOOP. */
int sandbox_open_path(const char *_Nonnull path, int follows_links);

/* Shows the path of each library that this program has loaded, as the loader knows it. */
void sandbox_visit_libraries(void (*_Nonnull visit)(const char *_Nonnull path, void *_Nonnull context),
                             void *_Nonnull context);

/* Whether the kernel takes filters for all threads at once. Changes nothing. */
int sandbox_has_filters(void);

/* Adds a filter for all threads of this process. EDEADLK where one of them has filters of its own. */
int sandbox_load_filter(const struct sock_filter *_Nonnull program, uint16_t count);

/*
 * Adds a filter for this thread and all that it starts, and returns a descriptor on which a supervisor receives the calls
 * that the filter asks it about.
 */
int sandbox_load_supervised_filter(const struct sock_filter *_Nonnull program, uint16_t count);

/* An address of the calling thread's stack. */
uint64_t sandbox_stack_address(void);

/* prctl(2), whose further arguments are 0. */
int sandbox_control(int option, unsigned long argument);

/* Drops all capabilities of this thread, those that a program might give it back included. */
int sandbox_drop_capabilities(void);

/* Sets a limit, hard and soft, to a value or to the present hard limit where that is lower. */
int sandbox_limit(int resource, uint64_t value);

#endif
