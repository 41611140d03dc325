import CFFI

/// A type of libffi.
final class ForeignType: Sendable {
    nonisolated(unsafe) let type: UnsafeMutablePointer<ffi_type>?
    // Only for a structure: its elements and their types.
    private nonisolated(unsafe) let elements: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>?
    private let fields: [ForeignType]

    /// Wraps a type that libffi owns.
    init(_ type: UnsafeMutablePointer<ffi_type>?) {
        self.type = type
        elements = nil
        fields = []
    }

    static let void = ForeignType(toolhost_ffi_void())
    static let pointer = ForeignType(toolhost_ffi_pointer())

    /// Creates the type of a structure.
    init(_ structure: NativeStructure) {
        fields = structure.fields.flatMap { field in
            switch field.type {
            case .scalar(let scalar): [scalar.ffi]
            case .enumeration(let enumeration): [enumeration.scalar.ffi]
            case .structure(let structure): [ForeignType(structure)]
            case .characters(let count): Array(repeating: NativeScalar.i8.ffi, count: count)
            }
        }
        let elements = UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>.allocate(capacity: fields.count + 1)
        for (index, field) in fields.enumerated() { (elements + index).initialize(to: field.type) }
        (elements + fields.count).initialize(to: nil)
        self.elements = elements
        let type = UnsafeMutablePointer<ffi_type>.allocate(capacity: 1)
        // libffi computes the size and the alignment.
        type.initialize(to: ffi_type(size: 0, alignment: 0, type: UInt16(FFI_TYPE_STRUCT), elements: elements))
        self.type = type
    }

    deinit {
        guard let elements else { return }
        elements.deallocate()
        type?.deallocate()
    }
}

extension NativeScalar {
    /// The type of libffi.
    var ffi: ForeignType {
        let type =
            switch self {
            case .i8: toolhost_ffi_sint8()
            case .i16: toolhost_ffi_sint16()
            case .i32: toolhost_ffi_sint32()
            case .i64: toolhost_ffi_sint64()
            case .u8, .bool: toolhost_ffi_uint8()
            case .u16: toolhost_ffi_uint16()
            case .u32: toolhost_ffi_uint32()
            case .u64: toolhost_ffi_uint64()
            case .f32: toolhost_ffi_float()
            case .f64: toolhost_ffi_double()
            }
        return ForeignType(type)
    }
}

extension NativeType {
    /// The type of libffi.
    var ffi: ForeignType {
        switch self {
        case .void: .void
        case .scalar(let scalar): scalar.ffi
        case .enumeration(let enumeration): enumeration.scalar.ffi
        case .structure(let structure): ForeignType(structure)
        case .text, .bytes, .array, .texts, .handle, .pointer, .collect: .pointer
        }
    }
}

extension NativeFunction.Parameter {
    /// The type of libffi for the passed value.
    var ffi: ForeignType { hasCell ? .pointer : type.ffi }
}
