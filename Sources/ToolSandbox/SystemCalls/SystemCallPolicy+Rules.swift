import CSandbox
import Glibc

/// Calls that are harmless with some arguments, or with a grant.
extension SystemCallPolicy {
    /// Memory that the limit does not count is refused: shared anonymous memory, huge pages, mappings that grow downwards,
    /// and pieces of the stack in another place.
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

    /// The tests for an address of the stack, which ends within ``ResourceLimits/stackBytes`` of any of its frames.
    ///
    /// A program that is started has its stack elsewhere: that one is left to the host's watch.
    private var stackTests: [[ArgumentTest]] {
        guard stack > ResourceLimits.stackBytes else { return [] }
        let mask = ~UInt32(2 * ResourceLimits.stackBytes - 1)
        return [stack - ResourceLimits.stackBytes, stack + ResourceLimits.stackBytes].map { address in
            let block = UInt32(truncatingIfNeeded: address) & mask
            return [.upperHalf(0, in: UInt32(truncatingIfNeeded: address >> 32)), .argument(0, mask: mask, in: block)]
        }
    }

    var fileRules: [Int32: SystemCallRule] {
        var rules: [Int32: SystemCallRule] = [:]
        for call in Self.changing { rules[call] = mayWrite ? .allow : .refuse(EACCES) }
        if mayWrite { rules.merge(creationRules) { $1 } }
        // Returns 0, as if that had been the mask, and changes nothing: programs that read the mask set it in passing, and
        // take an error for a mask.
        rules[SYS_umask] = .refuse(0)
        // Before its third version Landlock let every file be emptied.
        rules[SYS_truncate] = mayWrite && landlockVersion >= 3 ? .allow : .refuse(EACCES)
        // Plugins cannot change modes and times of files: Landlock knows no right for them, and an open file may be one
        // that was granted for reading, or the system's.
        if !mayWrite, landlockVersion == 0 {
            // Without Landlock this is all that protects the user's files.
            let writing = UInt32(O_ACCMODE | O_CREAT | O_TRUNC)
            rules[SYS_open] = .allowWhen([[.argument(1, without: writing)]], otherwise: EACCES)
            rules[SYS_openat] = .allowWhen([[.argument(2, without: writing)]], otherwise: EACCES)
            // Its flags are in memory, where a filter does not see them.
            rules[SYS_openat2] = .refuse(ENOSYS)
        }
        // Programs that list files ask for them in passing, and take this for an answer.
        for call in [SYS_getxattr, SYS_lgetxattr, SYS_listxattr, SYS_llistxattr] { rules[call] = .refuse(EOPNOTSUPP) }
        // Neither leases nor notices, and no owner, who would get signals; pipes keep the size that they have.
        var commands = [F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_DUPFD_CLOEXEC]
        commands += [KernelConstants.descriptorLockQuestion] + KernelConstants.descriptorQuestions
        // No limit of the kernel counts locks, so only files of the user's may have them: databases need that. The host
        // counts those of a process; locks of a descriptor have no process.
        if mayLock { commands += [F_SETLK, F_SETLKW] }
        rules[SYS_flock] = mayLock ? .allow : .refuse(EPERM)
        rules[SYS_fcntl] = .allowWhen([[.argument(1, in: commands.map(UInt32.init))]], otherwise: EPERM)
        let requests = [TCGETS, TIOCGWINSZ, FIONREAD, TIOCOUTQ, FIONBIO, FIOCLEX, FIONCLEX].map(UInt32.init)
        rules[SYS_ioctl] = .allowWhen([[.argument(1, in: requests)]], otherwise: ENOTTY)
        return rules
    }

    /// Files are created without the bits that lend their owner's rights.
    ///
    /// The mask keeps them from the group and from others in any case.
    private var creationRules: [Int32: SystemCallRule] {
        let special = UInt32(S_ISUID | S_ISGID)
        let creating = UInt32(O_CREAT) | KernelConstants.openTemporary
        func without(_ mode: Int) -> [[ArgumentTest]] { [[.argument(mode, without: special)]] }
        return [
            // The mode of a call that creates nothing may be anything.
            SYS_open: .allowWhen([[.argument(1, without: creating)]] + without(2), otherwise: EPERM),
            SYS_openat: .allowWhen([[.argument(2, without: creating)]] + without(3), otherwise: EPERM),
            SYS_creat: .allowWhen(without(1), otherwise: EPERM),
            SYS_mkdir: .allowWhen(without(1), otherwise: EPERM),
            SYS_mkdirat: .allowWhen(without(2), otherwise: EPERM),
            SYS_mknod: .allowWhen(without(1), otherwise: EPERM),
            SYS_mknodat: .allowWhen(without(2), otherwise: EPERM),
            // Its mode is in memory, where a filter does not see it.
            SYS_openat2: .refuse(ENOSYS),
        ]
    }

    var networkRules: [Int32: SystemCallRule] {
        // A pair of datagram sockets could be turned on any socket of the system.
        let type = ArgumentTest.argument(1, mask: ~Self.socketFlags, in: UInt32(SOCK_STREAM.rawValue))
        var rules: [Int32: SystemCallRule] = [
            SYS_socketpair: .allowWhen([[.argument(0, in: UInt32(AF_UNIX)), type]], otherwise: EPERM)
        ]
        // With this flag sending connects, and Landlock is not asked.
        for (call, flags) in [(SYS_sendto, 3), (SYS_sendmsg, 2), (SYS_sendmmsg, 3)] {
            rules[call] = .allowWhen([[.argument(flags, without: KernelConstants.sendFastOpen)]], otherwise: EPERM)
        }
        guard mayConnect else { return rules }
        rules[SYS_connect] = .allow
        // Nor is it asked about the other protocols of stream sockets, Multipath TCP among them.
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

    /// Neither filters nor other protocols on top of it, and nothing that makes closing one wait: the host would, if it were
    /// sent to it.
    private static let socketOptions: [(Int32, [Int32])] = [
        (SOL_SOCKET, [SO_KEEPALIVE, SO_RCVBUF, SO_SNDBUF, SO_RCVTIMEO, SO_SNDTIMEO, SO_REUSEADDR]),
        (Int32(IPPROTO_TCP), [TCP_NODELAY, TCP_CORK, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT]),
        (Int32(IPPROTO_TCP), [TCP_QUICKACK, TCP_NOTSENT_LOWAT]),
        (Int32(IPPROTO_IP), [IP_TOS]),
        (Int32(IPPROTO_IPV6), [IPV6_V6ONLY, IPV6_TCLASS]),
    ]

    /// Other processes are out of reach: a process that is named has to be this one.
    var processRules: [Int32: SystemCallRule] {
        let own = UInt32(bitPattern: process)
        var rules: [Int32: SystemCallRule] = [
            SYS_clone: .allowWhen([[clone]], otherwise: EPERM),
            // Its flags are in memory, where a filter does not see them; the C library then takes the other.
            SYS_clone3: .refuse(ENOSYS),
            // Limits can be read, and not set.
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
        guard maySpawn else { return rules }
        for call in [SYS_fork, SYS_vfork, SYS_execve, SYS_execveat] { rules[call] = .allow }
        // Landlock lets signals reach its own children only, whose numbers nobody knows yet.
        if landlockVersion >= 6 {
            let single = ArgumentTest.argument(0, without: 1 << 31)
            for call in [SYS_kill, SYS_tgkill, SYS_tkill] { rules[call] = .allowWhen([[single]], otherwise: EPERM) }
        }
        return rules
    }

    /// Threads, and with the grant processes; never a name space, and never a child in somebody else's place.
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
