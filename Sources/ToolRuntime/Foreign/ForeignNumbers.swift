import CFFI
import ToolJSON

/// The parameters and the result of a function that has only numbers and Booleans, and cannot report a failure.
///
/// Most functions of a library are of this kind, and a call of one needs only stack memory.
struct ForeignNumbers: Sendable {
    private struct Parameter {
        let name: String
        let scalar: NativeScalar
    }

    private let parameters: [Parameter]
    /// The type of the result, or nil for no result.
    private let result: NativeScalar?

    private static let maximumParameters = 16

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
            guard case .scalar(let scalar) = parameter.type, parameter.passing == .argument, !parameter.isOptional
            else {
                return nil
            }
            parameters.append(Parameter(name: parameter.name, scalar: scalar))
        }
        self.parameters = parameters
    }

    /// Calls the function.
    func call(
        _ function: ForeignFunction.Pointer,
        _ interface: ForeignInterface,
        _ arguments: JSONObject
    ) throws(NativeCallError) -> JSON {
        typealias Slots = InlineArray<16, UInt64>
        typealias Pointers = InlineArray<16, UnsafeMutableRawPointer?>
        var values = Slots(repeating: 0)
        for index in parameters.indices {
            let (name, scalar) = (parameters[index].name, parameters[index].scalar)
            let argument = arguments.value(of: name, near: index)
            guard let bits = argument.flatMap(scalar.bits) else { throw .invalid(name, scalar.expectation, argument) }
            // The machine is little-endian, so the address of the bits is also that of a smaller number.
            values[index] = bits
        }
        var returned: UInt64 = 0
        withUnsafeMutablePointer(to: &values) { frame in
            let base = UnsafeMutableRawPointer(frame)
            var pointers = Pointers(repeating: nil)
            for index in parameters.indices { pointers[index] = base + 8 * index }
            withUnsafeMutablePointer(to: &pointers) { pointers in
                pointers.withMemoryRebound(to: UnsafeMutableRawPointer?.self, capacity: Self.maximumParameters) {
                    _ = toolhost_ffi_call(interface.interface, function, &returned, $0)
                }
            }
        }
        guard let result else { return .null }
        return result.value(result.load(&returned))
    }
}
