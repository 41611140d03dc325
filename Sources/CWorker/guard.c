#define _GNU_SOURCE
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { worker_end = 0, control = 1, notes = 2, maximum_loaders = 64 };

static worker_file loaders[maximum_loaders];
static int loader_count, maximum_processes;

static _Noreturn void kill_group(void) {
    // Includes this process, which has kept the identifier of the group from being reused.
    kill(0, SIGKILL);
    _exit(0);
}

/*
 * Counts a process that is about to start. Unlike the host's watch, this count cannot be outrun, because the process
 * waits for the reply; it misses only processes that several threads start at the same moment.
 */
static void count_process(void) {
    static int counted = 1 /* the worker */, started;
    started++;
    // The sum is an upper bound. The scan is worth its time only if the bound exceeds the maximum.
    if (counted + started <= maximum_processes) return;
    // Includes this process, and not yet the new one.
    int found = worker_group(getpgrp(), NULL, 0);
    if (found < 0) kill_group();
    counted = found - 1;
    started = 1;
    if (counted < maximum_processes) return;
    worker_crash_note note;
    memset(&note, 0, sizeof note);
    note.code = maximum_processes;
    ssize_t written = write(notes, &note, sizeof note);
    (void)written;
    kill_group();
}

/* Returns the error number for a program that starts, or 0. */
static int check_program(pid_t program) {
    char path[32];
    struct stat file;
    snprintf(path, sizeof path, "/proc/%d/exe", (int)program);
    // A loader and its process are readable, so a program that cannot be read here is refused.
    if (stat(path, &file) != 0) return EPERM;
    for (int i = 0; i < loader_count; i++) {
        if (loaders[i].device == file.st_dev && loaders[i].number == file.st_ino) return EPERM;
    }
    return 0;
}

static void reply(int listener) {
    // A newer kernel may use longer structs than the headers declare.
    union {
        struct seccomp_notif question;
        char room[512];
    } in;
    union {
        struct seccomp_notif_resp reply;
        char room[512];
    } out;
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &in) != 0) return;
    pid_t process = (pid_t)in.question.pid;
    int error = 0;
    switch (in.question.data.nr) {
    case SYS_arch_prctl: error = check_program(process); break;
    // The loader ignores an error of this call, and the file that it maps next could take its place in memory.
    case SYS_brk:
        if (check_program(process) != 0 && ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &in.question.id) == 0) {
            kill(process, SIGKILL);
        }
        break;
    default: count_process();
    }
    out.reply.id = in.question.id;
    out.reply.error = -error;
    out.reply.flags = error ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    // If the process has been killed meanwhile, the kernel drops the reply.
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &out);
}

/* Receives the one descriptor that is sent over the socket; -1 if there is none. */
static int receive_descriptor(int socket) {
    char byte, room[CMSG_SPACE(sizeof(int))];
    struct iovec piece = {&byte, 1};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    ssize_t count;
    while ((count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {}
    const struct cmsghdr *header = count > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) return -1;
    int descriptor;
    memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    return descriptor;
}

static _Noreturn void guard(int worker, int socket, int note_pipe) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    // A separate open file description that never blocks. A plugin can fill the pipe, and make the shared one block.
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", note_pipe);
    int own_notes = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    // All other descriptors are closed, because the host waits for that. None of these is among the first three.
    if (dup2(worker, worker_end) < 0 || dup2(socket, control) < 0) _exit(1);
    if (own_notes < 0) close(notes);
    else if (dup2(own_notes, notes) < 0) _exit(1);
    close_range(notes + 1, ~0U, 0);
    struct pollfd sources[] = {{.fd = worker_end, .events = POLLIN}, {.fd = control, .events = POLLIN}};
    int listener = -1;
    while (!(sources[0].revents)) {
        if (poll(sources, 2, -1) < 0) {
            if (errno == EINTR) continue;
            break;
        }
        if (!sources[1].revents) continue;
        if (listener >= 0) {
            // After all processes with the filter have exited, there is nothing to wait for.
            if (sources[1].revents & POLLIN) reply(listener);
            else sources[1].fd = -1;
        } else {
            listener = receive_descriptor(control);
            sources[1].fd = listener;
        }
    }
    kill_group();
}

int worker_guard_group(const worker_guard_order *order) {
    int count = order->loader_count;
    if (getpgrp() != getpid() || count < 0 || count > maximum_loaders) return -1;
    if (count > 0) memcpy(loaders, order->loaders, (size_t)count * sizeof loaders[0]);
    loader_count = count;
    maximum_processes = order->processes;
    int ends[2];
    int worker = worker_process_descriptor(getpid());
    if (worker < 0) return -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        close(worker);
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        // Twice: the plugin must not find a child that it did not start.
        pid_t second = fork();
        if (second == 0) guard(worker, ends[1], order->notes);
        _exit(second < 0);
    }
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    close(worker);
    close(ends[1]);
    if (child > 0 && status == 0) return ends[0];
    close(ends[0]);
    return -1;
}

int worker_supervise(int guard, int listener) {
    int result = -1;
    if (listener >= 0) {
        char byte = 0, room[CMSG_SPACE(sizeof(int))];
        struct iovec piece = {&byte, 1};
        struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
        memset(room, 0, sizeof room);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof listener);
        memcpy(CMSG_DATA(header), &listener, sizeof listener);
        if (sendmsg(guard, &message, MSG_NOSIGNAL) == 1) result = 0;
        close(listener);
    }
    close(guard);
    return result;
}
