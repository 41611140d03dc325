import CFFI
import Synchronization
import ToolJSON

/// A function that a library may call back during one call, and what it was called with.
final class ForeignCollection: Sendable {
    private struct State {
        var elements: [JSON] = []
        var fault: NativeCallError?
    }

    private static let maximumElements = 100_000

    /// Its address, for the library.
    nonisolated(unsafe) let code: UnsafeMutableRawPointer
    private nonisolated(unsafe) let closure: UnsafeMutableRawPointer
    private let collector: NativeCollector
    private let interface: ForeignInterface
    private let reading: NativeReading
    private let state = Mutex(State())

    init(
        _ collector: NativeCollector,
        _ interface: ForeignInterface,
        _ reading: NativeReading
    ) throws(NativeCallError) {
        (self.collector, self.interface, self.reading) = (collector, interface, reading)
        var code: UnsafeMutableRawPointer?
        guard let closure = ffi_closure_alloc(MemoryLayout<ffi_closure>.size, &code), let code else {
            throw .failed("The system gives no memory for a function that can be called back.")
        }
        (self.closure, self.code) = (closure, code)
        let status = ffi_prep_closure_loc(
            closure.assumingMemoryBound(to: ffi_closure.self),
            interface.interface,
            { _, result, arguments, collection in
                guard let collection else { return }
                Unmanaged<ForeignCollection>.fromOpaque(collection).takeUnretainedValue().take(arguments, result)
            },
            Unmanaged.passUnretained(self).toOpaque(),
            code
        )
        guard status == FFI_OK else { throw .failed("libffi cannot make a function that is called back in this way.") }
    }

    deinit { ffi_closure_free(closure) }

    /// Why nothing more was taken.
    var fault: NativeCallError? { state.withLock(\.fault) }

    /// All that was collected.
    func elements() throws(NativeCallError) -> JSON {
        let state = state.withLock(\.self)
        if let fault = state.fault { throw fault }
        return .array(state.elements)
    }

    private func take(_ arguments: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ result: UnsafeMutableRawPointer?)
    {
        let goesOn: Bool = state.withLock { state in
            guard state.fault == nil, let arguments else { return false }
            do throws(NativeCallError) {
                guard state.elements.count < Self.maximumElements else {
                    throw .failed("It gave more than \(Self.maximumElements) elements; ask for less.")
                }
                state.elements.append(try element(arguments))
                return true
            } catch {
                state.fault = error
                return false
            }
        }
        guard collector.result != nil else { return }
        // libffi takes small results in a register's width.
        result?.storeBytes(of: goesOn ? collector.goOn : collector.stop, as: Int64.self)
    }

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

    /// An object of all values: a name that is there already gets a number, `id_2` say.
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

    private func value(
        _ index: Int,
        _ arguments: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) throws(NativeCallError) -> JSON {
        guard let address = arguments[index] else { return .null }
        let parameter = collector.parameters[index]
        var count: Int?
        if let counter = parameter.counter, let place = arguments[counter],
            case .scalar(let scalar) = collector.parameters[counter].type
        {
            count = Int(scalar.integer(scalar.load(place)))
        }
        return try reading.value(parameter.type, at: address, count: count)
    }
}
