import CSandbox
import Glibc

/// The limits of one process, which it cannot raise.
///
/// Memory is bounded as data (`RLIMIT_DATA`), and address space only far above that: sixty-four threads reserve gigabytes
/// of addresses that they never use, but the kernel's own tables of what is mapped are memory, too. Shared anonymous
/// memory, `memfd_create`, huge pages and mappings that grow downwards are not counted as data, so the system call filter
/// refuses them. Written pages that are then made read-only leave the count, as libraries do honestly when they are
/// loaded: for those, and for the sum over several processes, the host watches the group.
struct ResourceLimits {
    var memoryBytes: UInt64
    /// The longest file that it may write; 0 without a write grant.
    var fileBytes: UInt64

    init(_ grants: SandboxGrants) {
        memoryBytes = grants.memoryBytes ?? SandboxGrants.defaultMemoryBytes
        fileBytes = grants.write.isEmpty ? 0 : 1 << 30
    }

    /// The maximum stack size of the first thread, in bytes.
    static let stackBytes: UInt64 = 8 << 20

    /// 128 MiB of tables.
    private static let spareAddresses: UInt64 = 64 << 30

    /// Sets the limits, soft and hard: without privileges nothing raises them again.
    func enforce() throws(SandboxError) {
        let (sum, isTooMuch) = memoryBytes.addingReportingOverflow(Self.spareAddresses)
        let addresses = isTooMuch ? UInt64.max : sum
        let limits: [(__rlimit_resource, UInt64)] = [
            (RLIMIT_DATA, memoryBytes), (RLIMIT_AS, addresses), (RLIMIT_FSIZE, fileBytes), (RLIMIT_NOFILE, 256),
            // Not 0: where cores are piped to a program, the kernel takes only 1 for "none".
            (RLIMIT_CORE, 1),
            (RLIMIT_STACK, Self.stackBytes), (__RLIMIT_MEMLOCK, 8 << 20), (__RLIMIT_MSGQUEUE, 0), (__RLIMIT_RTPRIO, 0),
            (__RLIMIT_NICE, 0),
            // Timers and queued signals: the kernel counts them for all processes of a user together.
            (__RLIMIT_SIGPENDING, 64),
        ]
        for (resource, value) in limits where sandbox_limit(Int32(resource.rawValue), value) != 0 {
            throw SandboxError("Memory and files are not limited: \(errorText(errno)).")
        }
        // A write that is too long fails, rather than ending the process.
        signal(SIGXFSZ, SIG_IGN)
    }
}
