import CSandbox
import Glibc

/// A BPF program for seccomp that decides each system call by its number and arguments.
struct FilterProgram {
    private(set) var instructions: [sock_filter] = []

    // The offsets in struct seccomp_data.
    private static let number: UInt32 = 0
    private static let architecture: UInt32 = 4
    private static func lowerHalf(_ argument: Int) -> UInt32 { 16 + 8 * UInt32(argument) }
    private static func upperHalf(_ argument: Int) -> UInt32 { lowerHalf(argument) + 4 }

    /// Compiles rules into a program.
    ///
    /// - Parameters:
    ///   - rules: The rules by the number of the call.
    ///   - known: The numbers of all known calls.
    ///   - others: The rule for known calls without their own rule.
    ///   - unknown: The rule for unknown calls, which include the 32-bit calls of the same processor.
    init(_ rules: [Int32: SystemCallRule], known: Range<Int32>, others: SystemCallRule, unknown: SystemCallRule) {
        var pieces: [Piece] = []
        for number in known {
            if let rule = rules[number] {
                pieces.append(Piece(first: UInt32(number), code: Self.code(for: rule)))
            } else if pieces.last?.isOther != true {
                pieces.append(Piece(first: UInt32(number), code: Self.code(for: others), isOther: true))
            }
        }
        pieces.append(Piece(first: UInt32(known.upperBound), code: Self.code(for: unknown)))
        let decision = Self.search(pieces[...])
        instructions = [
            Self.load(Self.architecture),
            Self.jump(BPF_JEQ, KernelConstants.architecture, then: 1, otherwise: 0),
            Self.refuse(EPERM),
            Self.load(Self.number),
        ]
        instructions += decision
    }

    /// A range of numbers that share their code, from the first number to the next piece.
    private struct Piece {
        let first: UInt32
        let code: [sock_filter]
        var isOther = false
    }

    /// Generates a binary search for the piece of the number in the accumulator.
    private static func search(_ pieces: ArraySlice<Piece>) -> [sock_filter] {
        guard pieces.count > 1 else { return pieces.first?.code ?? [] }
        let middle = pieces.startIndex + pieces.count / 2
        let lower = search(pieces[..<middle])
        let upper = search(pieces[middle...])
        if let near = UInt8(exactly: lower.count) {
            return [jump(BPF_JGE, pieces[middle].first, then: near, otherwise: 0)] + lower + upper
        }
        // A conditional jump reaches at most 255 instructions.
        let far = sock_filter(code: UInt16(BPF_JMP | BPF_JA), jt: 0, jf: 0, k: UInt32(lower.count))
        return [jump(BPF_JGE, pieces[middle].first, then: 0, otherwise: 1), far] + lower + upper
    }

    private static func code(for rule: SystemCallRule) -> [sock_filter] {
        switch rule {
        case .allow: [result(SECCOMP_RET_ALLOW)]
        case .refuse(let error): [refuse(error)]
        case .refuseWhen(let cases, let error):
            cases.flatMap { ending($0, with: refuse(error)) } + [result(SECCOMP_RET_ALLOW)]
        case .ask(let cases):
            cases.flatMap { ending($0, with: result(SECCOMP_RET_USER_NOTIF)) } + [result(SECCOMP_RET_ALLOW)]
        case .allowWhen(let cases, let error):
            cases.flatMap { ending($0, with: result(SECCOMP_RET_ALLOW)) } + [refuse(error)]
        }
    }

    /// Generates code that returns a result if all tests hold, and otherwise continues after itself.
    private static func ending(_ tests: [ArgumentTest], with result: sock_filter) -> [sock_filter] {
        var code = [result]
        for test in tests.reversed() {
            let halves = [lowerHalf(test.index), upperHalf(test.index)]
            let (tested, other) = test.half == .lower ? (halves[0], halves[1]) : (halves[1], halves[0])
            if test.isAlone { code = comparison(other, .max, [0], before: code) + code }
            code = comparison(tested, test.mask, test.values, before: code) + code
        }
        return code
    }

    private static func comparison(
        _ offset: UInt32,
        _ mask: UInt32,
        _ values: [UInt32],
        before code: [sock_filter]
    ) -> [sock_filter] {
        var comparison = [load(offset)]
        if mask != .max {
            comparison.append(sock_filter(code: UInt16(BPF_ALU | BPF_AND | BPF_K), jt: 0, jf: 0, k: mask))
        }
        for (index, value) in values.enumerated() {
            let rest = values.count - 1 - index
            comparison.append(
                jump(BPF_JEQ, value, then: UInt8(rest), otherwise: rest == 0 ? UInt8(code.count) : 0)
            )
        }
        return comparison
    }

    private static func load(_ offset: UInt32) -> sock_filter {
        sock_filter(code: UInt16(BPF_LD | BPF_W | BPF_ABS), jt: 0, jf: 0, k: offset)
    }

    private static func jump(_ test: Int32, _ value: UInt32, then: UInt8, otherwise: UInt8) -> sock_filter {
        sock_filter(code: UInt16(BPF_JMP | test | BPF_K), jt: then, jf: otherwise, k: value)
    }

    private static func refuse(_ error: Int32) -> sock_filter {
        result(UInt32(SECCOMP_RET_ERRNO) | UInt32(error))
    }

    private static func result(_ value: some BinaryInteger) -> sock_filter {
        sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: UInt32(value))
    }
}

// MARK: - Loading

extension FilterProgram {
    /// Applies the program to all threads of the process permanently.
    func enforce() throws(SandboxError) {
        let count = UInt16(instructions.count)
        guard instructions.withUnsafeBufferPointer({ $0.baseAddress.map { sandbox_load_filter($0, count) } }) == 0
        else {
            throw SandboxError("The system call filter was not installed: \(errorText(errno)).")
        }
    }

    /// Applies the program to this thread and all its future descendants.
    ///
    /// - Returns: The descriptor on which the kernel asks a supervisor, or nil if the kernel does not support it.
    func enforceSupervised() -> Int32? {
        let count = UInt16(instructions.count)
        let listener = instructions.withUnsafeBufferPointer {
            $0.baseAddress.map { sandbox_load_supervised_filter($0, count) } ?? -1
        }
        return listener < 0 ? nil : listener
    }
}
