import CSandbox
import Glibc

/// How much of the machine a process may take.
///
/// Memory is bounded as data (`RLIMIT_DATA`), and address space only far above that: sixty-four threads reserve gigabytes
/// of addresses that they never use, but the kernel's own tables of what is mapped are memory, too. What that limit does
/// not count (shared anonymous memory, `memfd_create`, mappings that grow downwards) the system call filter refuses.
struct ResourceLimits {
    var memoryBytes: UInt64
    /// Where nothing may be written, no file may grow either.
    var fileBytes: UInt64

    init(_ grants: SandboxGrants) {
        memoryBytes = grants.memoryBytes ?? SandboxGrants.defaultMemoryBytes
        fileBytes = grants.write.isEmpty ? 0 : 1 << 30
    }

    /// 128 MiB of tables.
    private static let spareAddresses: UInt64 = 64 << 30

    /// Sets the limits, soft and hard: without privileges nothing raises them again.
    func enforce() throws(SandboxError) {
        let (sum, isTooMuch) = memoryBytes.addingReportingOverflow(Self.spareAddresses)
        let addresses = isTooMuch ? UInt64.max : sum
        let limits: [(__rlimit_resource, UInt64)] = [
            (RLIMIT_DATA, memoryBytes), (RLIMIT_AS, addresses), (RLIMIT_FSIZE, fileBytes), (RLIMIT_NOFILE, 256),
            (RLIMIT_CORE, 0),
            (RLIMIT_STACK, 8 << 20), (__RLIMIT_MEMLOCK, 8 << 20), (__RLIMIT_MSGQUEUE, 0), (__RLIMIT_RTPRIO, 0),
            (__RLIMIT_NICE, 0),
        ]
        for (resource, value) in limits where sandbox_limit(Int32(resource.rawValue), value) != 0 {
            throw SandboxError("Memory and files are not limited: \(errorText(errno)).")
        }
        // A write that is too long fails, rather than ending the process.
        signal(SIGXFSZ, SIG_IGN)
    }
}
