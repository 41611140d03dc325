import Glibc
import ToolJSON

extension ForeignCall {
    /// The maximum length of the library's message for a failure, in bytes.
    private static let maximumMessage = 64 << 10

    /// Returns the result of the call: one value, or an object with the outputs.
    ///
    /// - Throws: ``NativeCallError`` if the function failed, or its result is invalid or exceeds a limit.
    mutating func result() throws(NativeCallError) -> JSON {
        if isFailure {
            // A callback that requested a stop is the cause of the failure.
            let error = collections.values.lazy.compactMap(\.fault).first ?? .failed(failureMessage())
            releaseOutputs()
            throw error
        }
        hasFailed = false
        // All outputs are read, even after an error, because the host must free the memory that it owns.
        var outputs = JSONObject()
        var (value, fault): (JSON, NativeCallError?) = (.null, nil)
        for (index, parameter) in function.parameters.enumerated() {
            do throws(NativeCallError) {
                if case .output = parameter.passing {
                    let value = try output(parameter, index)
                    if function.result.message != .output(index) { outputs[parameter.name] = value }
                } else if let collection = collections[index] {
                    outputs[parameter.name] = try collection.elements()
                }
            } catch {
                fault = fault ?? error
            }
        }
        do throws(NativeCallError) {
            value = try returned()
        } catch {
            fault = fault ?? error
        }
        let opened = returnedHandles
        if let fault {
            // The model never learns their names.
            foreign.helpers.handles.discard(opened.map(\.object))
            throw fault
        }
        if !opened.isEmpty {
            for (handle, name) in zip(opened, try foreign.helpers.handles.store(opened.map(\.object))) {
                if let index = handle.parameter {
                    outputs[function.parameters[index].name] = .string(name)
                } else {
                    value = .string(name)
                }
            }
        }
        guard !outputs.isEmpty else { return value }
        if function.result.isVisible { outputs[function.result.name] = value }
        return .object(outputs)
    }

    /// The handles that the function returned, each with its parameter, or nil for the return value.
    private var returnedHandles: [(parameter: Int?, object: HandleTable.Object)] {
        var handles: [(Int?, HandleTable.Object)] = []
        for (index, parameter) in function.parameters.enumerated() {
            guard case .output(nil) = parameter.passing, case .handle(let kind) = parameter.type,
                let pointer = NativeReading.pointer(at: cell(index))
            else { continue }
            handles.append((index, HandleTable.Object(pointer, kind)))
        }
        if case .handle(let kind) = function.result.type,
            let pointer = NativeReading.pointer(at: frame + foreign.frame.result)
        {
            handles.append((nil, HandleTable.Object(pointer, kind)))
        }
        return handles
    }

    /// Returns the return value of the function.
    private func returned() throws(NativeCallError) -> JSON {
        let returned = function.result
        guard returned.isVisible else { return .null }
        let address = frame + foreign.frame.result
        guard returned.isPointer else { return try reading.value(returned.type, at: address) }
        guard let pointer = NativeReading.pointer(at: address) else {
            throw .failed("\(function.symbol) returned NULL.")
        }
        return try readAndRelease(returned.type, pointer, returned.owner, count: count(of: .result))
    }

    /// Returns the value that the function stored in an output.
    private func output(_ parameter: NativeFunction.Parameter, _ index: Int) throws(NativeCallError) -> JSON {
        let reported = count(of: .parameter(index))
        guard parameter.hasRoom else {
            switch parameter.type {
            case .text, .bytes, .array, .handle:
                guard let pointer = NativeReading.pointer(at: cell(index)) else { return .null }
                return try readAndRelease(parameter.type, pointer, parameter.owner, count: reported)
            default:
                return try reading.value(parameter.type, at: cell(index))
            }
        }
        guard let pointer = NativeReading.pointer(at: value(index)) else { return .null }
        let room = counts[index] ?? 0
        guard 0...room ~= reported ?? room else {
            throw .failed("\(parameter.name) needs room for \(reported ?? 0) elements, but its capacity is \(room).")
        }
        guard parameter.type == .text, reported == nil else {
            return try reading.elements(parameter.type, of: pointer, count: reported ?? room)
        }
        let length = strnlen(pointer.assumingMemoryBound(to: CChar.self), room)
        guard length < room else { throw .failed("\(parameter.name) needs room for more than \(room) bytes.") }
        return try reading.elements(.text, of: pointer, count: length)
    }

    /// Returns the number of elements that the function reported, or nil if nothing counts them.
    private func count(of counted: NativeFunction.Counted) -> Int? {
        if case .parameter(let index) = counted, function.result.counted == index,
            let scalar = foreign.resultInteger
        {
            return Int(scalar.integer(scalar.load(frame + foreign.frame.result)))
        }
        guard let counter = function.counter(of: counted),
            case .scalar(let scalar) = function.parameters[counter].type
        else { return nil }
        return Int(scalar.integer(scalar.load(cell(counter))))
    }

