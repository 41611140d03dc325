/* Declarations shared by the files of this target. */
#ifndef ACTS_H
#define ACTS_H

#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/types.h>

struct act {
    const char *name;
    int (*run)(const char *argument, pid_t victim);
};

/* 0 if a call returned a non-negative number, and otherwise its error number. */
#define OUTCOME(call) ((call) < 0 ? errno : 0)
/* Defines an act with one call. */
#define ACT(function, call)                                \
    static int function(const char *argument, pid_t victim) { \
        (void)argument;                                    \
        (void)victim;                                      \
        return OUTCOME(call);                              \
    }

extern const struct act file_acts[], network_acts[], process_acts[], memory_acts[], kernel_acts[], user_acts[];

#endif
