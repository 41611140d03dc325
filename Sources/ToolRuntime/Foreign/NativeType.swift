import ToolJSON

/// What crosses between JSON and C.
enum NativeType: Sendable, Hashable {
    /// No result.
    case void
    case scalar(NativeScalar)
    /// `const char *`: UTF-8 that ends with a zero byte.
    case text
    /// A pointer to bytes; base64 in JSON.
    case bytes
    /// A pointer to numbers.
    case array(NativeScalar)
    /// A pointer to texts, any of which may be NULL.
    case texts
    case enumeration(NativeEnumeration)
    case structure(NativeStructure)
    /// A pointer that the host keeps, of this kind.
    case handle(String)
    /// A pointer that is not looked at.
    case pointer
    /// A function that the library calls back: what it is called with becomes an element of the result each time.
    case collect(NativeCollector)

    /// Whether it is a pointer to a number of elements, which the C function has to be told.
    var isCounted: Bool {
        switch self {
        case .bytes, .array, .texts: true
        default: false
        }
    }

    /// Whether its elements may be counted: a text's need not be.
    var hasElements: Bool { isCounted || self == .text }

    /// Bytes of one element.
    var elementSize: Int {
        switch self {
        case .array(let scalar): scalar.size
        case .texts: MemoryLayout<UInt>.size
        default: 1
        }
    }
}

/// A C enumeration, whose values have names in JSON.
struct NativeEnumeration: Sendable, Hashable {
    struct Value: Sendable, Hashable {
        let name: String
        let value: Int64
    }

    let scalar: NativeScalar
    let values: [Value]

    var schema: JSONObject { ["type": "string", "enum": .array(values.map { .string($0.name) })] }

    func bits(of value: JSON) -> UInt64? {
        values.first { .string($0.name) == value }.map { UInt64(bitPattern: $0.value) }
    }

    /// The name of bits, or their number where they have none.
    func value(_ bits: UInt64) -> JSON {
        let number = scalar.integer(bits)
        return values.first { $0.value == number }.map { .string($0.name) } ?? scalar.value(bits)
    }

    var expectation: String { "one of " + values.map { "\"\($0.name)\"" }.joined(separator: ", ") }
}

extension Int {
    func aligned(to alignment: Int) -> Int { (self + alignment - 1) / alignment * alignment }
}
