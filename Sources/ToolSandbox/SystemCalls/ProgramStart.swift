import CSandbox
import Glibc

/// The start of a program in place of this process, which the system call filter allows once.
///
/// A confined process cannot start programs, and a filter cannot be changed after the start of a program. Therefore the
/// path, the arguments and the environment are at random addresses, and the filter allows `execve` with these addresses
/// only. The new program has another address space, in which nothing contains them.
package struct ProgramStart: Sendable {
    let path, arguments, environment: UInt64

    /// Writes the path, the arguments and the environment to random addresses.
    ///
    /// - Parameters:
    ///   - path: The real path of the program.
    ///   - arguments: The arguments, the first of which is the program's name for itself.
    ///   - environment: The variables of the environment, each as `NAME=VALUE`.
    package init(
        path: String,
        arguments: [String],
        environment: [String]
    ) throws(SandboxError) {
        self.path = try Self.memory(Self.text(path))
        self.arguments = try Self.vector(arguments)
        self.environment = try Self.vector(environment)
    }

    /// Starts the program in place of this one.
    ///
    /// - Throws: ``SandboxError`` if the program cannot be started. On success, the function does not return.
    package func execute() throws(SandboxError) {
        _ = sandbox_execute(path, arguments, environment)
        throw SandboxError("The program was not started: \(errorText(errno)).")
    }

    private static func text(_ string: String) -> [UInt8] { Array(string.utf8) + [0] }

    /// Stores pointers to strings, a null pointer, and then the strings.
    private static func vector(_ strings: [String]) throws(SandboxError) -> UInt64 {
        let texts = strings.map(text)
        let word = MemoryLayout<UInt64>.size
        let start = try mapping((texts.count + 1) * word + texts.reduce(0) { $0 + $1.count })
        var position = (texts.count + 1) * word
        for (index, text) in texts.enumerated() {
            start.storeBytes(of: address(start + position), toByteOffset: index * word, as: UInt64.self)
            (start + position).copyMemory(from: text, byteCount: text.count)
            position += text.count
        }
        start.storeBytes(of: 0, toByteOffset: texts.count * word, as: UInt64.self)
        return address(start)
    }

    private static func memory(_ bytes: [UInt8]) throws(SandboxError) -> UInt64 {
        let start = try mapping(bytes.count)
        start.copyMemory(from: bytes, byteCount: bytes.count)
        return address(start)
    }

    private static func mapping(_ size: Int) throws(SandboxError) -> UnsafeMutableRawPointer {
        guard let start = sandbox_map_at_random(size) else {
            throw SandboxError("There is no memory for the arguments of a program: \(errorText(errno)).")
        }
        return start
    }

    private static func address(_ pointer: UnsafeMutableRawPointer) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }
}
