import ToolJSON

/// A number or Boolean type of C, with its conversion from and to JSON.
///
/// The intermediate form is a pattern of 64 bits, whose lowest bits are the value.
enum NativeScalar: String, Sendable, Hashable, CaseIterable {
    case i8, i16, i32, i64, u8, u16, u32, u64
    case f32, f64
    case bool

    /// The size in bytes, which is also the alignment.
    var size: Int {
        switch self {
        case .i8, .u8, .bool: 1
        case .i16, .u16: 2
        case .i32, .u32, .f32: 4
        case .i64, .u64, .f64: 8
        }
    }

    /// The range of an integer type; nil for other types.
    var range: (lowest: Int64, highest: UInt64)? {
        switch self {
        case .i8: (Int64(Int8.min), UInt64(Int8.max))
        case .i16: (Int64(Int16.min), UInt64(Int16.max))
        case .i32: (Int64(Int32.min), UInt64(Int32.max))
        case .i64: (.min, UInt64(Int64.max))
        case .u8: (0, UInt64(UInt8.max))
        case .u16: (0, UInt64(UInt16.max))
        case .u32: (0, UInt64(UInt32.max))
        case .u64: (0, .max)
        case .f32, .f64, .bool: nil
        }
    }

    /// Returns the bits of a JSON value, or nil if it is not in the range of the type.
    func bits(of value: JSON) -> UInt64? {
        switch self {
        case .bool:
            guard case .bool(let isTrue) = value else { return nil }
            return isTrue ? 1 : 0
        case .f64:
            guard case .number(let number) = value, case let double = number.double, double.isFinite else { return nil }
            return double.bitPattern
        case .f32:
            guard case .number(let number) = value, case let float = Float(number.double), float.isFinite else {
                return nil
            }
            return UInt64(float.bitPattern)
        default:
            guard case .number(let number) = value, let range else { return nil }
            guard let integer = number.int64 else { return self == .u64 ? UInt64(number.literal) : nil }
            return integer >= range.lowest && (integer < 0 || UInt64(integer) <= range.highest)
                ? UInt64(bitPattern: integer) : nil
        }
    }

    /// Returns the JSON value of bits.
    func value(_ bits: UInt64) -> JSON {
        switch self {
        case .bool: .bool(UInt8(truncatingIfNeeded: bits) != 0)
        case .u64: bits <= UInt64(Int64.max) ? .int(Int64(bits)) : .int(bits)
        case .f32: Self.number(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .f64: Self.number(Double(bitPattern: bits))
        default: .int(integer(bits))
        }
    }

    /// Returns the integer of bits; 64 unsigned bits are read as signed.
    func integer(_ bits: UInt64) -> Int64 {
        switch self {
        case .i8: Int64(Int8(truncatingIfNeeded: bits))
        case .i16: Int64(Int16(truncatingIfNeeded: bits))
        case .i32: Int64(Int32(truncatingIfNeeded: bits))
        case .u8, .bool: Int64(UInt8(truncatingIfNeeded: bits))
        case .u16: Int64(UInt16(truncatingIfNeeded: bits))
        case .u32: Int64(UInt32(truncatingIfNeeded: bits))
        case .i64, .u64, .f32, .f64: Int64(bitPattern: bits)
        }
    }

    /// Writes bits in the size of the type.
    func store(_ bits: UInt64, at address: UnsafeMutableRawPointer) {
        switch size {
        case 1: address.storeBytes(of: UInt8(truncatingIfNeeded: bits), as: UInt8.self)
        case 2: address.storeBytes(of: UInt16(truncatingIfNeeded: bits), as: UInt16.self)
        case 4: address.storeBytes(of: UInt32(truncatingIfNeeded: bits), as: UInt32.self)
        default: address.storeBytes(of: bits, as: UInt64.self)
        }
    }

    /// Reads bits in the size of the type.
    func load(_ address: UnsafeRawPointer) -> UInt64 {
        switch size {
        case 1: UInt64(address.loadUnaligned(as: UInt8.self))
        case 2: UInt64(address.loadUnaligned(as: UInt16.self))
        case 4: UInt64(address.loadUnaligned(as: UInt32.self))
        default: address.loadUnaligned(as: UInt64.self)
        }
    }

    /// The schema of an argument of the type.
    var schema: JSONObject {
        switch self {
        case .bool: ["type": "boolean"]
        case .f32, .f64: ["type": "number"]
        // Models and their servers do not preserve 64-bit bounds exactly, so the call checks them.
        case .i64: ["type": "integer"]
        case .u64: ["type": "integer", "minimum": 0]
        default:
            ["type": "integer", "minimum": .int(range?.lowest ?? 0), "maximum": .int(Int64(range?.highest ?? 0))]
        }
    }

    /// A noun phrase for a valid argument.
    var expectation: String {
        switch self {
        case .bool: "true or false"
        case .f32: "a number that single precision can hold"
        case .f64: "a number"
        default: "an integer from \(range?.lowest ?? 0) to \(range?.highest ?? 0)"
        }
    }

    /// Returns the shortest decimal number that parses to the same value: 0.1, not the nearest double-precision number.
    private static func number(_ value: Float) -> JSON {
        number(Double(value.description) ?? Double(value))
    }

    /// Returns a number, or a string for NaN and infinity, which JSON numbers cannot express.
    private static func number(_ value: Double) -> JSON {
        guard value.isFinite else {
            return .string(value.isNaN ? "not a number" : value < 0 ? "-infinity" : "infinity")
        }
        if let integer = Int64(exactly: value) { return .int(integer) }
        return .double(value)
    }
}
