import CFFI

/// The description of a function's type for libffi.
final class ForeignInterface: Sendable {
    // Written before the object is shared, and only read afterwards.
    nonisolated(unsafe) let interface: UnsafeMutablePointer<ffi_cif>
    private nonisolated(unsafe) let types: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>
    // Keeps the types of structures alive.
    private let retained: [ForeignType]

    /// Prepares a type.
    ///
    /// - Parameter name: The function or parameter that an error names.
    /// - Throws: ``NativeSignatureError`` if libffi does not support the type.
    init(_ parameters: [ForeignType], result: ForeignType, name: String) throws(NativeSignatureError) {
        retained = parameters + [result]
        types = .allocate(capacity: max(parameters.count, 1))
        types.initialize(repeating: nil, count: max(parameters.count, 1))
        for (index, parameter) in parameters.enumerated() { types[index] = parameter.type }
        interface = .allocate(capacity: 1)
        interface.initialize(to: ffi_cif())
        guard ffi_prep_cif(interface, FFI_DEFAULT_ABI, UInt32(parameters.count), result.type, types) == FFI_OK else {
            throw NativeSignatureError("libffi does not support the type of \(name).")
        }
    }

    deinit {
        types.deallocate()
        interface.deallocate()
    }
}
