import Glibc
import Synchronization
import ToolJSON

/// Reads what a library gave in one call, from memory of its own, within bounds: the model chooses what it asks for.
///
/// That a pointer is good has to be believed.
final class NativeReading: Sendable {
    /// Bytes read at most, unless said otherwise, and bytes of one buffer that a function fills.
    static let maximumBytes = 64 << 20

    /// Every number, text and truth value is one; in memory the smallest takes some dozen bytes.
    private static let maximumValues = 1_000_000

    private struct Left {
        var bytes: Int
        var values: Int
    }

    private let limit: Int
    private let left: Mutex<Left>

    /// - Parameter limit: Bytes read in all.
    init(limit: Int) {
        self.limit = limit
        // One more than is left has to be a number.
        left = Mutex(Left(bytes: min(limit, .max - 1), values: Self.maximumValues))
    }

    /// The pointer that stands at an address.
    static func pointer(at address: UnsafeRawPointer) -> UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(bitPattern: address.loadUnaligned(as: UInt.self))
    }

    /// What a value of a type says: the value itself where it has a fixed size, what it points to where it is a pointer.
    ///
    /// - Parameters:
    ///   - address: Of the value.
    ///   - count: Its elements, where something counts them.
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

    /// What stands behind a pointer.
    ///
    /// - Parameter count: `nil` for a text that ends with a zero byte; nothing else goes without.
    func elements(_ type: NativeType, of pointer: UnsafeRawPointer, count: Int?) throws(NativeCallError) -> JSON {
        let count = type == .text ? count ?? length(of: pointer) : count ?? 0
        guard count >= 0 else { throw .failed("It gave \(count) elements.") }
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

    /// Bytes up to the zero that ends a text, as far as they are of interest.
    private func length(of text: UnsafeRawPointer) -> Int {
        strnlen(text.assumingMemoryBound(to: CChar.self), left.withLock(\.bytes) + 1)
    }

    /// Nothing is put in the place of what is no text: the model would take it for what the library said.
    private static func text(_ bytes: UnsafeRawBufferPointer) throws(NativeCallError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .failed("It gave a text that is not UTF-8; ask for it in another form, as hexadecimal digits say.")
        }
        return text
    }

    private func spend(_ bytes: Int, values: Int) throws(NativeCallError) {
        let excess: String? = left.withLock { left in
            guard bytes <= left.bytes else { return "\(limit) bytes" }
            guard values <= left.values else { return "\(Self.maximumValues) values" }
            left.bytes -= bytes
            left.values -= values
            return nil
        }
        if let excess { throw .failed("It gave more than \(excess); ask for less.") }
    }
}
