import CFFI
import CToolPlugin
import Glibc
package import ToolJSON

/// A C function, prepared once for its type and then called by any number of threads at once.
package final class ForeignFunction: Sendable {
    package typealias Pointer = @convention(c) () -> Void
    /// Frees what the library gave.
    typealias Release = @convention(c) (UnsafeMutableRawPointer?) -> Void

    /// The functions that a call may need besides the one that it is of.
    struct Helpers: Sendable {
        /// Keeps the library's handles.
        var handles = HandleTable([:])
        /// What frees, by name.
        var releases: [String: Release] = [:]
        /// What has the words for a failure.
        var message: Pointer?
    }

    let function: NativeFunction
    let helpers: Helpers
    let frame: ForeignFrame
    let pointer: Pointer
    let interface: ForeignInterface
    /// The types of the functions that are called back, by parameter.
    let callbacks: [Int: ForeignInterface]
    /// The type of its result, where that is an integer.
    let resultInteger: NativeScalar?
    /// What it takes, where that is nothing but numbers.
    private let numbers: ForeignNumbers?

    /// A function that needs no others beside it.
    ///
    /// - Parameter signature: As a plugin gives it: `pow(base: f64, exponent: f64) -> f64`.
    package convenience init(_ pointer: @escaping Pointer, signature: String) throws(NativeSignatureError) {
        try self.init(pointer, NativeFunction(signature: signature), Helpers(releases: ["free": free]))
    }

    init(_ pointer: @escaping Pointer, _ function: NativeFunction, _ helpers: Helpers) throws(NativeSignatureError) {
        self.function = function
        self.helpers = helpers
        self.pointer = pointer
        frame = ForeignFrame(function)
        interface = try ForeignInterface(
            function.parameters.map(\.ffi),
            result: function.result.type.ffi,
            name: function.symbol
        )
        var callbacks: [Int: ForeignInterface] = [:]
        for (index, parameter) in function.parameters.enumerated() {
            guard case .collect(let collector) = parameter.type else { continue }
            callbacks[index] = try ForeignInterface(
                collector.parameters.map(\.type.ffi),
                result: collector.result.map(\.ffi) ?? .void,
                name: parameter.name
            )
        }
        self.callbacks = callbacks
        resultInteger = function.result.integer
        numbers = ForeignNumbers(function)
    }

    /// Calls it.
    ///
    /// - Parameter limit: Bytes that it may give in all.
    /// - Returns: Its result: one value, an object where there are outputs, or `null` for none.
    /// - Throws: ``NativeCallError`` where an argument does not fit, before anything is called, or the function says that
    ///   it failed.
    package func call(_ arguments: JSONObject, limit: Int) throws(NativeCallError) -> JSON {
        if let numbers { return try numbers.call(pointer, interface, arguments) }
        let result = withUnsafeTemporaryAllocation(byteCount: frame.size, alignment: ForeignFrame.alignment) { memory in
            Result { () throws(NativeCallError) in
                _ = memory.initializeMemory(as: UInt8.self, repeating: 0)
                guard let base = memory.baseAddress else { throw .failed("There is no memory left.") }
                var call = ForeignCall(self, base, NativeReading(limit: limit))
                try call.prepare(arguments)
                call.run()
                return try call.result()
            }
        }
        return try result.get()
    }
}

/// Where the values of a call stand in one piece of memory.
struct ForeignFrame: Sendable {
    static let alignment = 16

    /// Each parameter's value, as libffi takes it.
    private(set) var values: [Int] = []
    /// What a parameter that is passed by pointer points to.
    private(set) var cells: [Int] = []
    private(set) var result = 0
    /// The pointers to the values.
    private(set) var pointers = 0
    private(set) var size = 0

    init(_ function: NativeFunction) {
        for parameter in function.parameters {
            values.append(place(parameter.passesStructure ? parameter.type.size : 8))
            cells.append(place(parameter.hasCell ? parameter.type.size : 0))
        }
        // libffi widens small results to a register.
        result = place(max(function.result.type.size, 8))
        pointers = place(8 * function.parameters.count)
    }

    private mutating func place(_ bytes: Int) -> Int {
        defer { size += bytes.aligned(to: Self.alignment) }
        return size
    }
}

/// What libffi has to know of a function's type.
final class ForeignInterface: Sendable {
    // Written before the object is shared, and read from then on.
    nonisolated(unsafe) let interface: UnsafeMutablePointer<ffi_cif>
    private nonisolated(unsafe) let types: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>
    // Owns the types of structures.
    private let all: [ForeignType]

    init(_ parameters: [ForeignType], result: ForeignType, name: String) throws(NativeSignatureError) {
        all = parameters + [result]
        types = .allocate(capacity: max(parameters.count, 1))
        types.initialize(repeating: nil, count: max(parameters.count, 1))
        for (index, parameter) in parameters.enumerated() { types[index] = parameter.type }
        interface = .allocate(capacity: 1)
        interface.initialize(to: ffi_cif())
        guard ffi_prep_cif(interface, FFI_DEFAULT_ABI, UInt32(parameters.count), result.type, types) == FFI_OK else {
            throw NativeSignatureError("libffi cannot call a function of the type that \(name) has.")
        }
    }

    deinit {
        types.deallocate()
        interface.deallocate()
    }
}

/// A type in libffi's terms.
final class ForeignType: Sendable {
    nonisolated(unsafe) let type: UnsafeMutablePointer<ffi_type>?
    // A structure's own: its elements, and the types that they are of.
    private nonisolated(unsafe) let elements: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>?
    private let fields: [ForeignType]

    init(_ type: UnsafeMutablePointer<ffi_type>?) {
        self.type = type
        elements = nil
        fields = []
    }

    static let void = ForeignType(toolhost_ffi_void())
    static let pointer = ForeignType(toolhost_ffi_pointer())

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
        // libffi finds out size and alignment.
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
    fileprivate var ffi: ForeignType {
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
    fileprivate var ffi: ForeignType {
        switch self {
        case .void: .void
        case .scalar(let scalar): scalar.ffi
        case .enumeration(let enumeration): enumeration.scalar.ffi
        case .structure(let structure): ForeignType(structure)
        case .text, .bytes, .array, .texts, .handle, .pointer, .collect: .pointer
        }
    }

    /// Bytes of a value of it.
    fileprivate var size: Int {
        switch self {
        case .void: 0
        case .scalar(let scalar): scalar.size
        case .enumeration(let enumeration): enumeration.scalar.size
        case .structure(let structure): structure.size
        case .text, .bytes, .array, .texts, .handle, .pointer, .collect: MemoryLayout<UInt>.size
        }
    }
}

extension NativeFunction.Parameter {
    fileprivate var ffi: ForeignType { hasCell ? .pointer : type.ffi }

    fileprivate var passesStructure: Bool {
        guard case .structure = type else { return false }
        return !hasCell
    }

    /// Whether a pointer to a value of it is passed.
    var hasCell: Bool {
        switch passing {
        case .pointer, .output, .count(_, isPointer: true): true
        case .argument, .constant, .count: false
        }
    }
}
