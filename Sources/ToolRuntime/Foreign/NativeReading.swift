import Glibc
import ToolJSON

/// Reads what a library gave, from memory of its own.
///
/// Sizes are bounded; that a pointer is good has to be believed.
enum NativeReading {
    /// Bytes read at most behind one pointer.
    static let maximumBytes = 64 << 20

    /// The pointer that stands at an address.
    static func pointer(at address: UnsafeRawPointer) -> UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(bitPattern: address.loadUnaligned(as: UInt.self))
    }

    /// A text that ends with a zero byte.
    static func text(_ pointer: UnsafeRawPointer, limit: Int = maximumBytes) -> JSON {
        let bytes = UnsafeRawBufferPointer(
            start: pointer,
            count: strnlen(pointer.assumingMemoryBound(to: CChar.self), limit)
        )
        return .string(String(decoding: bytes, as: UTF8.self))
    }

    /// What a value of a type says: the value itself where it has a fixed size, what it points to where it is a pointer.
    ///
    /// - Parameters:
    ///   - address: Of the value.
    ///   - count: Its elements, where the type has elements.
    static func value(_ type: NativeType, at address: UnsafeRawPointer, count: Int = 0) throws(NativeFailure) -> JSON {
        switch type {
        case .scalar(let scalar): return scalar.value(scalar.load(address))
        case .enumeration(let enumeration): return enumeration.value(enumeration.scalar.load(address))
        case .structure(let structure): return structure.load(address)
        case .void, .collect, .handle, .pointer: return .null
        case .text, .bytes, .array, .texts:
            guard let pointer = pointer(at: address) else { return .null }
            return try elements(type, of: pointer, count: count)
        }
    }

    /// What stands behind a pointer.
    static func elements(
        _ type: NativeType,
        of pointer: UnsafeRawPointer,
        count: Int
    ) throws(NativeFailure) -> JSON {
        func checked(_ size: Int) throws(NativeFailure) -> Int {
            guard count >= 0, count <= maximumBytes / size else {
                throw .failed("It gave \(count) elements, which is more than can be handed on.")
            }
            return count
        }
        switch type {
        case .text:
            return text(pointer)
        case .bytes:
            return .string(Base64.text(UnsafeRawBufferPointer(start: pointer, count: try checked(1))))
        case .array(let scalar):
            return .array(
                (0..<(try checked(scalar.size))).map { scalar.value(scalar.load(pointer + $0 * scalar.size)) }
            )
        case .texts:
            let size = MemoryLayout<UInt>.size
            return .array(
                (0..<(try checked(size))).map { index in
                    self.pointer(at: pointer + index * size).map { text($0) } ?? .null
                }
            )
        default:
            return .null
        }
    }
}
