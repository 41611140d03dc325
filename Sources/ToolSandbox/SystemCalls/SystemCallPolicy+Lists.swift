import CSandbox

// The calls that are harmless with any arguments.
extension SystemCallPolicy {
    // Without map_shadow_stack: no limit counts the memory that it creates.
    static let memory = [
        SYS_brk, SYS_mprotect, SYS_munmap, SYS_madvise, SYS_mincore, SYS_msync, SYS_mlock, SYS_mlock2,
        SYS_munlock, SYS_mlockall, SYS_munlockall, SYS_get_mempolicy, SYS_membarrier, SYS_pkey_alloc, SYS_pkey_free,
        SYS_pkey_mprotect, SYS_mseal,
    ]

    static let threads = [
        SYS_futex, SYS_futex_wake, SYS_futex_wait, SYS_futex_requeue, SYS_futex_waitv, SYS_set_robust_list, SYS_rseq,
        SYS_sched_yield, SYS_exit, SYS_exit_group, SYS_restart_syscall, SYS_getcpu,
        // The information about other processes is public, and a thread is identified only by its number.
        SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler, SYS_sched_getattr,
        SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_sched_rr_get_interval, SYS_getpriority,
    ]

    static let time = [
        SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_time, SYS_times,
        SYS_alarm, SYS_getitimer, SYS_setitimer, SYS_timer_create, SYS_timer_settime, SYS_timer_gettime,
        SYS_timer_getoverrun, SYS_timer_delete, SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime,
    ]

    static let waiting = [
        SYS_poll, SYS_ppoll, SYS_select, SYS_pselect6, SYS_epoll_create, SYS_epoll_create1, SYS_epoll_ctl,
        SYS_epoll_wait, SYS_epoll_pwait, SYS_epoll_pwait2, SYS_eventfd, SYS_eventfd2, SYS_pause, SYS_wait4, SYS_waitid,
    ]

    static let signals = [
        SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigsuspend,
        SYS_rt_sigtimedwait, SYS_sigaltstack, SYS_signalfd, SYS_signalfd4,
    ]

    static let identity = [
        SYS_getpid, SYS_gettid, SYS_getppid, SYS_getpgrp, SYS_getpgid, SYS_getsid, SYS_getuid, SYS_geteuid, SYS_getgid,
        SYS_getegid, SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_capget, SYS_uname, SYS_sysinfo, SYS_getrusage,
        SYS_getrlimit, SYS_getrandom,
    ]

    static let descriptors = [
        SYS_read, SYS_readv, SYS_pread64, SYS_preadv, SYS_preadv2, SYS_write, SYS_writev, SYS_pwrite64, SYS_pwritev,
        SYS_pwritev2, SYS_lseek, SYS_close, SYS_close_range, SYS_dup, SYS_dup2, SYS_dup3, SYS_pipe, SYS_pipe2,
        SYS_sendfile, SYS_splice, SYS_tee, SYS_copy_file_range, SYS_fsync, SYS_fdatasync, SYS_sync_file_range,
        SYS_ftruncate, SYS_fallocate, SYS_fadvise64, SYS_readahead, SYS_cachestat,
    ]

    /// Calls that read files.
    ///
    /// Landlock controls the opening of files. Names, sizes and timestamps of files remain visible.
    static let reading = [
        SYS_open, SYS_openat, SYS_openat2, SYS_stat, SYS_lstat, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_statfs,
        SYS_fstatfs, SYS_access, SYS_faccessat, SYS_faccessat2, SYS_readlink, SYS_readlinkat, SYS_getdents,
        SYS_getdents64, SYS_fgetxattr, SYS_flistxattr, SYS_getcwd, SYS_chdir, SYS_fchdir,
    ]

    /// Calls that change files.
    ///
    /// Not every version of Landlock controls all of them.
    static let changing = [
        SYS_creat, SYS_rename, SYS_renameat, SYS_renameat2, SYS_mkdir, SYS_mkdirat, SYS_rmdir, SYS_link, SYS_linkat,
        SYS_unlink, SYS_unlinkat, SYS_symlink, SYS_symlinkat, SYS_mknod, SYS_mknodat,
    ]

    /// Calls for existing sockets.
    static let sockets = [
        SYS_recvfrom, SYS_recvmsg, SYS_recvmmsg, SYS_shutdown, SYS_getsockname, SYS_getpeername, SYS_getsockopt,
    ]

    /// Calls that the C library makes once at the start of a program.
    static let programStart = [SYS_arch_prctl, SYS_set_tid_address]
}
