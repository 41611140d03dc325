import Glibc
import Locks
import ToolJSON

/// A reader of the result of one call from the library's memory.
///
/// Its limits are needed because the model chooses the arguments, and so the size of the result. Invalid pointers
/// cannot be detected.
final class NativeReading: Sendable {
    /// The maximum size of all output buffers of a call, in bytes.
    static let maximumBytes = 64 << 20

    /// The maximum number of numbers, strings and Booleans: the smallest takes some dozen bytes of memory.
    private static let maximumValues = 1_000_000

    private struct Remaining {
        var bytes: Int
        var values: Int
    }

    private let limit: Int
    private let remaining: Lock<Remaining>

    /// Creates a reader.
    ///
    /// - Parameter limit: The maximum number of bytes of the whole result.
    init(limit: Int) {
        self.limit = limit
        // The remaining number plus 1 must not overflow.
        remaining = Lock(Remaining(bytes: min(limit, .max - 1), values: Self.maximumValues))
    }

    /// Returns the pointer that is stored at an address, or nil for NULL.
    static func pointer(at address: UnsafeRawPointer) -> UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(bitPattern: address.loadUnaligned(as: UInt.self))
    }

    /// Reads a value, or the value that it points to if it is a pointer.
    ///
    /// - Parameters:
    ///   - address: The address of the value.
    ///   - count: The number of its elements, or nil if nothing counts them.
    /// - Throws: ``NativeCallError`` if a limit is exceeded, or a string is not UTF-8.
    func value(_ type: NativeType, at address: UnsafeRawPointer, count: Int? = nil) throws(NativeCallError) -> JSON {
        switch type {
        case .scalar(let scalar):
            try spend(scalar.size, values: 1)
            return scalar.value(scalar.load(address))
        case .enumeration(let enumeration):
            try spend(enumeration.scalar.size, values: 1)
            return enumeration.value(enumeration.scalar.load(address))
        case .structure(let structure): return try structure.load(address, self)
        case .void, .collect, .handle, .pointer: return .null
        case .text, .bytes, .array, .texts:
            guard let pointer = Self.pointer(at: address) else {
                try spend(0, values: 1)
                return .null
            }
            return try elements(type, of: pointer, count: count)
        }
    }

    /// Reads the elements at a pointer.
    ///
    /// - Parameter count: The number of elements, or nil for a string that ends with a zero byte.
    func elements(_ type: NativeType, of pointer: UnsafeRawPointer, count: Int?) throws(NativeCallError) -> JSON {
        let count = type == .text ? count ?? length(of: pointer) : count ?? 0
        guard count >= 0 else { throw .failed("The function returned a count of \(count) elements.") }
        let bytes = count.multipliedReportingOverflow(by: type.elementSize)
        let values = if case .array = type { count } else { 1 }
        try spend(bytes.overflow ? .max : bytes.partialValue, values: values)
        let buffer = UnsafeRawBufferPointer(start: pointer, count: bytes.partialValue)
        switch type {
        case .text: return .string(try Self.text(buffer))
        case .bytes: return .string(Base64.text(buffer))
        case .array(let scalar):
            return .array((0..<count).map { scalar.value(scalar.load(pointer + $0 * scalar.size)) })
        case .texts:
            var texts: [JSON] = []
            for index in 0..<count { texts.append(try value(.text, at: pointer + index * type.elementSize)) }
            return .array(texts)
        default: return .null
        }
    }

    /// Returns the length of a string in bytes, or a number above the limit for a longer string.
    private func length(of string: UnsafeRawPointer) -> Int {
        strnlen(string.assumingMemoryBound(to: CChar.self), remaining.withLock(\.bytes) + 1)
    }

    /// Returns a string; invalid UTF-8 is not repaired, because the model would rely on the altered string.
    private static func text(_ bytes: UnsafeRawBufferPointer) throws(NativeCallError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .failed("The function returned a string that is not UTF-8. Ask for it in hexadecimal, for example.")
        }
        return text
    }

    /// Counts bytes and values against the limits.
    private func spend(_ bytes: Int, values: Int) throws(NativeCallError) {
        let excess: String? = remaining.withLock { remaining in
            guard bytes <= remaining.bytes else { return "\(limit) bytes" }
            guard values <= remaining.values else { return "\(Self.maximumValues) values" }
            remaining.bytes -= bytes
            remaining.values -= values
            return nil
        }
        if let excess { throw .failed("The function returned more than \(excess). Ask for less.") }
    }
}
