import Glibc
import ToolJSON

/// The conversion of a string argument to a string of C.
enum ForeignText {
    /// Returns a string argument.
    ///
    /// - Throws: ``NativeCallError`` if the argument is not a string.
    static func string(_ argument: JSON?, named name: String) throws(NativeCallError) -> String {
        guard case .string(let text)? = argument else { throw .invalid(name, "a string", argument) }
        return text
    }

    /// Writes a string argument and a terminating zero to memory that has room for both.
    ///
    /// - Returns: The number of written bytes, including the zero.
    /// - Throws: ``NativeCallError`` if the argument is not a string, or contains a null character.
    static func store(
        _ argument: JSON?,
        named name: String,
        in memory: UnsafeMutableRawBufferPointer
    ) throws(NativeCallError) -> Int {
        var text = try string(argument, named: name)
        let count = text.withUTF8 { bytes in
            memory.copyMemory(from: UnsafeRawBufferPointer(bytes))
            return bytes.count
        }
        memory[count] = 0
        guard let start = memory.baseAddress, memchr(start, 0, count) == nil else {
            throw .invalid("\(name): a string with a null character cannot be passed to C")
        }
        return count + 1
    }
}
