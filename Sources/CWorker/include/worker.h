/* Calls of the system that a host and its worker processes need, and that Swift cannot express or not as cheaply. */
#ifndef WORKER_H
#define WORKER_H

#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What a dying worker leaves behind for its host: written by its signal handler, in one piece, to a pipe.
 */
typedef struct worker_crash_note {
    int32_t signal;   /* 0 where the guard killed it */
    int32_t code;     /* si_code; the number of processes that it may have where the guard killed it for more */
    uint64_t call;    /* which call's code it was, by the host's number; 0 where that is not known */
    uint64_t address; /* for a memory fault */
} worker_crash_note;

/* Has crashes of this process noted on a descriptor, from then on. */
void worker_note_crashes(int descriptor);

/* Says that this thread now runs a call's code, or no longer does. */
void worker_enter_call(uint64_t call);
void worker_leave_call(void);

/* Sets the size of the stacks of threads to come; 0, or an error number. */
int worker_set_stack_size(size_t bytes);

/* Has the kernel kill this process when its parent is gone; 0 where the parent is gone already. */
int worker_die_with_parent(pid_t parent);

/* A file, however it is named. */
typedef struct worker_file {
    dev_t device;
    ino_t number;
} worker_file;

/* The duties of a guard once it supervises its group. */
typedef struct worker_guard_order {
    const worker_file *loaders; /* no process may start these as programs */
    int loader_count;
    int processes;              /* the group may have so many besides the guard, and is killed for more */
    int notes;                  /* the descriptor for the crash note in that case */
} worker_guard_order;

/*
 * Starts a guard: a process that belongs to the same group and is no child of this one. It kills the group once this
 * process is gone, so nothing that this process starts outlives it.
 *
 * Returns a descriptor for worker_supervise, or -1 where there is no guard. The process must have one thread only, and
 * lead a group of its own.
 */
int worker_guard_group(const worker_guard_order *order);

/*
 * Gives the guard the descriptor on which the kernel asks about each process and program that starts
 * (seccomp_unotify(2)), or none if it is below 0, and closes both descriptors. 0 or -1.
 */
int worker_supervise(int guard, int listener);

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

/* The part of a machine that one process uses. */
typedef struct worker_usage {
    uint64_t memory;      /* bytes of anonymous and shared memory, of what is swapped out, and of page tables */
    uint32_t threads;
    uint32_t descriptors; /* at most so many are open */
    pid_t parent;
} worker_usage;

/*
 * Measures a process. Memory that it shares with others after a fork is counted in full. 0, or -1 where the process is
 * gone or cannot be measured.
 */
int worker_measure(pid_t process, worker_usage *use);

/*
 * The bytes of memory of a process, each page divided by the number of processes that share it; 0 where they cannot be
 * read. Takes milliseconds for a large process.
 */
uint64_t worker_share(pid_t process);

/* True (1) if two processes have the same memory: a child between vfork(2) and exec. */
int worker_shares_memory(pid_t process, pid_t other);

/* The number of descriptors that a process has open; 0 where that cannot be read. */
uint32_t worker_descriptors(pid_t process);

/* The processes of a group, up to that many of them. Returns how many there are, or -1. */
int worker_group(pid_t group, pid_t *members, int capacity);

/* The number of locks that processes have on files and wait for, up to a maximum that is above `enough`. */
int worker_file_locks(const pid_t *processes, int count, int enough);

/* A descriptor that becomes readable when a child has ended; below 0 where the kernel has none. */
int worker_process_descriptor(pid_t child);

#endif
