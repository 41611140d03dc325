import CSandbox

/// An interpreter for the BPF instructions that filter programs use.
struct FilterMachine {
    /// The input of a filter for a system call.
    struct Call {
        var number: UInt32
        var architecture: UInt32 = 0xC000_003E
        var arguments: [UInt64] = []

        /// Returns the 32 bits at an offset of `struct seccomp_data`.
        func word(at offset: Int) -> UInt32? {
            switch offset {
            case 0: return number
            case 4: return architecture
            case 16..<64 where offset % 4 == 0:
                let index = (offset - 16) / 8
                let argument = index < arguments.count ? arguments[index] : 0
                return UInt32(truncatingIfNeeded: offset % 8 == 0 ? argument : argument >> 32)
            default: return nil
            }
        }
    }

    let program: [sock_filter]

    /// The verdict for a call that waits for a supervisor.
    static let asks: Int32 = -2

    /// Returns the verdict of the program: nil if it allows the call, the error number if it denies it, ``asks``, or
    /// -1.
    func verdict(_ call: Call) -> Int32? {
        var accumulator: UInt32 = 0
        var next = 0
        while program.indices.contains(next) {
            let instruction = program[next]
            next += 1
            switch Int32(instruction.code) {
            case BPF_LD | BPF_W | BPF_ABS:
                guard let word = call.word(at: Int(instruction.k)) else { return -1 }
                accumulator = word
            case BPF_ALU | BPF_AND | BPF_K:
                accumulator &= instruction.k
            case BPF_JMP | BPF_JA:
                next += Int(instruction.k)
            case BPF_JMP | BPF_JEQ | BPF_K:
                next += Int(accumulator == instruction.k ? instruction.jt : instruction.jf)
            case BPF_JMP | BPF_JGE | BPF_K:
                next += Int(accumulator >= instruction.k ? instruction.jt : instruction.jf)
            case BPF_RET | BPF_K:
                if instruction.k == UInt32(SECCOMP_RET_ALLOW) { return nil }
                if instruction.k == UInt32(SECCOMP_RET_USER_NOTIF) { return Self.asks }
                let isError = instruction.k & 0xFFFF_0000 == UInt32(SECCOMP_RET_ERRNO)
                return isError ? Int32(instruction.k & 0xFFFF) : -1
            default:
                return -1
            }
        }
        return -1
    }
}
