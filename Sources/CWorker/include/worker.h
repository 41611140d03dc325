/* System calls of a host and its worker processes that Swift cannot express, or not as cheaply. */
#ifndef WORKER_H
#define WORKER_H

#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A crash note: what a dying worker reports to its host. Its signal handler writes the note to a pipe, in one piece.
 */
typedef struct worker_crash_note {
    int32_t signal;   /* 0 if the guard killed it */
    int32_t code;     /* si_code; if the guard killed it for too many processes, their maximum number */
    uint64_t call;    /* the host's identifier of the call whose code crashed; 0 if it is not known */
    uint64_t address; /* for a memory fault */
} worker_crash_note;

/* Installs signal handlers that write a crash note to a descriptor. */
void worker_note_crashes(int descriptor);

/*
 * Makes this process send the last bytes to a socket when it crashes or calls exit(3). `count` points to the number of
 * bytes, a `_Atomic size_t`. The number is exchanged for 0 before they are sent, so they are sent once.
 */
void worker_send_at_exit(int socket, const void *bytes, void *count);

/* Records that this thread starts or stops running the code of a call. */
void worker_enter_call(uint64_t call);
void worker_leave_call(void);

/* Sets the stack size of threads that are created later. Returns 0, or an error number. */
int worker_set_stack_size(size_t bytes);

/* Makes the kernel kill this process when its parent exits. Returns 0 if the parent has already exited. */
int worker_die_with_parent(pid_t parent);

/* The identity of a file, independent of its path. */
typedef struct worker_file {
    dev_t device;
    ino_t number;
} worker_file;

/* The settings of a guard that supervises its group. */
typedef struct worker_guard_order {
    const worker_file *loaders; /* the files that no process may start as programs */
    int loader_count;
    int processes;              /* the maximum number of processes besides the guard; the group is killed for more */
    int notes;                  /* the descriptor for the crash note in that case */
} worker_guard_order;

/*
 * Starts a guard: a process of the same group that is not a child of this process. It kills the group once this process
 * has exited, so no process that this process starts outlives it.
 *
 * Returns a descriptor for worker_supervise, or -1 if no guard was started. The calling process must have a single
 * thread and lead its own group.
 */
int worker_guard_group(const worker_guard_order *order);

/*
 * Passes the guard the descriptor on which the kernel asks about each process and program that starts
 * (seccomp_unotify(2)), or none if it is below 0. Closes both descriptors. Returns 0 or -1.
 */
int worker_supervise(int guard, int listener);

/* Makes a process start without the descriptors from the first one on. */
int worker_close_descriptors(posix_spawn_file_actions_t *actions, int first);

/* Returns the processor time that all threads of a process have used, in nanoseconds; 0 if it has exited. */
uint64_t worker_processor_time(pid_t process);

/*
 * Returns true (1) if a file is on a file system with reliable change times (st_ctim): no program can set them, and
 * each change of the content sets them. The list is short on purpose: a network file system takes the times from
 * another machine, and FAT has none.
 */
int worker_keeps_change_times(int descriptor);
int worker_path_keeps_change_times(const char *path);

/*
 * Makes sure that each later change of a file's content sets its change time. Returns 0 if a program has the file open
 * for writing: a program that has mapped the file may write to a page repeatedly, and only the first write sets the
 * time.
 */
int worker_settle_changes(int descriptor);

/* The resources that one process uses. */
typedef struct worker_usage {
    uint64_t memory;      /* bytes of anonymous, shared and swapped memory, and of page tables */
    uint32_t threads;
    uint32_t descriptors; /* an upper bound of the number of open descriptors */
    pid_t parent;
} worker_usage;

/*
 * Measures a process. Memory that it shares with others after a fork is counted in full. Returns 0, or -1 if the
 * process has exited or cannot be measured.
 */
int worker_measure(pid_t process, worker_usage *use);

/*
 * Returns the bytes of memory of a process, each page divided by the number of processes that share it; 0 if they
 * cannot be read. Takes milliseconds for a large process.
 */
uint64_t worker_share(pid_t process);

/* Returns true (1) if two processes have the same memory, as a child does between vfork(2) and exec. */
int worker_shares_memory(pid_t process, pid_t other);

/* Returns the number of descriptors that a process has open; 0 if it cannot be read. */
uint32_t worker_descriptors(pid_t process);

/* Writes the processes of a group to `members`, at most `capacity` of them. Returns their total number, or -1. */
int worker_group(pid_t group, pid_t *members, int capacity);

/* Returns the number of file locks that processes hold or wait for. Counting ends at a number above `enough`. */
int worker_file_locks(const pid_t *processes, int count, int enough);

/* Returns a descriptor that becomes readable when a child has exited; below 0 if the kernel has none. */
int worker_process_descriptor(pid_t child);

#endif
