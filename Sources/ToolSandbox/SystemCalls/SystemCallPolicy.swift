import CSandbox
import Glibc

/// The allow-list of system calls for a plugin.
///
/// A call that is not in the list fails with `EPERM`. A call that is newer than the list fails with `ENOSYS`, as on an
/// older kernel.
struct SystemCallPolicy {
    /// The process itself, the only process that the plugin can affect.
    var process: pid_t
    /// True if the process leads its own group, so that signals to the group reach only itself.
    var leadsGroup: Bool
    var mayWrite: Bool
    var mayConnect: Bool
    var maySpawn: Bool
    /// True if files can be locked.
    var mayLock: Bool
    /// The enforced version of Landlock, or 0.
    ///
    /// The filter allows calls that Landlock restricts.
    var landlockVersion: Int
    /// An address in the stack of the first thread, or 0 if it is unknown.
    var stack: UInt64
    /// The one start of a program that is allowed without a spawn grant, or nil for none.
    var start: ProgramStart?

    #if arch(x86_64)
        static let isAvailable = true
    #else
        /// The numbers and the argument order of the rules are specific to x86-64.
        static let isAvailable = false
    #endif

    /// The filter that is installed before the plugin is loaded.
    var program: FilterProgram {
        FilterProgram(rules, known: Self.known, others: .refuse(EPERM), unknown: .refuse(ENOSYS))
    }

    /// The filter that is added after the plugin has registered.
    var tighteningProgram: FilterProgram {
        var refused = [SYS_seccomp]
        if !maySpawn { refused += Self.programStart }
        let rules = Dictionary(uniqueKeysWithValues: refused.map { ($0, SystemCallRule.refuse(EPERM)) })
        return FilterProgram(rules, known: Self.known, others: .allow, unknown: .allow)
    }

    /// The filter that asks a supervisor about each process and program that starts.
    ///
    /// The supervisor counts the processes of the plugin, because the kernel counts them only per user.
    ///
    /// A program and its loader must both be executable, so Landlock cannot prevent starting the loader itself, which
    /// can run any readable file. No code of that file runs before the loader sets the thread pointer, and at this
    /// point the supervisor can see which file was started. A file that is mapped over the loader itself would run
    /// earlier, so the supervisor is also asked at the loader's first call, which queries the program break.
    static var supervisedProgram: FilterProgram {
        let start = [[ArgumentTest.argument(0, in: KernelConstants.setThreadPointer)]]
        let process = [[ArgumentTest.argument(0, without: UInt32(CLONE_THREAD))]]
        let rules: [Int32: SystemCallRule] = [
            SYS_arch_prctl: .ask(start), SYS_brk: .ask([[.null(0)]]), SYS_clone: .ask(process), SYS_fork: .ask([[]]),
            SYS_vfork: .ask([[]]),
        ]
        return FilterProgram(rules, known: known, others: .allow, unknown: .allow)
    }

    /// The known calls, up to `mseal` of Linux 6.10.
    private static let known = 0..<SYS_mseal + 1

    /// The rules by the number of the call.
    var rules: [Int32: SystemCallRule] {
        var rules: [Int32: SystemCallRule] = [:]
        func allow(_ calls: [Int32]) { for call in calls { rules[call] = .allow } }
        func allow(_ call: Int32, when tests: ArgumentTest..., otherwise error: Int32 = EPERM) {
            rules[call] = .allowWhen([tests], otherwise: error)
        }
        allow(Self.memory + Self.threads + Self.time + Self.waiting + Self.signals + Self.identity)
        allow(Self.descriptors + Self.reading + Self.sockets + Self.programStart)
        // Needed only by `tighten()`. Filters of single threads are denied, because no limit counts their kernel
        // memory.
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
