/// Constants of the kernel that no imported header defines.
enum KernelConstants {
    /// The kernel's `AUDIT_ARCH_X86_64`.
    static let architecture: UInt32 = 0xC000_003E

    /// The kernel's `MAP_GROWSDOWN`.
    static let mapGrowsDown: UInt32 = 0x100

    /// The kernel's `MAP_HUGETLB`.
    static let mapHugePages: UInt32 = 0x4_0000

    /// The kernel's `__O_TMPFILE`.
    static let openTemporary: UInt32 = 0x40_0000

    /// The kernel's `ARCH_SET_FS`.
    static let setThreadPointer: UInt32 = 0x1002

    /// The kernel's `MSG_FASTOPEN`.
    static let sendFastOpen: UInt32 = 0x2000_0000

    /// The kernel's `PR_SET_VMA`.
    static let setMappingName: UInt32 = 0x5356_4D41

    /// The kernel's `F_OFD_GETLK`.
    static let descriptorLockQuestion: Int32 = 36

    /// The kernel's `F_GETPIPE_SZ`, `F_GET_SEALS`.
    static let descriptorQuestions: [Int32] = [1032, 1034]

    /// `SECCOMP_SET_MODE_FILTER` and `SECCOMP_FILTER_FLAG_TSYNC`.
    static let setFilter: UInt32 = 1
    static let onAllThreads: UInt32 = 1
}
