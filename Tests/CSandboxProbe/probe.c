#include "acts.h"
#include "probe.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int probe_act(const char *name, const char *argument, pid_t victim) {
    const struct act *tables[] = {file_acts, network_acts, process_acts, memory_acts, kernel_acts, user_acts};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        for (const struct act *act = tables[i]; act->name; act++) {
            if (strcmp(act->name, name) == 0) return act->run(argument, victim);
        }
    }
    return -1;
}

const char *probe_error_name(int error) {
    const char *name = strerrorname_np(error);
    return name ? name : "unknown";
}

pid_t probe_start_victim(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t victim = fork();
    if (victim != 0) {
        close(ends[0]);
        return victim;
    }
    // The read below ends when the parent exits. A death signal would not arrive, because signals of a process that
    // Landlock confines do not leave its domain.
    char byte;
    close(ends[1]);
    alarm(60);
    // An open output would keep the test waiting.
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    ssize_t count = read(ends[0], &byte, 1);
    _exit((int)count);
}

int probe_forget_calls(int landlock, int seccomp) {
    unsigned no_call = 0xFFFFFFFF;
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, landlock ? 444 : no_call, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, landlock ? 446 : no_call, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, seccomp ? SYS_seccomp : no_call, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
    };
    struct sock_fprog whole = {sizeof program / sizeof program[0], program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    return OUTCOME(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &whole));
}
