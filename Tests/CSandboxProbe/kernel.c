#include "acts.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

static int make_map(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.map_type = BPF_MAP_TYPE_ARRAY;
    attributes.key_size = attributes.value_size = 4;
    attributes.max_entries = 1;
    return OUTCOME(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}

static int count_events(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    struct perf_event_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_SW_DUMMY;
    return OUTCOME(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

static int make_ring(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    unsigned parameters[30] = {0};
    return OUTCOME(syscall(SYS_io_uring_setup, 4, parameters));
}

static int share_memory(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    int segment = shmget(IPC_PRIVATE, 4096, 0600);
    if (segment >= 0) shmctl(segment, IPC_RMID, NULL);
    return OUTCOME(segment);
}

static int share_semaphores(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    int set = semget(IPC_PRIVATE, 1, 0600);
    if (set >= 0) semctl(set, 0, IPC_RMID);
    return OUTCOME(set);
}

static int share_queue(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    int queue = msgget(IPC_PRIVATE, 0600);
    if (queue >= 0) msgctl(queue, IPC_RMID, NULL);
    return OUTCOME(queue);
}

static int filter(unsigned flags) {
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog whole = {1, &allow};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 && errno != EPERM) return errno;
    return OUTCOME(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &whole));
}

static int filter_calls(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    return filter(SECCOMP_FILTER_FLAG_TSYNC);
}

static int filter_own_calls(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    return filter(0);
}

static int take_capabilities(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, data) != 0) return errno;
    return OUTCOME(syscall(SYS_capset, &header, data));
}

/* Returns 0 if the process has no capabilities and cannot regain those that the kernel grants root with a program. */
static int check_capabilities(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, data) != 0) return errno;
    int has_some = data[0].effective || data[1].effective || data[0].permitted || data[1].permitted;
    int may_have = getuid() == 0 && prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) != 0;
    return has_some || may_have ? EEXIST : 0;
}

static int keep_parent_death(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    return OUTCOME(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0));
}

static int mount_memory(const char *directory, pid_t victim) {
    (void)victim;
    if (mount("none", directory, "tmpfs", 0, "") != 0) return errno;
    umount(directory);
    return 0;
}

ACT(enter_user_space, unshare(CLONE_NEWUSER))
ACT(enter_mount_space, unshare(CLONE_NEWNS))
ACT(join_space, setns(open("/proc/self/ns/uts", O_RDONLY), 0))
ACT(change_root, chroot("/"))
ACT(find_keys, syscall(SYS_keyctl, 0 /* KEYCTL_GET_KEYRING_ID */, -3 /* process */, 1))
ACT(handle_faults, syscall(SYS_userfaultfd, O_CLOEXEC | 1 /* in user mode only */))
ACT(make_rules, syscall(444 /* landlock_create_ruleset */, NULL, 0, 1))
ACT(open_queue, mq_unlink("/toolhost-probe-that-is-not-there"))
ACT(change_personality, personality(ADDR_NO_RANDOMIZE))
ACT(change_dumpable, prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
ACT(change_name, prctl(PR_SET_NAME, "probe", 0, 0, 0))
ACT(change_user, setresuid(getuid(), getuid(), getuid()))
ACT(change_host_name, sethostname("probe", (size_t)-1))
ACT(read_log, syscall(SYS_syslog, 10 /* size of the buffer */, NULL, 0))
ACT(call_unknown, syscall(5000))
ACT(call_32_bit, syscall(0x40000000 + SYS_getpid))

const struct act kernel_acts[] = {
    {"make BPF map", make_map},
    {"count events", count_events},
    {"make io_uring", make_ring},
    {"share memory segment", share_memory},
    {"share semaphores", share_semaphores},
    {"share message queue", share_queue},
    {"open POSIX queue", open_queue},
    {"filter system calls", filter_calls},
    {"filter system calls of one thread", filter_own_calls},
    {"make Landlock rules", make_rules},
    {"set capabilities", take_capabilities},
    {"have no capabilities", check_capabilities},
    {"outlive parent", keep_parent_death},
    {"unshare users", enter_user_space},
    {"unshare mounts", enter_mount_space},
    {"join namespace", join_space},
    {"mount", mount_memory},
    {"change root", change_root},
    {"find keys", find_keys},
    {"handle page faults", handle_faults},
    {"change personality", change_personality},
    {"be dumpable", change_dumpable},
    {"change name", change_name},
    {"change user", change_user},
    {"change host name", change_host_name},
    {"read kernel log", read_log},
    {"call unknown", call_unknown},
    {"call x32", call_32_bit},
    {NULL, NULL},
};
