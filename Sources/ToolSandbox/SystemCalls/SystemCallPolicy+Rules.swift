import CSandbox
import Glibc

// The calls that are harmless with some arguments, or with a grant.
extension SystemCallPolicy {
    /// The rules that deny memory outside the limit.
    ///
    /// These are shared anonymous memory, huge pages, mappings that grow downwards, and moved parts of the stack.
    var memoryRules: [Int32: SystemCallRule] {
        let anonymous = UInt32(MAP_ANONYMOUS)
        let shared = UInt32(MAP_SHARED)
        let flags = ArgumentTest.argument(
            3,
            mask: KernelConstants.mapGrowsDown | KernelConstants.mapHugePages | anonymous | shared,
            in: 0,
            anonymous,
            shared
        )
        return [SYS_mmap: .allowWhen([[flags]], otherwise: EPERM), SYS_mremap: .refuseWhen(stackTests, EPERM)]
    }

    /// The tests for an address in the stack, which ends within ``ResourceLimits/stackBytes`` of any of its frames.
    ///
    /// The stack of a started program is elsewhere, so the host monitors it instead.
    private var stackTests: [[ArgumentTest]] {
        guard stack > ResourceLimits.stackBytes else { return [] }
        let mask = ~UInt32(2 * ResourceLimits.stackBytes - 1)
        return [stack - ResourceLimits.stackBytes, stack + ResourceLimits.stackBytes].map { address in
            let block = UInt32(truncatingIfNeeded: address) & mask
            return [.upperHalf(0, in: UInt32(truncatingIfNeeded: address >> 32)), .argument(0, mask: mask, in: block)]
        }
    }

    /// The rules for files and descriptors.
    var fileRules: [Int32: SystemCallRule] {
        var rules: [Int32: SystemCallRule] = [:]
        for call in Self.changing { rules[call] = mayWrite ? .allow : .refuse(EACCES) }
        if mayWrite { rules.merge(creationRules) { $1 } }
        // umask returns 0 without a change: programs read the mask by setting it and interpret an error as a mask.
        rules[SYS_umask] = .refuse(0)
        // Before version 3, Landlock did not restrict truncation.
        rules[SYS_truncate] = mayWrite && landlockVersion >= 3 ? .allow : .refuse(EACCES)
        // Plugins cannot change file modes or timestamps: Landlock has no right for them, and an open file can be one
        // that was granted only for reading, or a file of the system.
        if !mayWrite, landlockVersion == 0 {
            // Without Landlock, only this protects the user's files.
            let writing = UInt32(O_ACCMODE | O_CREAT | O_TRUNC)
            rules[SYS_open] = .allowWhen([[.argument(1, without: writing)]], otherwise: EACCES)
            rules[SYS_openat] = .allowWhen([[.argument(2, without: writing)]], otherwise: EACCES)
            // The flags of openat2 are in memory, which a filter cannot read.
            rules[SYS_openat2] = .refuse(ENOSYS)
        }
        // Programs that list files query attributes and handle this error.
        for call in [SYS_getxattr, SYS_lgetxattr, SYS_listxattr, SYS_llistxattr] { rules[call] = .refuse(EOPNOTSUPP) }
        // Denied are leases, notifications, owners (which receive signals), and new sizes of pipes.
        var commands = [F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_DUPFD_CLOEXEC]
        commands += [KernelConstants.descriptorLockQuestion] + KernelConstants.descriptorQuestions
        // No kernel limit counts locks, so they need a file grant; databases use them. The host counts the locks of a
        // process, but locks of a descriptor belong to no process.
        if mayLock { commands += [F_SETLK, F_SETLKW] }
        rules[SYS_flock] = mayLock ? .allow : .refuse(EPERM)
        rules[SYS_fcntl] = .allowWhen([[.argument(1, in: commands.map(UInt32.init))]], otherwise: EPERM)
        let requests = [TCGETS, TIOCGWINSZ, FIONREAD, TIOCOUTQ, FIONBIO, FIOCLEX, FIONCLEX].map(UInt32.init)
        rules[SYS_ioctl] = .allowWhen([[.argument(1, in: requests)]], otherwise: ENOTTY)
        return rules
    }

    /// The rules that deny creating files with set-user-ID or set-group-ID bits.
    ///
    /// The umask denies access to the group and to others in any case.
    private var creationRules: [Int32: SystemCallRule] {
        let special = UInt32(S_ISUID | S_ISGID)
        let creating = UInt32(O_CREAT) | KernelConstants.openTemporary
        func without(_ mode: Int) -> [[ArgumentTest]] { [[.argument(mode, without: special)]] }
        return [
            // Without creation, the mode argument is ignored.
            SYS_open: .allowWhen([[.argument(1, without: creating)]] + without(2), otherwise: EPERM),
            SYS_openat: .allowWhen([[.argument(2, without: creating)]] + without(3), otherwise: EPERM),
            SYS_creat: .allowWhen(without(1), otherwise: EPERM),
            SYS_mkdir: .allowWhen(without(1), otherwise: EPERM),
            SYS_mkdirat: .allowWhen(without(2), otherwise: EPERM),
            SYS_mknod: .allowWhen(without(1), otherwise: EPERM),
            SYS_mknodat: .allowWhen(without(2), otherwise: EPERM),
            // The mode of openat2 is in memory, which a filter cannot read.
            SYS_openat2: .refuse(ENOSYS),
        ]
    }

