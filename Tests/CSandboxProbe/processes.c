#include "acts.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char *const no_environment[] = {NULL};

/* Executes echo, which prints ok in place of this process. */
static int become(const char *program, pid_t victim) {
    (void)victim;
    char *const arguments[] = {(char *)program, "ok", NULL};
    return OUTCOME(execve(program, arguments, no_environment));
}

static int become_at(const char *program, pid_t victim) {
    (void)victim;
    char *const arguments[] = {(char *)program, "ok", NULL};
    return OUTCOME(syscall(SYS_execveat, AT_FDCWD, program, arguments, no_environment, 0));
}

static int run(const char *program, pid_t victim) {
    (void)victim;
    char *const arguments[] = {(char *)program, NULL};
    pid_t child;
    int failure = posix_spawn(&child, program, NULL, NULL, arguments, no_environment);
    if (failure != 0) return failure;
    int status;
    if (waitpid(child, &status, 0) < 0) return errno;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : ECHILD;
}

static int split(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    pid_t child = fork();
    if (child == 0) _exit(0);
    return child < 0 ? errno : OUTCOME(waitpid(child, NULL, 0));
}

static int kill_child(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    if (child < 0) return errno;
    int outcome = OUTCOME(kill(child, SIGKILL));
    waitpid(child, NULL, 0);
    return outcome;
}

/* Makes the system call directly, because the C library falls back from one call to another. */
static int clone_with(unsigned long flags) {
    long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child < 0 ? errno : OUTCOME(waitpid((pid_t)child, NULL, 0));
}

static int clone_user(const char *argument, pid_t victim) {
    return (void)argument, (void)victim, clone_with(CLONE_NEWUSER);
}

static int clone_sibling(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    long child = syscall(SYS_clone, CLONE_PARENT, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return OUTCOME(child);
}

static int trace(const char *argument, pid_t victim) {
    (void)argument;
    if (ptrace(PTRACE_SEIZE, victim, NULL, NULL) != 0) return errno;
    return 0;
}

static char elsewhere[16];

static int read_memory(const char *argument, pid_t victim) {
    (void)argument;
    char here[sizeof elsewhere];
    struct iovec to = {here, sizeof here}, from = {elsewhere, sizeof elsewhere};
    return OUTCOME(process_vm_readv(victim, &to, 1, &from, 1, 0));
}

static int queue_signal(const char *argument, pid_t victim) {
    (void)argument;
    union sigval value = {0};
    return OUTCOME(sigqueue(victim, 0, value));
}

static int limit_other(const char *argument, pid_t victim) {
    (void)argument;
    struct rlimit limit = {0, 0};
    return OUTCOME(prlimit(victim, RLIMIT_CORE, &limit, NULL));
}

static int read_other_limit(const char *argument, pid_t victim) {
    (void)argument;
    struct rlimit limit;
    return OUTCOME(prlimit(victim, RLIMIT_CORE, NULL, &limit));
}

static int raise_limit(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return errno;
    limit.rlim_cur = limit.rlim_max = limit.rlim_max < 4096 ? 4096 : limit.rlim_max;
    return OUTCOME(setrlimit(RLIMIT_NOFILE, &limit));
}

static int read_limit(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    struct rlimit limit;
    return OUTCOME(getrlimit(RLIMIT_NOFILE, &limit));
}

static int bind_other(const char *argument, pid_t victim) {
    (void)argument;
    cpu_set_t processors;
    if (sched_getaffinity(0, sizeof processors, &processors) != 0) return errno;
    return OUTCOME(sched_setaffinity(victim, sizeof processors, &processors));
}

static int bind_own(const char *argument, pid_t victim) {
    return (void)victim, bind_other(argument, 0);
}

static int own_files_signal(const char *argument, pid_t victim) {
    (void)argument;
    int ends[2];
    if (pipe(ends) != 0) return errno;
    return OUTCOME(fcntl(ends[0], F_SETOWN, victim));
}

ACT(signal_other, kill(victim, 0))
ACT(signal_thread, syscall(SYS_tgkill, victim, victim, 0))
ACT(signal_thread_only, syscall(SYS_tkill, victim, 0))
ACT(signal_everybody, kill(-1, 0))
ACT(signal_own_group, kill(0, 0))
ACT(signal_own, kill(getpid(), 0))
ACT(signal_own_thread, syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0))
ACT(renice_other, setpriority(PRIO_PROCESS, (id_t)victim, 5))
ACT(renice_user, setpriority(PRIO_USER, getuid(), 0))
ACT(renice_own, setpriority(PRIO_PROCESS, 0, 5))
ACT(open_process, syscall(SYS_pidfd_open, victim, 0))
ACT(take_descriptor, syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, victim, 0), 0, 0))
ACT(compare, syscall(SYS_kcmp, getpid(), victim, 0, 0, 0))
ACT(start_session, setsid())
ACT(join_group, setpgid(0, getppid()))
ACT(get_identity, getpid() + (int)getuid())

static int clone_three(const char *argument, pid_t victim) {
    (void)argument, (void)victim;
    uint64_t arguments[8] = {0, 0, 0, 0, SIGCHLD};
    long child = syscall(SYS_clone3, arguments, sizeof arguments);
    if (child == 0) _exit(0);
    return child < 0 ? errno : OUTCOME(waitpid((pid_t)child, NULL, 0));
}

const struct act process_acts[] = {
    {"exec", become},
    {"exec at", become_at},
    {"run", run},
    {"fork", split},
    {"kill child", kill_child},
    {"clone3", clone_three},
    {"clone into user namespace", clone_user},
    {"clone a sibling", clone_sibling},
    {"trace", trace},
    {"read memory", read_memory},
    {"signal", signal_other},
    {"signal thread", signal_thread},
    {"signal thread by number", signal_thread_only},
    {"queue signal", queue_signal},
    {"signal everybody", signal_everybody},
    {"signal own group", signal_own_group},
    {"signal itself", signal_own},
    {"signal own thread", signal_own_thread},
    {"signal through a pipe", own_files_signal},
    {"renice", renice_other},
    {"renice user", renice_user},
    {"renice itself", renice_own},
    {"limit", limit_other},
    {"read limit of other", read_other_limit},
    {"raise own limit", raise_limit},
    {"read own limit", read_limit},
    {"bind to processors", bind_other},
    {"bind itself to processors", bind_own},
    {"open process", open_process},
    {"take descriptor", take_descriptor},
    {"compare processes", compare},
    {"start session", start_session},
    {"join group", join_group},
    {"get identity", get_identity},
    {NULL, NULL},
};
