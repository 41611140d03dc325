import CSandbox
import Glibc

/// The resource limits of a process.
///
/// The process cannot raise them.
///
/// Memory is limited as data (`RLIMIT_DATA`). The limit of the address space is far higher, because 64 threads reserve
/// gigabytes of addresses without using them; it exists because the kernel's page tables take memory as well. Shared
/// anonymous memory, `memfd_create`, huge pages and mappings that grow downwards do not count as data, so the system
/// call filter rejects them. Written pages that become read-only no longer count, which happens regularly when
/// libraries are loaded. The host monitors the process group for those pages and for the sum over several processes.
struct ResourceLimits {
    var memoryBytes: UInt64
    /// The maximum size of a written file, in bytes.
    ///
    /// 0 without a write grant.
    var fileBytes: UInt64

    init(_ grants: SandboxGrants) {
        memoryBytes = grants.memoryBytes ?? SandboxGrants.defaultMemoryBytes
        fileBytes = grants.write.isEmpty ? 0 : 1 << 30
    }

    /// The maximum stack size of the first thread, in bytes.
    static let stackBytes: UInt64 = 8 << 20

    /// The address space beyond the memory limit, in bytes.
    ///
    /// Its page tables take at most 128 MiB.
    private static let spareAddresses: UInt64 = 64 << 30

    /// Sets the soft and hard limits.
    ///
    /// Raising them again requires privileges.
    func enforce() throws(SandboxError) {
        let (sum, isTooMuch) = memoryBytes.addingReportingOverflow(Self.spareAddresses)
        let addresses = isTooMuch ? UInt64.max : sum
        let limits: [(__rlimit_resource, UInt64)] = [
            (RLIMIT_DATA, memoryBytes), (RLIMIT_AS, addresses), (RLIMIT_FSIZE, fileBytes), (RLIMIT_NOFILE, 256),
            // Not 0: if cores are piped to a program, the kernel treats only 1 as "no core".
            (RLIMIT_CORE, 1),
            (RLIMIT_STACK, Self.stackBytes), (__RLIMIT_MEMLOCK, 8 << 20), (__RLIMIT_MSGQUEUE, 0), (__RLIMIT_RTPRIO, 0),
            (__RLIMIT_NICE, 0),
            // Timers and queued signals, which the kernel counts per user rather than per process.
            (__RLIMIT_SIGPENDING, 64),
        ]
        for (resource, value) in limits where sandbox_limit(Int32(resource.rawValue), value) != 0 {
            throw SandboxError("The limits of memory and files were not set: \(errorText(errno)).")
        }
        // A write beyond the limit fails instead of terminating the process.
        signal(SIGXFSZ, SIG_IGN)
    }
}