    /// The rules for sockets.
    var networkRules: [Int32: SystemCallRule] {
        // Datagram sockets of a pair could be connected to any socket of the system.
        let type = ArgumentTest.argument(1, mask: ~Self.socketFlags, in: UInt32(SOCK_STREAM.rawValue))
        var rules: [Int32: SystemCallRule] = [
            SYS_socketpair: .allowWhen([[.argument(0, in: UInt32(AF_UNIX)), type]], otherwise: EPERM)
        ]
        // With this flag, sending connects without a check by Landlock.
        for (call, flags) in [(SYS_sendto, 3), (SYS_sendmsg, 2), (SYS_sendmmsg, 3)] {
            rules[call] = .allowWhen([[.argument(flags, without: KernelConstants.sendFastOpen)]], otherwise: EPERM)
        }
        guard mayConnect else { return rules }
        rules[SYS_connect] = .allow
        // Landlock does not check other protocols of stream sockets, such as Multipath TCP.
        let family = ArgumentTest.argument(0, in: UInt32(AF_INET), UInt32(AF_INET6))
        let transport = ArgumentTest.argument(2, in: 0, UInt32(IPPROTO_TCP))
        rules[SYS_socket] = .allowWhen([[family, type, transport]], otherwise: EPERM)
        rules[SYS_setsockopt] = .allowWhen(
            Self.socketOptions.map { level, options in
                [.argument(1, in: UInt32(level)), .argument(2, in: options.map(UInt32.init))]
            },
            otherwise: EPERM
        )
        return rules
    }

    private static let socketFlags = UInt32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

    /// The allowed socket options.
    ///
    /// Denied are filters, protocols on top of a socket, and options that make closing block, because the host would
    /// block when it closes a received socket.
    private static let socketOptions: [(Int32, [Int32])] = [
        (SOL_SOCKET, [SO_KEEPALIVE, SO_RCVBUF, SO_SNDBUF, SO_RCVTIMEO, SO_SNDTIMEO, SO_REUSEADDR]),
        (Int32(IPPROTO_TCP), [TCP_NODELAY, TCP_CORK, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT]),
        (Int32(IPPROTO_TCP), [TCP_QUICKACK, TCP_NOTSENT_LOWAT]),
        (Int32(IPPROTO_IP), [IP_TOS]),
        (Int32(IPPROTO_IPV6), [IPV6_V6ONLY, IPV6_TCLASS]),
    ]

    /// The rules for processes: a call can only name its own process.
    var processRules: [Int32: SystemCallRule] {
        let own = UInt32(bitPattern: process)
        var rules: [Int32: SystemCallRule] = [
            SYS_clone: .allowWhen([[clone]], otherwise: EPERM),
            // The flags of clone3 are in memory, which a filter cannot read. The C library falls back to clone.
            SYS_clone3: .refuse(ENOSYS),
            // Limits can be read but not set.
            SYS_prlimit64: .allowWhen([[.argument(0, in: 0, own), .null(2)]], otherwise: EPERM),
            SYS_setpriority: .allowWhen(
                [[.argument(0, in: UInt32(PRIO_PROCESS.rawValue)), .argument(1, in: 0, own)]],
                otherwise: EPERM
            ),
            SYS_prctl: .allowWhen([[.argument(0, in: Self.controls)]], otherwise: EPERM),
        ]
        for call in [SYS_sched_setaffinity, SYS_sched_setparam, SYS_sched_setscheduler, SYS_sched_setattr] {
            rules[call] = .allowWhen([[.argument(0, in: 0, own)]], otherwise: EPERM)
        }
        let signals: SystemCallRule = .allowWhen([[.argument(0, in: own)]], otherwise: EPERM)
        for call in [SYS_tgkill, SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo] { rules[call] = signals }
        rules[SYS_kill] = leadsGroup ? .allowWhen([[.argument(0, in: 0, own)]], otherwise: EPERM) : signals
        if let start {
            // The addresses are random, and no address space but the current one contains them. A program that has
            // started cannot repeat the call without guessing all three.
            let addresses = [start.path, start.arguments, start.environment]
            let tests = addresses.enumerated().flatMap { ArgumentTest.address($0.offset, $0.element) }
            rules[SYS_execve] = .allowWhen([tests], otherwise: EPERM)
        }
        guard maySpawn else { return rules }
        for call in [SYS_fork, SYS_vfork, SYS_execve, SYS_execveat] { rules[call] = .allow }
        // Children have unknown process IDs. Landlock restricts signals to them.
        if landlockVersion >= 6 {
            let single = ArgumentTest.argument(0, without: 1 << 31)
            for call in [SYS_kill, SYS_tgkill, SYS_tkill] { rules[call] = .allowWhen([[single]], otherwise: EPERM) }
        }
        return rules
    }

    /// The test for clone: threads, and processes with the grant, but no namespaces and no children of other processes.
    private var clone: ArgumentTest {
        let spaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID
        let refused = UInt32(spaces | CLONE_NEWNET | CLONE_PTRACE | CLONE_UNTRACED | CLONE_PARENT | CLONE_PIDFD)
        let thread = UInt32(CLONE_THREAD)
        return maySpawn
            ? .argument(0, without: refused) : .argument(0, mask: refused | thread, in: thread)
    }

    private static let controls: [UInt32] =
        [PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_SECCOMP, PR_GET_NO_NEW_PRIVS, PR_CAPBSET_READ]
        .map(UInt32.init) + [KernelConstants.setMappingName]
}
