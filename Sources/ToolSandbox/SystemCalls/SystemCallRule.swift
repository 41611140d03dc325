/// The filter's decision on a system call.
enum SystemCallRule {
    case allow
    /// The call fails with this error number. For 0, it returns 0 without an effect.
    case refuse(Int32)
    /// The call fails with this error number if all tests of one case hold, and is allowed otherwise.
    case refuseWhen([[ArgumentTest]], Int32)
    /// The call waits for a supervisor's decision if all tests of one case hold, and is allowed otherwise.
    case ask([[ArgumentTest]])
    /// The call is allowed if all tests of one case hold, and otherwise fails with this error number.
    case allowWhen([[ArgumentTest]], otherwise: Int32)
}
