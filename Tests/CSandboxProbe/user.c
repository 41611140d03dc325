#include "acts.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Far more than the limit of a plugin, and far fewer than the limit of a user. */
enum { many = 1000 };

/* Defines an act that repeats a call many times until it fails. */
#define MANY_ACT(function, call)                              \
    static int function(const char *argument, pid_t victim) { \
        (void)argument;                                       \
        (void)victim;                                         \
        for (int i = 0; i < many; i++) {                      \
            if ((call) < 0) return errno;                     \
        }                                                     \
        return 0;                                             \
    }

static int queue_one(void) {
    union sigval value = {0};
    return sigqueue(getpid(), SIGRTMIN, value);
}

static int queue_many(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (int i = 0; i < many; i++) {
        if (queue_one() != 0) return errno;
    }
    return 0;
}

static int make_timer(void) {
    struct sigevent event;
    timer_t timer;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGRTMIN;
    return timer_create(CLOCK_MONOTONIC, &event, &timer);
}
MANY_ACT(make_timers, make_timer())

static int lock_memory(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    void *memory = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? errno : OUTCOME(mlock(memory, 64 << 20));
}

/* Sends one descriptor to itself, many times in a message, without receiving it. */
static int send_descriptors(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    enum { each = 100 };
    int pair[2], sent[each];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return errno;
    for (int i = 0; i < each; i++) sent[i] = pair[0];
    union {
        char room[CMSG_SPACE(sizeof sent)];
        struct cmsghdr header;
    } control;
    memset(&control, 0, sizeof control);
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof sent);
    memcpy(CMSG_DATA(&control.header), sent, sizeof sent);
    struct iovec piece = {"x", 1};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
    for (int i = 0; i < many / each; i++) {
        if (sendmsg(pair[0], &message, MSG_DONTWAIT) < 0) return errno;
    }
    return 0;
}

static int lock_ranges(const char *path, int command) {
    int file = open(path, O_RDONLY);
    if (file < 0) return errno;
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
    return OUTCOME(fcntl(file, command, &lock));
}

static int lock_range(const char *path, pid_t victim) { return (void)victim, lock_ranges(path, F_SETLK); }
static int lock_of_descriptor(const char *path, pid_t victim) { return (void)victim, lock_ranges(path, F_OFD_SETLK); }

static int lock_whole(const char *path, pid_t victim) {
    (void)victim;
    int file = open(path, O_RDONLY);
    return file < 0 ? errno : OUTCOME(flock(file, LOCK_SH));
}

static int enlarge_pipe(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    int ends[2];
    return pipe(ends) != 0 ? errno : OUTCOME(fcntl(ends[0], F_SETPIPE_SZ, 1 << 20));
}

ACT(enter_space, unshare((int)strtol(argument, NULL, 0)))
ACT(make_inotify, inotify_init1(IN_CLOEXEC))
ACT(make_fanotify, fanotify_init(FAN_CLASS_NOTIF, O_RDONLY))
ACT(add_key, syscall(SYS_add_key, "user", "toolhost-probe", "x", 1, -2 /* this process */))
ACT(request_key, syscall(SYS_request_key, "user", "toolhost-probe-that-is-not-there", NULL, 0))
ACT(open_terminal, open("/dev/ptmx", O_RDWR | O_NOCTTY))

const struct act user_acts[] = {
    {"queue many signals", queue_many},
    {"make many timers", make_timers},
    {"lock 64 MiB of memory", lock_memory},
    {"send many descriptors", send_descriptors},
    {"lock part of a file", lock_range},
    {"lock part of a file for a descriptor", lock_of_descriptor},
    {"lock a file", lock_whole},
    {"enlarge a pipe", enlarge_pipe},
    {"unshare", enter_space},
    {"make inotify", make_inotify},
    {"make fanotify", make_fanotify},
    {"add a key", add_key},
    {"request a key", request_key},
    {"open a terminal", open_terminal},
    {NULL, NULL},
};
