#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/capability.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

/* Constants of kernels that are newer than the oldest supported headers. */
enum { sys_landlock_create_ruleset = 444, sys_landlock_add_rule = 445, sys_landlock_restrict_self = 446 };
enum { sys_openat2 = 437, resolve_no_magic_links = 0x02, resolve_no_links = 0x04 };
enum { filter_waits_for_answer = 1 << 5 /* SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV */ };
enum { landlock_version = 1, landlock_path_beneath = 1, landlock_network_port = 2 };

struct ruleset_attributes {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};
_Static_assert(sizeof(struct ruleset_attributes) == 24, "the kernel's layout");

struct path_beneath {
    uint64_t rights;
    int32_t parent;
} __attribute__((packed));
_Static_assert(sizeof(struct path_beneath) == 12, "the kernel's layout");

struct network_port {
    uint64_t rights;
    uint64_t port;
};
_Static_assert(sizeof(struct network_port) == 16, "the kernel's layout");

struct open_how {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};
_Static_assert(sizeof(struct open_how) == 24, "the kernel's layout");

int sandbox_landlock_version(void) { return (int)syscall(sys_landlock_create_ruleset, NULL, 0, landlock_version); }

int sandbox_landlock_create(uint64_t files, uint64_t network, uint64_t scopes) {
    struct ruleset_attributes attributes = {files, network, scopes};
    // An older kernel accepts the longer struct if the unknown members are 0.
    return (int)syscall(sys_landlock_create_ruleset, &attributes, sizeof attributes, 0);
}

int sandbox_landlock_allow_path(int rules, uint64_t rights, int path) {
    struct path_beneath rule = {rights, path};
    return (int)syscall(sys_landlock_add_rule, rules, landlock_path_beneath, &rule, 0);
}

int sandbox_landlock_allow_port(int rules, uint64_t rights, uint16_t port) {
    struct network_port rule = {rights, port};
    return (int)syscall(sys_landlock_add_rule, rules, landlock_network_port, &rule, 0);
}

int sandbox_landlock_restrict(int rules) { return (int)syscall(sys_landlock_restrict_self, rules, 0); }

int sandbox_open_path(const char *path, int follows_links) {
    if (follows_links) return open(path, O_PATH | O_CLOEXEC);
    struct open_how how = {O_PATH | O_CLOEXEC, 0, resolve_no_links | resolve_no_magic_links};
    return (int)syscall(sys_openat2, AT_FDCWD, path, &how, sizeof how);
}

struct visitor {
    void (*visit)(const char *path, void *context);
    void *context;
};

static int visit_library(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    struct visitor *visitor = context;
    if (info->dlpi_name) visitor->visit(info->dlpi_name, visitor->context);
    return 0;
}

void sandbox_visit_libraries(void (*visit)(const char *path, void *context), void *context) {
    struct visitor visitor = {visit, context};
    dl_iterate_phdr(visit_library, &visitor);
}

int sandbox_has_filters(void) {
    // Without a program the call always fails. The error shows whether the kernel supports the flags.
    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, NULL);
    return errno == EFAULT;
}

int sandbox_load_filter(const struct sock_filter *program, uint16_t count) {
    struct sock_fprog whole = {count, (struct sock_filter *)program};
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &whole);
    if (result > 0) {
        // The result is the ID of a thread that cannot be synchronized.
        errno = EDEADLK;
        return -1;
    }
    return (int)result;
}

int sandbox_load_supervised_filter(const struct sock_filter *program, uint16_t count) {
    struct sock_fprog whole = {count, (struct sock_filter *)program};
    unsigned flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
    // Since Linux 5.19, signals do not interrupt a call that waits for the supervisor.
    int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | filter_waits_for_answer, &whole);
    if (listener >= 0 || errno != EINVAL) return listener;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &whole);
}

void *sandbox_map_at_random(size_t size) {
    const size_t page = 4096;
    const uint64_t end = (uint64_t)1 << 47, lowest = (uint64_t)1 << 32;
    if (size > end / 2) {
        errno = ENOMEM;
        return NULL;
    }
    size_t length = (size + 2 * page - 1) / page * page;
    // A random page is in use about once in 100,000 attempts.
    for (int attempt = 0; attempt < 64; attempt++) {
        uint64_t random;
        if (getrandom(&random, sizeof random, 0) != sizeof random) return NULL;
        uint64_t start = random % end / page * page;
        if (start < lowest || start > end - length - page) continue;
        void *address = (void *)(uintptr_t)start;
        void *memory = mmap(address, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        // A kernel before 4.17 ignores the flag and may choose another address.
        if (memory == address) return (char *)memory + (random >> 48) % (page / 16) * 16;
        if (memory != MAP_FAILED) munmap(memory, length);
    }
    errno = ENOMEM;
    return NULL;
}

int sandbox_execute(uint64_t path, uint64_t arguments, uint64_t environment) {
    return execve((const char *)(uintptr_t)path, (char *const *)(uintptr_t)arguments, (char *const *)(uintptr_t)environment);
}

uint64_t sandbox_stack_address(void) { return (uint64_t)(uintptr_t)__builtin_frame_address(0); }

int sandbox_control(int option, unsigned long argument) { return prctl(option, argument, 0UL, 0UL, 0UL); }

int sandbox_drop_capabilities(void) {
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL);
    // This needs CAP_SETPCAP. Without that capability, no_new_privs prevents regaining capabilities.
    for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0UL, 0UL, 0UL) >= 0; capability++) {
        prctl(PR_CAPBSET_DROP, capability, 0UL, 0UL, 0UL);
    }
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    return (int)syscall(SYS_capset, &header, none);
}

int sandbox_limit(int resource, uint64_t value) {
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) != 0) return -1;
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > value) limit.rlim_max = (rlim_t)value;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit((__rlimit_resource_t)resource, &limit);
}
