/* What a host and its worker processes need of the system and cannot say in Swift. */
#ifndef WORKER_H
#define WORKER_H

#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What a dying worker leaves behind for its host: written by its signal handler, in one piece, to a pipe.
 */
typedef struct worker_crash_note {
    int32_t signal;
    int32_t code;     /* si_code */
    uint64_t call;    /* which call's code it was, by the host's number; 0 where that is not known */
    uint64_t address; /* for a memory fault */
} worker_crash_note;

/* Has crashes of this process noted on a descriptor, from then on. */
void worker_note_crashes(int descriptor);

/* Says that this thread now runs a call's code, or no longer does. */
void worker_enter_call(uint64_t call);
void worker_leave_call(void);

/* Has the kernel kill this process when its parent is gone; 0 where the parent is gone already. */
int worker_die_with_parent(pid_t parent);

/*
 * Has all that this process starts end with it, however it ends: leaves a process behind that belongs to the same group,
 * is no child of this one, and ends the group once this one is gone. 0, or -1 where that cannot be had.
 *
 * The process must have one thread only, and lead a group of its own.
 */
int worker_guard_group(void);

/* A pipe whose ends are closed in whatever this process starts; 0 or -1, as pipe2. */
int worker_pipe(int ends[2]);

/* Has a process start without the descriptors from the first one on. */
int worker_close_descriptors(posix_spawn_file_actions_t *actions, int first);

/* Nanoseconds of processor time that all threads of a process have used; 0 where it is gone. */
uint64_t worker_processor_time(pid_t process);

/*
 * True (1) if a file lies on a file system whose change times (st_ctim) can be relied on: no program can set them, and
 * each change of the content sets them. The list is short on purpose: a network file system takes the times from another
 * machine, and FAT has none.
 */
int worker_keeps_change_times(int descriptor);
int worker_path_keeps_change_times(const char *path);

/*
 * Makes sure that any later change of a file's content sets its change time. 0 where a program has the file open for
 * writing: one that has mapped it may write to a page again and again, and only the first time shows.
 */
int worker_settle_changes(int descriptor);

/* A descriptor that becomes readable when a child has ended; below 0 where the kernel has none. */
int worker_process_descriptor(pid_t child);

#endif
