import CSandbox
import Glibc
import Testing

@testable import ToolSandbox

@Suite("System call filters") struct FilterTests {
    private static let own: UInt64 = 4711
    /// An address in the middle of 16 MiB.
    ///
    /// The filter treats all of them and the adjacent 16 MiB as the stack.
    private static let stack: UInt64 = 0x7FFF_1280_0000

    private static func machine(
        write: Bool = false,
        connect: Bool = false,
        spawn: Bool = false,
        landlock: Int = 7,
        start: ProgramStart? = nil
    ) -> FilterMachine {
        let policy = SystemCallPolicy(
            process: pid_t(own),
            leadsGroup: true,
            mayWrite: write,
            mayConnect: connect,
            maySpawn: spawn,
            mayLock: write,
            landlockVersion: landlock,
            stack: stack,
            start: start
        )
        return FilterMachine(program: policy.program.instructions)
    }

    private static func call(_ number: Int32, _ arguments: [UInt64]) -> FilterMachine.Call {
        FilterMachine.Call(number: UInt32(number), arguments: arguments)
    }

    private static let threadFlags: UInt64 = 0x3D0F00

    @Test(
        "a filter decides by the arguments of a call",
        arguments: [
            (SYS_read, [9, 9, 9], nil), (SYS_execve, [], EPERM), (SYS_clone3, [], ENOSYS),
            (SYS_io_uring_setup, [], EPERM),
            // Memory.
            (SYS_mmap, [0, 1, 3, 0x22], nil), (SYS_mmap, [0, 1, 1, 0x01], nil), (SYS_mmap, [0, 1, 3, 0x21], EPERM),
            (SYS_mmap, [0, 1, 3, 0x23], EPERM), (SYS_mmap, [0, 1, 3, 0x122], EPERM),
            (SYS_mmap, [0, 1, 3, 0x4_0022], EPERM), (SYS_mremap, [0x7F00_1280_0000, 1, 2, 1], nil),
            (SYS_mremap, [stack, 1, 2, 1], EPERM), (SYS_mremap, [stack - (8 << 20), 1, 2, 1], EPERM),
            (SYS_mremap, [stack + (8 << 20) - 1, 1, 2, 3], EPERM), (SYS_mremap, [stack - (24 << 20), 1, 2, 1], nil),
            (SYS_mremap, [stack & 0xFFFF_FFFF, 1, 2, 1], nil),
            // A call can name only its own process. A process ID has 32 bits, and the kernel ignores the rest.
            (SYS_kill, [own, 9], nil), (SYS_kill, [0, 9], nil), (SYS_kill, [own + 1, 9], EPERM),
            (SYS_kill, [1, 9], EPERM),
            (SYS_kill, [1 << 32 | own, 9], nil), (SYS_kill, [0xFFFF_FFFF, 9], EPERM), (SYS_tgkill, [0, 0, 9], EPERM),
            (SYS_tgkill, [own, 1, 9], nil), (SYS_prlimit64, [0, 7, 0, 1], nil), (SYS_prlimit64, [own, 7, 0, 1], nil),
            (SYS_prlimit64, [1, 7, 0, 1], EPERM), (SYS_prlimit64, [0, 7, 1], EPERM),
            // A pointer whose lower half is zero is not null.
            (SYS_prlimit64, [0, 7, 1 << 32], EPERM),
            (SYS_setpriority, [0, 0, 5], nil), (SYS_setpriority, [0, own, 5], nil),
            (SYS_setpriority, [1, 0, 5], EPERM),
            (SYS_setpriority, [2, 0, 5], EPERM), (SYS_sched_setaffinity, [1], EPERM), (SYS_sched_getaffinity, [1], nil),
            // Threads, but no processes.
            (SYS_clone, [threadFlags], nil), (SYS_clone, [17], EPERM), (SYS_clone, [0x4111], EPERM),
            (SYS_clone, [threadFlags | 0x1000_0000], EPERM), (SYS_fork, [], EPERM), (SYS_vfork, [], EPERM),
            // Descriptors.
            (SYS_ioctl, [0, UInt64(TIOCSTI)], ENOTTY), (SYS_ioctl, [0, 0x541C], ENOTTY),
            (SYS_ioctl, [0, UInt64(FIONREAD)], nil),
            (SYS_fcntl, [0, UInt64(F_SETFL)], nil), (SYS_fcntl, [0, 8], EPERM), (SYS_fcntl, [0, 1024], EPERM),
            // Locks and the size of a pipe.
            (SYS_fcntl, [0, 5], nil), (SYS_fcntl, [0, 6], EPERM), (SYS_fcntl, [0, 7], EPERM), (SYS_flock, [], EPERM),
            (SYS_fcntl, [0, 36], nil), (SYS_fcntl, [0, 37], EPERM), (SYS_fcntl, [0, 1031], EPERM),
            (SYS_umask, [0], 0), (SYS_umask, [0o077], 0),
            (SYS_prctl, [UInt64(PR_SET_NAME)], nil), (SYS_prctl, [UInt64(PR_SET_PDEATHSIG)], EPERM),
            (SYS_prctl, [0x5356_4D41], nil), (SYS_prctl, [UInt64(PR_SET_SECCOMP)], EPERM),
            // Network.
            (SYS_socket, [2, 1, 0], EPERM), (SYS_connect, [], EPERM), (SYS_sendto, [3, 0, 0, 0x4000], nil),
            (SYS_sendto, [3, 0, 0, 0x2000_0000], EPERM), (SYS_sendmsg, [3, 0, 0x2000_0000], EPERM),
            (SYS_socketpair, [1, 1 | 0x80000, 0], nil), (SYS_socketpair, [1, 2, 0], EPERM),
            (SYS_socketpair, [2, 1, 0], EPERM),
        ] as [(Int32, [UInt64], Int32?)]
    )
    func decides(number: Int32, arguments: [UInt64], verdict: Int32?) {
        #expect(Self.machine().verdict(Self.call(number, arguments)) == verdict)
    }

