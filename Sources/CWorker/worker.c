#define _GNU_SOURCE
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

static int note_descriptor = -1;
static _Thread_local uint64_t current_call;
static _Thread_local int has_stack;
static pthread_key_t stack_key;

enum { stack_size = 64 << 10 };

static int last_socket;
static const void *last_bytes;
static _Atomic size_t *last_count;
static pid_t last_sender;

/* Async-signal-safe. */
static void send_last_bytes(void) {
    // A process that the plugin has started has a copy of the bytes, or even shares them.
    if (!last_count || getpid() != last_sender) return;
    size_t count = atomic_exchange(last_count, 0);
    if (count == 0) return;
    ssize_t sent = send(last_socket, last_bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent;
}

void worker_send_at_exit(int socket, const void *bytes, void *count) {
    last_socket = socket;
    last_bytes = bytes;
    last_count = count;
    last_sender = getpid();
    atexit(send_last_bytes);
}

static void note_crash(int signal, siginfo_t *info, void *context) {
    (void)context;
    worker_crash_note note;
    memset(&note, 0, sizeof note);
    note.signal = signal;
    note.code = info ? info->si_code : 0;
    note.call = current_call;
    note.address = info && (signal == SIGSEGV || signal == SIGBUS) ? (uint64_t)(uintptr_t)info->si_addr : 0;
    // Short enough to be written to a pipe atomically.
    ssize_t written = write(note_descriptor, &note, sizeof note);
    (void)written;
    send_last_bytes();
    // The handler has been reset (SA_RESETHAND), so this signal kills the process.
    syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), signal);
}

static void drop_stack(void *stack) {
    stack_t none;
    memset(&none, 0, sizeof none);
    none.ss_flags = SS_DISABLE;
    sigaltstack(&none, NULL);
    munmap(stack, stack_size);
}

void worker_note_crashes(int descriptor) {
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    note_descriptor = descriptor;
    pthread_key_create(&stack_key, drop_stack);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = note_crash;
    action.sa_flags = (int)(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        sigdelset(&action.sa_mask, signals[i]);
    }
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) sigaction(signals[i], &action, NULL);
}

void worker_enter_call(uint64_t call) {
    current_call = call;
    if (has_stack) return;
    has_stack = 1;
    // A stack overflow leaves no room for a handler on the stack itself.
    void *stack = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED) return;
    stack_t alternate;
    memset(&alternate, 0, sizeof alternate);
    alternate.ss_sp = stack;
    alternate.ss_size = stack_size;
    if (sigaltstack(&alternate, NULL) == 0) {
        pthread_setspecific(stack_key, stack);
    } else {
        munmap(stack, stack_size);
    }
}

void worker_leave_call(void) { current_call = 0; }

int worker_set_stack_size(size_t bytes) {
    pthread_attr_t attributes;
    int failure = pthread_attr_init(&attributes);
    if (failure != 0) return failure;
    failure = pthread_attr_setstacksize(&attributes, bytes);
    if (failure == 0) failure = pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
    return failure;
}

int worker_die_with_parent(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return 1;
    // The parent may have exited before the call.
    return getppid() == parent;
}

uint64_t worker_processor_time(pid_t process) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int worker_process_descriptor(pid_t child) { return (int)syscall(SYS_pidfd_open, child, 0); }

static int keeps_change_times(const struct statfs *system) {
    // From <linux/magic.h>, where ext2 and ext3 have the number of ext4. The type is signed on some architectures.
    switch ((uint32_t)system->f_type) {
    case EXT4_SUPER_MAGIC:
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case TMPFS_MAGIC:
    case OVERLAYFS_SUPER_MAGIC:
        return 1;
    default:
        return 0;
    }
}

int worker_keeps_change_times(int descriptor) {
    struct statfs system;
    return fstatfs(descriptor, &system) == 0 && keeps_change_times(&system);
}

int worker_path_keeps_change_times(const char *path) {
    struct statfs system;
    return statfs(path, &system) == 0 && keeps_change_times(&system);
}

int worker_settle_changes(int descriptor) {
    // The kernel grants a lease if no program has the file open for writing. A program that opens the file before the
    // lease is released makes it send this signal, which is ignored by default. It grants none for the file of another
    // user, and that is root's.
    fcntl(descriptor, F_SETSIG, SIGURG);
    if (fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(descriptor, F_SETLEASE, F_UNLCK);
    } else if (errno == EAGAIN) {
        return 0;
    }
    // Mapped memory belongs to the underlying file, which the lease does not cover. After it has been written to the
    // disk, the next change sets the time again.
    struct statfs system;
    if (fstatfs(descriptor, &system) == 0 && (uint32_t)system.f_type == OVERLAYFS_SUPER_MAGIC) fdatasync(descriptor);
    return 1;
}

int worker_close_descriptors(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
