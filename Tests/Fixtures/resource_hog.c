// Exceeds one limit of a worker, or starts a program of the same source that does: `do_as_plugin`, `do_as_program`.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { piece = 32 << 20 };

static long take(long mebibytes, int protection) {
    long taken = 0;
    for (; taken < mebibytes; taken += piece >> 20) {
        char *memory = mmap(NULL, piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) break;
        memset(memory, 1, piece);
        if (mprotect(memory, piece, protection) != 0) break;
    }
    return taken;
}

static void end_thread(int signal) { syscall(SYS_exit, 0); }

static void *take_later(void *context) {
    usleep(100000);
    take(4096, PROT_READ);
    for (;;) pause();
}

static void fork_on(void) { for (;;) if (fork() < 0) usleep(100); }

static int start(const char *program, const char *how, int count) {
    char *const words[] = {(char *)program, (char *)how, NULL}, *const none[] = {NULL};
    pid_t child;
    for (int i = 0; i < count; i++)
        if ((errno = posix_spawn(&child, program, NULL, NULL, words, none)) != 0) return -1;
    return 0;
}

// Runs in the program that the plugin starts.
static int do_as_program(const char *how) {
    if (!strcmp(how, "bomb")) fork_on();
    if (!strcmp(how, "eat")) take(128, PROT_READ | PROT_WRITE);
    if (!strcmp(how, "open")) for (int i = 0; i < 200; i++) dup(1);
    if (strcmp(how, "true")) for (;;) pause();
    return 0;
}

static int do_as_plugin(const char *how, const char *program, const char *file) {
    if (!strcmp(how, "read-only")) { take(4096, PROT_READ); for (;;) pause(); }
    if (!strcmp(how, "unreadable")) { take(4096, PROT_NONE); for (;;) pause(); }
    if (!strcmp(how, "headless")) {
        signal(SIGUSR1, end_thread);
        pthread_t taker;
        pthread_create(&taker, NULL, take_later, NULL);
        syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1);
        for (;;) pause();
    }
    if (!strcmp(how, "stuffed")) {
        // Fill the pipe to which the worker reports a crash, and add a reader that reads nothing.
        char page[4096] = "";
        open("/proc/self/fd/4", O_RDONLY | O_NONBLOCK);
        int notes = open("/proc/self/fd/4", O_WRONLY | O_NONBLOCK);
        while (write(notes, page, sizeof page) > 0) { }
        while (write(notes, page, 1) > 0) { }
        // Fork slowly one after another, so that only the guard counts the processes.
        for (int i = 0; i < 100; i++) if (fork() == 0) for (;;) pause();
    }
    if (!strcmp(how, "stack")) {
        char *page = (char *)((uintptr_t)environ & ~(uintptr_t)4095);
        return mremap(page, 4096, piece, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0;
    }
    if (!strcmp(how, "forks")) fork_on();
    if (!strcmp(how, "bomb") || !strcmp(how, "eat") || !strcmp(how, "open") || !strcmp(how, "wait")) {
        if (start(program, how, !strcmp(how, "bomb") ? 1 : 20) != 0) return -1;
        for (;;) pause();
    }
    if (!strcmp(how, "locks")) {
        int locked = open(file, O_WRONLY);
        for (long i = 0; i < 100000; i++) {
            struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 2 * i, .l_len = 1};
            if (i < 5000 && fcntl(locked, F_SETLK, &lock) != 0) return -1;
            if (i >= 5000) usleep(10000);
        }
    }
    if (!strcmp(how, "shares")) {
        if (take(700, PROT_READ | PROT_WRITE) < 700) return -1;
        for (int i = 0; i < 8; i++) if (fork() == 0) for (;;) pause();
        usleep(300000);
        return 0;
    }
    if (!strcmp(how, "starts")) {
        if (take(700, PROT_READ | PROT_WRITE) < 700) return -1;
        for (int i = 0; i < 300; i++) {
            if (start(program, "true", 1) != 0) return -1;
            int status;
            if (wait(&status) < 0 || status != 0) return -1;
        }
    }
    return 0;
}
