import CSandbox
import Glibc

/// Calls that are harmless with some arguments, or with a grant.
extension SystemCallPolicy {
    /// Memory that the limit does not count is refused: shared anonymous memory, and mappings that grow downwards.
    var memoryRules: [Int32: SystemCallRule] {
        let anonymous = UInt32(MAP_ANONYMOUS)
        let shared = UInt32(MAP_SHARED)
        let flags = ArgumentTest.argument(
            3,
            mask: KernelConstants.mapGrowsDown | anonymous | shared,
            in: 0,
            anonymous,
            shared
        )
        return [SYS_mmap: .allowWhen([[flags]], otherwise: EPERM)]
    }

    var fileRules: [Int32: SystemCallRule] {
        var rules: [Int32: SystemCallRule] = [:]
        for call in Self.changing { rules[call] = mayWrite ? .allow : .refuse(EACCES) }
        // Before its third version Landlock let every file be emptied.
        rules[SYS_truncate] = mayWrite && landlockVersion >= 3 ? .allow : .refuse(EACCES)
        // Modes and times are nobody's to change: Landlock knows no right for them, and an open file may be one that was
        // granted for reading, or the system's.
        if !mayWrite, landlockVersion == 0 {
            // Nothing else stands between the plugin and the user's files.
            let writing = UInt32(O_ACCMODE | O_CREAT | O_TRUNC)
            rules[SYS_open] = .allowWhen([[.argument(1, without: writing)]], otherwise: EACCES)
            rules[SYS_openat] = .allowWhen([[.argument(2, without: writing)]], otherwise: EACCES)
            // Its flags are in memory, where a filter does not see them.
            rules[SYS_openat2] = .refuse(ENOSYS)
        }
        // Programs that list files ask for them in passing, and take this for an answer.
        for call in [SYS_getxattr, SYS_lgetxattr, SYS_listxattr, SYS_llistxattr] { rules[call] = .refuse(EOPNOTSUPP) }
        // Neither leases nor notices, and no owner, who would get signals.
        let commands = [F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC]
        let others = KernelConstants.descriptorLocks + KernelConstants.descriptorQuestions
        rules[SYS_fcntl] = .allowWhen([[.argument(1, in: (commands + others).map(UInt32.init))]], otherwise: EPERM)
        let requests = [TCGETS, TIOCGWINSZ, FIONREAD, TIOCOUTQ, FIONBIO, FIOCLEX, FIONCLEX].map(UInt32.init)
        rules[SYS_ioctl] = .allowWhen([[.argument(1, in: requests)]], otherwise: ENOTTY)
        return rules
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
