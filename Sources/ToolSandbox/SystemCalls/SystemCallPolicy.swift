import CSandbox
import Glibc

/// Which system calls a plugin may make.
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
    /// Which Landlock stands behind the filter: what it confines, the filter need not.
    var landlockVersion: Int

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

    /// Up to `mseal`, of Linux 6.10.
    private static let known = 0..<SYS_mseal + 1

    var rules: [Int32: SystemCallRule] {
        var rules: [Int32: SystemCallRule] = [:]
        func allow(_ calls: [Int32]) { for call in calls { rules[call] = .allow } }
        func allow(_ call: Int32, when tests: ArgumentTest..., otherwise error: Int32 = EPERM) {
            rules[call] = .allowWhen([tests], otherwise: error)
        }
        allow(Self.memory + Self.threads + Self.time + Self.waiting + Self.signals + Self.identity)
        allow(Self.descriptors + Self.reading + Self.sockets + Self.programStart + [SYS_seccomp])
        rules.merge(memoryRules) { $1 }
        rules.merge(fileRules) { $1 }
        rules.merge(networkRules) { $1 }
        rules.merge(processRules) { $1 }
        return rules
    }
}