    @Test(
        "a filter allows connecting with a connect grant",
        arguments: [
            (SYS_socket, [2, 1, 0], nil), (SYS_socket, [10, 1 | 0x80800, 6], nil), (SYS_socket, [2, 2, 0], EPERM),
            (SYS_socket, [1, 1, 0], EPERM), (SYS_socket, [2, 1, 262], EPERM), (SYS_socket, [2, 1, 132], EPERM),
            (SYS_socket, [16, 3, 0], EPERM), (SYS_socket, [40, 1, 0], EPERM), (SYS_connect, [], nil),
            (SYS_bind, [], EPERM), (SYS_listen, [], EPERM), (SYS_accept4, [], EPERM),
            (SYS_setsockopt, [3, 1, 9], nil), (SYS_setsockopt, [3, 1, 26], EPERM), (SYS_setsockopt, [3, 6, 1], nil),
            (SYS_setsockopt, [3, 6, 31], EPERM), (SYS_setsockopt, [3, 1, 1], EPERM),
            (SYS_setsockopt, [3, 41, 67], nil), (SYS_setsockopt, [3, 1, 13], EPERM),
        ] as [(Int32, [UInt64], Int32?)]
    )
    func connects(number: Int32, arguments: [UInt64], verdict: Int32?) {
        #expect(Self.machine(connect: true).verdict(Self.call(number, arguments)) == verdict)
    }

    @Test(
        "a filter allows starting programs with a spawn grant",
        arguments: [
            (SYS_fork, [], 7, nil), (SYS_execve, [], 7, nil), (SYS_clone, [0x4111], 7, nil),
            (SYS_clone3, [], 7, ENOSYS),
            (SYS_clone, [17 | 0x8000], 7, EPERM), (SYS_clone, [17 | 0x1000_0000], 7, EPERM), (SYS_setsid, [], 7, EPERM),
            // With and without a Landlock that restricts signals.
            (SYS_kill, [own + 1, 9], 7, nil), (SYS_kill, [0xFFFF_FFFF, 9], 7, EPERM),
            (SYS_kill, [own + 1, 9], 5, EPERM),
        ] as [(Int32, [UInt64], Int, Int32?)]
    )
    func spawns(number: Int32, arguments: [UInt64], landlock: Int, verdict: Int32?) {
        #expect(Self.machine(spawn: true, landlock: landlock).verdict(Self.call(number, arguments)) == verdict)
    }

