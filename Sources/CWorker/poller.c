#define _GNU_SOURCE
#include "poller.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { maximum_events = 4 };

static int control(int poller, int operation, int descriptor, uint32_t interest, int event) {
    struct epoll_event description = {.events = interest, .data.u32 = (uint32_t)event};
    return epoll_ctl(poller, operation, descriptor, &description);
}

int worker_poller_open(int socket, int output, int exit, int wake) {
    int poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0) return -1;
    if (control(poller, EPOLL_CTL_ADD, socket, EPOLLONESHOT, WORKER_POLLER_SOCKET) == 0 &&
        control(poller, EPOLL_CTL_ADD, output, EPOLLIN, WORKER_POLLER_OUTPUT) == 0 &&
        control(poller, EPOLL_CTL_ADD, wake, EPOLLIN, WORKER_POLLER_WAKE) == 0 &&
        (exit < 0 || control(poller, EPOLL_CTL_ADD, exit, EPOLLIN, WORKER_POLLER_EXIT) == 0)) {
        return poller;
    }
    int failure = errno;
    close(poller);
    errno = failure;
    return -1;
}

void worker_poller_arm(int poller, int socket, int is_armed) {
    control(poller, EPOLL_CTL_MOD, socket, EPOLLONESHOT | (is_armed ? EPOLLIN : 0), WORKER_POLLER_SOCKET);
}

void worker_poller_remove(int poller, int descriptor) { control(poller, EPOLL_CTL_DEL, descriptor, 0, 0); }

int worker_poller_wait(int poller, int milliseconds) {
    struct epoll_event found[maximum_events];
    int count = epoll_wait(poller, found, maximum_events, milliseconds);
    if (count < 0) return -1;
    int events = 0;
    for (int index = 0; index < count; index++) events |= (int)found[index].data.u32;
    return events;
}

int worker_wake_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void worker_wake(int descriptor) { eventfd_write(descriptor, 1); }

void worker_wake_clear(int descriptor) {
    eventfd_t count;
    eventfd_read(descriptor, &count);
}

int worker_wait_readable(int descriptor, uint64_t nanoseconds) {
    struct pollfd source = {.fd = descriptor, .events = POLLIN};
    struct timespec time = {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
    return ppoll(&source, 1, &time, NULL) > 0;
}
