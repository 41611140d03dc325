import ToolJSON

/// A type of a parameter or result, in C and in JSON.
enum NativeType: Sendable, Hashable {
    /// No result.
    case void
    case scalar(NativeScalar)
    /// `const char *`: UTF-8 with a terminating zero byte.
    case text
    /// A pointer to bytes, which are base64 in JSON.
    case bytes
    /// A pointer to numbers.
    case array(NativeScalar)
    /// A pointer to strings, any of which may be NULL.
    case texts
    case enumeration(NativeEnumeration)
    case structure(NativeStructure)
    /// A pointer of a kind, which the host stores between calls.
    case handle(String)
    /// A pointer that is neither read nor passed to the model.
    case pointer
    /// A callback; the arguments of each invocation become an element of the result.
    case collect(NativeCollector)

    /// True for a pointer to elements whose number must be known.
    var isCounted: Bool {
        switch self {
        case .bytes, .array, .texts: true
        default: false
        }
    }

    /// True for a type whose elements can be counted; the count of a text is optional.
    var hasElements: Bool { isCounted || self == .text }

    /// The size of one element in bytes.
    var elementSize: Int {
        switch self {
        case .array(let scalar): scalar.size
        case .texts: MemoryLayout<UInt>.size
        default: 1
        }
    }
}
