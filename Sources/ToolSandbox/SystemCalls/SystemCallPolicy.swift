import CSandbox
import Glibc

/// The system calls that a plugin may make.
///
/// An allow-list: a call that is not in it fails with `EPERM`, and one that is younger than the list with `ENOSYS`, as
/// on an older kernel.
struct SystemCallPolicy {
    /// The process, which is the only one that it may do anything to.
    var process: pid_t
    /// Whether the process leads a group of its own, so that signals to the group are signals to itself.
    var leadsGroup: Bool
    var mayWrite: Bool
    var mayConnect: Bool
    var maySpawn: Bool
    /// True if files may be locked.
    var mayLock: Bool
    /// The version of Landlock that is in force, or 0: what it confines, the filter need not.
    var landlockVersion: Int
    /// An address of the stack of the process's first thread, or 0 if it is not known.
    var stack: UInt64

    #if arch(x86_64)
        static let isAvailable = true
    #else
        /// The numbers and the argument order of the rules are this one processor's.
        static let isAvailable = false
    #endif

    /// The filter for the time from before the plugin is loaded.
    var program: FilterProgram {
        FilterProgram(rules, known: Self.known, others: .refuse(EPERM), unknown: .refuse(ENOSYS))
    }

    /// The filter that is added once the plugin has registered.
    var tighteningProgram: FilterProgram {
        var refused = [SYS_seccomp]
        if !maySpawn { refused += Self.programStart }
        let rules = Dictionary(uniqueKeysWithValues: refused.map { ($0, SystemCallRule.refuse(EPERM)) })
        return FilterProgram(rules, known: Self.known, others: .allow, unknown: .allow)
    }

    /// The filter that asks a supervisor about each process and each program that starts.
    ///
    /// The kernel counts processes per user only, so a supervisor has to.
    ///
    /// A program and the loader that the kernel starts with it must both be executable, so Landlock cannot keep the
    /// loader from being started itself, to run any file that can be read. But no code of that file runs before the
    /// loader has set the thread pointer: this is where a supervisor can see which file was started. A file that is
    /// mapped in the loader's own place would run before that, so the supervisor is asked at the loader's first call,
    /// which asks for the program break.
    static var supervisedProgram: FilterProgram {
        let start = [[ArgumentTest.argument(0, in: KernelConstants.setThreadPointer)]]
        let process = [[ArgumentTest.argument(0, without: UInt32(CLONE_THREAD))]]
        let rules: [Int32: SystemCallRule] = [
            SYS_arch_prctl: .ask(start), SYS_brk: .ask([[.null(0)]]), SYS_clone: .ask(process), SYS_fork: .ask([[]]),
            SYS_vfork: .ask([[]]),
        ]
        return FilterProgram(rules, known: known, others: .allow, unknown: .allow)
    }

    /// Up to `mseal`, of Linux 6.10.
    private static let known = 0..<SYS_mseal + 1

    var rules: [Int32: SystemCallRule] {
        var rules: [Int32: SystemCallRule] = [:]
        func allow(_ calls: [Int32]) { for call in calls { rules[call] = .allow } }
        func allow(_ call: Int32, when tests: ArgumentTest..., otherwise error: Int32 = EPERM) {
            rules[call] = .allowWhen([tests], otherwise: error)
        }
        allow(Self.memory + Self.threads + Self.time + Self.waiting + Self.signals + Self.identity)
        allow(Self.descriptors + Self.reading + Self.sockets + Self.programStart)
        // For the tightening alone. A filter of a single thread is memory of the kernel that nothing counts.
        allow(
            SYS_seccomp,
            when: .argument(0, in: KernelConstants.setFilter),
            .argument(1, in: KernelConstants.onAllThreads)
        )
        rules.merge(memoryRules) { $1 }
        rules.merge(fileRules) { $1 }
        rules.merge(networkRules) { $1 }
        rules.merge(processRules) { $1 }
        return rules
    }
}
