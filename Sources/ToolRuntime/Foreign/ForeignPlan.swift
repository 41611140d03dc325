import CFFI
import Glibc
import ToolJSON

/// The plan of the calls of a function that has only numbers, Booleans and strings, returns none of the strings, and
/// cannot report a failure.
///
/// Most functions of a library are of this kind. A call of one needs only stack memory, or one allocation for long
/// strings.
struct ForeignPlan: Sendable {
    private struct Parameter {
        let name: String
        /// The type of a number or Boolean value, or nil for a string.
        let scalar: NativeScalar?
    }

    private let parameters: [Parameter]
    /// The type of the result, or nil for no result.
    private let result: NativeScalar?
    /// True if a parameter is a string.
    private let hasStrings: Bool

    private static let maximumParameters = 16

    /// The maximum size of all strings of a call.
    ///
    /// ``ForeignCall`` reports that the system has no memory for longer ones.
    private static let maximumStringBytes = 64 << 10

    /// Returns nil for any other function.
    init?(_ function: NativeFunction) {
        guard function.parameters.count <= Self.maximumParameters, function.result.failure == nil,
            function.result.counted == nil
        else { return nil }
        switch function.result.type {
        case .void: result = nil
        case .scalar(let scalar): result = scalar
        default: return nil
        }
        var parameters: [Parameter] = []
        for parameter in function.parameters {
            guard parameter.passing == .argument, !parameter.isOptional else { return nil }
            switch parameter.type {
            case .scalar(let scalar): parameters.append(Parameter(name: parameter.name, scalar: scalar))
            case .text: parameters.append(Parameter(name: parameter.name, scalar: nil))
            default: return nil
            }
        }
        self.parameters = parameters
        hasStrings = parameters.contains { $0.scalar == nil }
    }

    /// Calls the function.
    ///
    /// - Returns: The result, or nil if the strings are too long and the function was not called.
    func call(_ function: ForeignFunction, _ arguments: JSONObject) throws(NativeCallError) -> JSON? {
        guard hasStrings else {
            return try call(function, arguments, strings: UnsafeMutableRawBufferPointer(start: nil, count: 0))
        }
        let bytes = stringBytes(arguments)
        guard bytes <= Self.maximumStringBytes else { return nil }
        let result = withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 1) { strings in
            Result { () throws(NativeCallError) in try call(function, arguments, strings: strings) }
        }
        return try result.get()
    }

    /// Calls the function with memory for its strings.
    private func call(
        _ function: ForeignFunction,
        _ arguments: JSONObject,
        strings: UnsafeMutableRawBufferPointer
    ) throws(NativeCallError) -> JSON {
        typealias Slots = InlineArray<16, UInt64>
        typealias Pointers = InlineArray<16, UnsafeMutableRawPointer?>
        var values = Slots(repeating: 0)
        var used = 0
        for index in parameters.indices {
            let argument = arguments.value(of: parameters[index].name, near: index)
            if let scalar = parameters[index].scalar {
                guard let argument, let bits = scalar.bits(of: argument) else {
                    throw .invalid(parameters[index].name, scalar.expectation, argument)
                }
                // The machine is little-endian, so the address of the bits is also that of a smaller number.
                values[index] = bits
            } else {
                let memory = UnsafeMutableRawBufferPointer(rebasing: strings[used...])
                used += try ForeignText.store(argument, named: parameters[index].name, in: memory)
                values[index] = UInt64(UInt(bitPattern: memory.baseAddress))
            }
        }
        var returned: UInt64 = 0
        withUnsafeMutablePointer(to: &values) { frame in
            let base = UnsafeMutableRawPointer(frame)
            var pointers = Pointers(repeating: nil)
            for index in parameters.indices { pointers[index] = base + 8 * index }
            withUnsafeMutablePointer(to: &pointers) { pointers in
                pointers.withMemoryRebound(to: UnsafeMutableRawPointer?.self, capacity: Self.maximumParameters) {
                    _ = toolhost_ffi_call(function.interface.interface, function.pointer, &returned, $0)
                }
            }
        }
        guard let result else { return .null }
        return result.value(result.load(&returned))
    }

    /// Returns the size of all strings with their terminating zeros, in bytes.
    private func stringBytes(_ arguments: JSONObject) -> Int {
        var bytes = 0
        for index in parameters.indices where parameters[index].scalar == nil {
            if case .string(let text)? = arguments.value(of: parameters[index].name, near: index) {
                bytes += text.utf8.count + 1
            }
        }
        return bytes
    }
}
