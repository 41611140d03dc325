#include "acts.h"

#include <fcntl.h>
#include <stdint.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { chunk = 64 << 20, chunks = 32 /* 2 GiB, twice what is allowed */ };

static int take_mapped(int protection, int flags, int file) {
    for (int i = 0; i < chunks; i++) {
        char *memory = mmap(NULL, chunk, protection, flags, file, 0);
        if (memory == MAP_FAILED) return errno;
        if (protection == PROT_NONE && mprotect(memory, chunk, PROT_READ | PROT_WRITE) != 0) return errno;
        memory[0] = 1;
    }
    return 0;
}

static int take_allocated(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    for (int i = 0; i < chunks; i++) {
        volatile char *memory = malloc(chunk);
        if (!memory) return ENOMEM;
        memory[0] = 1;
    }
    return 0;
}

static int take_some(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    char *memory = malloc(512 << 20);
    if (!memory) return ENOMEM;
    memset(memory, 1, 16 << 20);
    free(memory);
    return 0;
}

static int take_private(const char *argument, pid_t victim) {
    return (void)argument, (void)victim, take_mapped(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static int take_protected(const char *argument, pid_t victim) {
    return (void)argument, (void)victim, take_mapped(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static int take_shared(const char *argument, pid_t victim) {
    return (void)argument, (void)victim, take_mapped(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
}

static int take_downwards(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    return take_mapped(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1);
}

static int take_zero(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    int file = open("/dev/zero", O_RDWR);
    return file < 0 ? errno : take_mapped(PROT_READ | PROT_WRITE, MAP_SHARED, file);
}

static int take_anonymous_file(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    int file = (int)syscall(SYS_memfd_create, "probe", 0);
    return file < 0 ? errno : OUTCOME(ftruncate(file, (off_t)chunk * chunks));
}

static int take_huge_pages(const char *argument, pid_t victim) {
    return (void)argument, (void)victim,
           take_mapped(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);
}

/* Moves a page of the stack and extends it. The result grows like a stack, which no limit counts. */
static int move_stack(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    char place[3 * 4096];
    place[0] = 1;
    char *page = (char *)(((uintptr_t)place + 4095) & ~(uintptr_t)4095);
    return mremap(page, 4096, chunk, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0;
}

static int move_memory(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED || mremap(memory, 4096, chunk, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0;
}

static int map_file(const char *path, pid_t victim) {
    (void)victim;
    int file = open(path, O_RDONLY);
    if (file < 0) return errno;
    return mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED ? errno : 0;
}

static pthread_barrier_t barrier;

static void *work(void *unused) {
    // The C library gives each thread its own arena, which reserves 64 MiB of addresses.
    volatile char *memory = malloc(64 << 10);
    if (memory) memory[0] = 1;
    pthread_barrier_wait(&barrier);
    free((void *)memory);
    return unused;
}

static int start_threads(const char *argument, pid_t victim) {
    (void)victim;
    int count = atoi(argument);
    if (count < 1 || count > 256) return EINVAL;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 8 << 20);
    pthread_barrier_init(&barrier, NULL, (unsigned)count + 1);
    pthread_t threads[256];
    for (int i = 0; i < count; i++) {
        int failure = pthread_create(&threads[i], &attributes, work, NULL);
        if (failure != 0) return failure;
    }
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
    return 0;
}

static void *ask_for_own_stack(void *outcome) {
    pthread_attr_t attributes;
    *(int *)outcome = pthread_getattr_np(pthread_self(), &attributes);
    return NULL;
}

static int find_stack(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    int here = -1, there = -1;
    ask_for_own_stack(&here);
    pthread_t thread;
    if (pthread_create(&thread, NULL, ask_for_own_stack, &there) != 0) return EAGAIN;
    pthread_join(thread, NULL);
    return here ? here : there;
}

static int open_many(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    for (int i = 0; i < 1000; i++) {
        if (dup(STDIN_FILENO) < 0) return errno;
    }
    return 0;
}

static int sleep_briefly(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    struct timespec time = {0, 1000};
    return OUTCOME(nanosleep(&time, NULL));
}

const struct act memory_acts[] = {
    {"take memory", take_allocated},
    {"take 512 MiB", take_some},
    {"take private memory", take_private},
    {"take protected memory", take_protected},
    {"take shared memory", take_shared},
    {"take memory that grows downwards", take_downwards},
    {"take shared zeroes", take_zero},
    {"take an anonymous file", take_anonymous_file},
    {"take huge pages", take_huge_pages},
    {"move the stack", move_stack},
    {"move memory", move_memory},
    {"map executable", map_file},
    {"start threads", start_threads},
    {"find stack", find_stack},
    {"open many", open_many},
    {"sleep", sleep_briefly},
    {NULL, NULL},
};
