import CFFI
import Locks
import ToolJSON

/// A callback that a library can call during one call, and the collected arguments of its invocations.
final class ForeignCollection: Sendable {
    private struct State {
        var elements: [JSON] = []
        var fault: NativeCallError?
    }

    private static let maximumElements = 100_000

    /// The address of the callback, for the library.
    nonisolated(unsafe) let code: UnsafeMutableRawPointer
    private nonisolated(unsafe) let closure: UnsafeMutableRawPointer
    private let collector: NativeCollector
    private let interface: ForeignInterface
    private let reading: NativeReading
    private let state = Lock(State())

    /// Creates the callback.
    ///
    /// - Throws: ``NativeCallError`` if the system has no memory for it, or libffi does not support its type.
    init(
        _ collector: NativeCollector,
        _ interface: ForeignInterface,
        _ reading: NativeReading
    ) throws(NativeCallError) {
        (self.collector, self.interface, self.reading) = (collector, interface, reading)
        var code: UnsafeMutableRawPointer?
        guard let closure = ffi_closure_alloc(MemoryLayout<ffi_closure>.size, &code), let code else {
            throw .failed("The system has no memory left for a callback.")
        }
        (self.closure, self.code) = (closure, code)
        let status = ffi_prep_closure_loc(
            closure.assumingMemoryBound(to: ffi_closure.self),
            interface.interface,
            { _, result, arguments, collection in
                guard let collection else { return }
                Unmanaged<ForeignCollection>.fromOpaque(collection).takeUnretainedValue().collect(arguments, result)
            },
            Unmanaged.passUnretained(self).toOpaque(),
            code
        )
        guard status == FFI_OK else { throw .failed("libffi cannot create a callback of this type.") }
    }

    deinit { ffi_closure_free(closure) }

    /// The error that ended the collection, or nil.
    var fault: NativeCallError? { state.withLock(\.fault) }

    /// Returns all collected elements as an array.
    func elements() throws(NativeCallError) -> JSON {
        let state = state.withLock(\.self)
        if let fault = state.fault { throw fault }
        return .array(state.elements)
    }

    /// Handles one invocation of the callback.
    private func collect(
        _ arguments: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        _ result: UnsafeMutableRawPointer?
    ) {
        let continues: Bool = state.withLock { state in
            guard state.fault == nil, let arguments else { return false }
            do throws(NativeCallError) {
                guard state.elements.count < Self.maximumElements else {
                    throw .failed("The function returned more than \(Self.maximumElements) elements. Ask for less.")
                }
                state.elements.append(try element(arguments))
                return true
            } catch {
                state.fault = error
                return false
            }
        }
        guard collector.result != nil else { return }
        // libffi expects small results in the width of a register.
        result?.storeBytes(of: continues ? collector.continueValue : collector.stopValue, as: Int64.self)
    }

    /// Returns the element for one invocation.
    private func element(_ arguments: UnsafeMutablePointer<UnsafeMutableRawPointer?>) throws(NativeCallError) -> JSON {
        switch collector.element {
        case .object(let keys, let values):
            let names = try value(keys, arguments).array ?? []
            let values = try value(values, arguments).array ?? []
            return .object(Self.object(names, values))
        case .parameters:
            var members = JSONObject()
            for (index, parameter) in collector.parameters.enumerated() where parameter.isVisible {
                members[parameter.name] = try value(index, arguments)
            }
            return members.count == 1 ? members[0].value : .object(members)
        }
    }

    /// Returns an object of all values; a repeated name gets a number, such as `id_2`.
    private static func object(_ names: [JSON], _ values: [JSON]) -> JSONObject {
        var object = JSONObject()
        var repeated: [String: Int] = [:]
        for (name, value) in zip(names, values) {
            let name = name.string ?? ""
            var key = name
            while object[key] != nil {
                repeated[name, default: 1] += 1
                key = "\(name)_\(repeated[name, default: 1])"
            }
            object[key] = value
        }
        return object
    }

    /// Reads one argument of an invocation.
    private func value(
        _ index: Int,
        _ arguments: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) throws(NativeCallError) -> JSON {
        guard let address = arguments[index] else { return .null }
        let parameter = collector.parameters[index]
        var count: Int?
        if let counter = parameter.counter, let address = arguments[counter],
            case .scalar(let scalar) = collector.parameters[counter].type
        {
            count = Int(scalar.integer(scalar.load(address)))
        }
        return try reading.value(parameter.type, at: address, count: count)
    }
}
