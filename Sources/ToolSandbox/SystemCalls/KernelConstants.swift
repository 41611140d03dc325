/// Numbers of the kernel's that no header gives to Swift.
enum KernelConstants {
    /// `AUDIT_ARCH_X86_64`
    static let architecture: UInt32 = 0xC000_003E

    /// `MAP_GROWSDOWN`
    static let mapGrowsDown: UInt32 = 0x100

    /// `MSG_FASTOPEN`
    static let sendFastOpen: UInt32 = 0x2000_0000

    /// `PR_SET_VMA`
    static let setMappingName: UInt32 = 0x5356_4D41

    /// `F_OFD_GETLK`, `F_OFD_SETLK`, `F_OFD_SETLKW`
    static let descriptorLocks: [Int32] = [36, 37, 38]

    /// `F_GETPIPE_SZ`, `F_GET_SEALS`
    static let descriptorQuestions: [Int32] = [1032, 1034]
}