    @Test("a filter allows the start of one program by its three addresses")
    func starts() throws {
        let start = try ProgramStart(path: "/bin/true", arguments: ["true"], environment: ["A=1"])
        let addresses = [start.path, start.arguments, start.environment]
        let machine = Self.machine(start: start)
        #expect(machine.verdict(Self.call(SYS_execve, addresses)) == nil)
        #expect(machine.verdict(Self.call(SYS_execveat, [0] + addresses)) == EPERM)
        #expect(machine.verdict(Self.call(SYS_vfork, [])) == EPERM)
        for index in addresses.indices {
            // In each half of the address.
            for difference in [1, 1 << 32] as [UInt64] {
                var others = addresses
                others[index] ^= difference
                #expect(machine.verdict(Self.call(SYS_execve, others)) == EPERM, "\(index), \(difference)")
            }
        }
        #expect(Self.machine(spawn: true, start: start).verdict(Self.call(SYS_execve, [])) == nil)
    }

    @Test("the addresses of a program's start are random")
    func startsAtRandomAddresses() throws {
        var addresses: Set<UInt64> = []
        for _ in 0..<20 {
            let start = try ProgramStart(path: "/bin/true", arguments: ["true"], environment: [])
            addresses.formUnion([start.path, start.arguments, start.environment])
        }
        #expect(addresses.count == 60)
        // Neighbours would let one leaked address reveal another.
        #expect(Set(addresses.map { $0 >> 20 }).count >= 59)
        #expect(Set(addresses.map { $0 >> 40 }).count > 20)
    }

    @Test(
        "a filter restricts file access that Landlock does not cover",
        arguments: [
            (SYS_truncate, [], true, 7, nil), (SYS_truncate, [], true, 2, EACCES), (SYS_truncate, [], false, 7, EACCES),
            (SYS_rename, [], true, 7, nil), (SYS_rename, [], false, 7, EACCES), (SYS_chmod, [], true, 7, EPERM),
            (SYS_utimensat, [3, 0], true, 7, EPERM), (SYS_utimensat, [3, 1 << 32], true, 7, EPERM),
            (SYS_fchmod, [3, 0o600], true, 7, EPERM), (SYS_fchmod, [3, 0o600], false, 7, EPERM),
            (SYS_open, [1, 0o101], false, 7, nil), (SYS_open, [1, 0o101], false, 0, EACCES),
            (SYS_open, [1, 0o2000000], false, 0, nil), (SYS_openat, [1, 1, 0o1000], false, 0, EACCES),
            (SYS_openat, [1, 1, 2], true, 0, nil), (SYS_openat2, [], false, 0, ENOSYS),
            (SYS_openat2, [], true, 7, ENOSYS), (SYS_openat2, [], false, 7, nil),
            // Modes matter only for created files.
            (SYS_open, [1, 0o101, 0o666], true, 7, nil), (SYS_open, [1, 0o101, 0o4700], true, 7, EPERM),
            (SYS_open, [1, 1, 0o4700], true, 7, nil), (SYS_openat, [1, 1, 0o101, 0o2700], true, 7, EPERM),
            (SYS_openat, [1, 1, 0x41_0001, 0o4700], true, 7, EPERM), (SYS_creat, [1, 0o4755], true, 7, EPERM),
            (SYS_mkdir, [1, 0o1777], true, 7, nil), (SYS_mkdirat, [1, 1, 0o2777], true, 7, EPERM),
            (SYS_mknod, [1, 0o104700], true, 7, EPERM), (SYS_mknodat, [1, 1, 0o100600], true, 7, nil),
            (SYS_fcntl, [0, 6], true, 7, nil), (SYS_fcntl, [0, 37], true, 7, EPERM), (SYS_flock, [], true, 7, nil),
            (452, [], true, 7, EPERM), (SYS_fchmodat, [], true, 7, EPERM), (SYS_umask, [0], true, 7, 0),
        ] as [(Int32, [UInt64], Bool, Int, Int32?)]
    )
    func files(number: Int32, arguments: [UInt64], write: Bool, landlock: Int, verdict: Int32?) {
        #expect(Self.machine(write: write, landlock: landlock).verdict(Self.call(number, arguments)) == verdict)
    }