    /// Reads returned memory, and frees it if the host owns it; handles are stored separately.
    private func readAndRelease(
        _ type: NativeType,
        _ pointer: UnsafeMutableRawPointer,
        _ owner: NativeFunction.Owner?,
        count: Int?
    ) throws(NativeCallError) -> JSON {
        if type.isHandle { return .null }
        defer { release(pointer, owner) }
        return try reading.elements(type, of: pointer, count: count)
    }

    /// Frees memory of the library if the host owns it.
    private func release(_ pointer: UnsafeMutableRawPointer, _ owner: NativeFunction.Owner?) {
        if case .function(let name)? = owner { foreign.helpers.releases[name]?(pointer) }
    }

    // MARK: - Failure

    /// The return value of the function as an integer.
    private var code: Int64 {
        let address = frame + foreign.frame.result
        guard let scalar = foreign.resultInteger else { return Int64(address.loadUnaligned(as: Int.self)) }
        return scalar.integer(scalar.load(address))
    }

    /// True if the function reported a failure.
    private var isFailure: Bool {
        switch function.result.failure {
        case .negative: code < 0
        case .nonzero: code != 0
        case .null: code == 0
        case .unless(let codes): !codes.contains(code)
        // After an underflow, the C library sets ERANGE although the result, about 0, is correct.
        case .errno: error != 0 && !(error == ERANGE && isFinite)
        case nil: false
        }
    }

    /// True if the function returned a finite floating-point number.
    private var isFinite: Bool {
        let address = frame + foreign.frame.result
        return switch function.result.type {
        case .scalar(.f64): address.loadUnaligned(as: Double.self).isFinite
        case .scalar(.f32): address.loadUnaligned(as: Float.self).isFinite
        default: false
        }
    }

    /// Returns the reason of a failure, with the library's message if there is one.
    private func failureMessage() -> String {
        let subject = "\(function.symbol) failed"
        let number = function.result.isPointer ? "it returned NULL" : "it returned \(code)"
        guard let message = libraryMessage, !message.isEmpty else { return "\(subject): \(number)." }
        return "\(subject): \(message)" + (foreign.resultInteger == nil ? "" : " (\(code))") + "."
    }

    /// The library's message for the failure.
    private var libraryMessage: String? {
        switch function.result.message {
        case .errno:
            return error == 0 ? nil : errorText(error)
        case .output(let index):
            let hasRoom = function.parameters[index].hasRoom
            let room = hasRoom ? counts[index] ?? 0 : Self.maximumMessage
            let count = min(count(of: .parameter(index)) ?? room, room, Self.maximumMessage)
            return NativeReading.pointer(at: hasRoom ? value(index) : cell(index))
                .map { Self.message($0, limit: max(count, 0)) }
        case .function(_, let argument):
            guard let function = foreign.helpers.message else { return nil }
            let text: UnsafePointer<CChar>?
            switch argument {
            case .none:
                text = unsafeBitCast(function, to: (@convention(c) () -> UnsafePointer<CChar>?).self)()
            case .result:
                text = unsafeBitCast(function, to: (@convention(c) (Int64) -> UnsafePointer<CChar>?).self)(code)
            case .parameter(let index):
                let place = self.function.parameters[index].hasCell ? cell(index) : value(index)
                guard let pointer = NativeReading.pointer(at: place) else { return nil }
                typealias Function = @convention(c) (UnsafeMutableRawPointer) -> UnsafePointer<CChar>?
                text = unsafeBitCast(function, to: Function.self)(pointer)
            }
            return text.map { Self.message($0, limit: Self.maximumMessage) }
        }
    }

    /// Returns a message of the library, truncated to a number of bytes, with invalid UTF-8 replaced.
    private static func message(_ pointer: UnsafeRawPointer, limit: Int) -> String {
        let count = strnlen(pointer.assumingMemoryBound(to: CChar.self), limit)
        return String(decoding: UnsafeRawBufferPointer(start: pointer, count: count), as: UTF8.self)
    }

    /// Releases the handles and the memory that the function returned although it failed.
    private func releaseOutputs() {
        foreign.helpers.handles.discard(returnedHandles.map(\.object))
        for (index, parameter) in function.parameters.enumerated() where parameter.passing == .output(nil) {
            if parameter.type.hasElements, let pointer = NativeReading.pointer(at: cell(index)) {
                release(pointer, parameter.owner)
            }
        }
        if function.result.isPointer, !function.result.type.isHandle,
            let pointer = NativeReading.pointer(at: frame + foreign.frame.result)
        {
            release(pointer, function.result.owner)
        }
    }
}