    @Test("a filter denies calls of other architectures and unknown calls")
    func refusesOtherProcessorsAndUnknownCalls() {
        for machine in [Self.machine(), Self.machine(write: true, connect: true, spawn: true)] {
            // For a 32-bit program, a different architecture on the same processor, the number means another call.
            #expect(machine.verdict(FilterMachine.Call(number: 0, architecture: 0x4000_0003)) == EPERM)
            for number in [UInt32(SYS_mseal) + 1, 5000, 0x4000_0000, 0x4000_0001, .max] {
                #expect(machine.verdict(FilterMachine.Call(number: number)) == ENOSYS)
            }
        }
    }

    @Test("a filter with all grants denies calls that no plugin needs")
    func neverAllowsWhatNoPluginNeeds() {
        let machine = Self.machine(write: true, connect: true, spawn: true)
        for number in [
            SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise, SYS_pidfd_open,
            SYS_pidfd_getfd,
            SYS_pidfd_send_signal, SYS_kcmp, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_bpf,
            SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_mount, SYS_umount2,
            SYS_move_mount, SYS_fsopen, SYS_open_tree, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns,
            SYS_kexec_load,
            SYS_kexec_file_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon, SYS_acct,
            SYS_syslog, SYS_sethostname, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_iopl, SYS_ioperm,
            SYS_modify_ldt, SYS_shmget, SYS_shmat, SYS_semget, SYS_msgget, SYS_mq_open, SYS_memfd_create,
            SYS_memfd_secret,
            SYS_landlock_create_ruleset, SYS_landlock_restrict_self, SYS_capset, SYS_setuid, SYS_setresuid,
            SYS_setgroups,
            SYS_setfsuid, SYS_setrlimit, SYS_setsid, SYS_setpgid, SYS_personality, SYS_open_by_handle_at,
            SYS_fanotify_init,
            SYS_inotify_add_watch, SYS_chmod, SYS_fchmodat, SYS_chown, SYS_fchown, SYS_lchown, SYS_fchownat,
            SYS_setxattr,
            SYS_quotactl, SYS_nfsservctl, SYS_vhangup, SYS_ioprio_set, SYS_migrate_pages, SYS_move_pages,
            SYS_remap_file_pages, SYS_process_mrelease, SYS_mount_setattr, 453,
        ] {
            #expect(machine.verdict(Self.call(number, [])) == EPERM, "\(number)")
        }
    }

    @Test("the tightening filter denies the calls that only loading needs")
    func refusesMoreOnceItIsTight() {
        var policy = SystemCallPolicy(
            process: 1,
            leadsGroup: true,
            mayWrite: false,
            mayConnect: false,
            maySpawn: false,
            mayLock: false,
            landlockVersion: 7,
            stack: 0
        )
        let tight = FilterMachine(program: policy.tighteningProgram.instructions)
        for (number, verdict) in [(SYS_seccomp, EPERM), (SYS_arch_prctl, EPERM), (SYS_read, nil), (SYS_futex, nil)] {
            #expect(tight.verdict(Self.call(number, [])) == verdict)
        }
        policy.maySpawn = true
        let spawning = FilterMachine(program: policy.tighteningProgram.instructions)
        for (number, verdict) in [(SYS_seccomp, EPERM), (SYS_arch_prctl, nil)] {
            #expect(spawning.verdict(Self.call(number, [])) == verdict)
        }
    }

    @Test(
        "a supervised filter asks about each process and program that starts",
        arguments: [
            (SYS_arch_prctl, 0x1002, true), (SYS_arch_prctl, 0x1003, false), (SYS_arch_prctl, 0x3001, false),
            (SYS_fork, 0, true), (SYS_vfork, 0, true), (SYS_clone, 0x4111, true), (SYS_clone, threadFlags, false),
            (SYS_brk, 0, true), (SYS_brk, 0x1000, false), (SYS_brk, 1 << 32, false),
            (SYS_execve, 0, false), (SYS_exit, 0, false),
        ] as [(Int32, UInt64, Bool)]
    )
    func asks(number: Int32, argument: UInt64, isAsked: Bool) {
        let machine = FilterMachine(program: SystemCallPolicy.supervisedProgram.instructions)
        #expect(machine.verdict(Self.call(number, [argument])) == (isAsked ? FilterMachine.asks : nil))
    }

    @Test("a filter is short enough for the kernel")
    func isShortEnoughForTheKernel() {
        #expect(Self.machine(write: true, connect: true, spawn: true).program.count < 4096)
    }
}
