import Glibc
import ToolJSON

extension ForeignCall {
    /// Bytes that are read of the words for a failure.
    private static let maximumWords = 64 << 10

    /// What the function gave.
    mutating func result() throws(NativeCallError) -> JSON {
        if isFailure {
            // Where it was told to stop, that is why.
            let fault = collections.values.lazy.compactMap(\.fault).first ?? .failed(failureSentence())
            letGo()
            throw fault
        }
        hasFailed = false
        // All outputs are taken, even after a fault: what is the host's to free must be freed.
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
        let opened = handles
        if let fault {
            // Nobody would ever learn their names.
            foreign.helpers.handles.discard(opened.map(\.given))
            throw fault
        }
        if !opened.isEmpty {
            for (handle, name) in zip(opened, try foreign.helpers.handles.keep(opened.map(\.given))) {
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

    /// The handles that the function gave, and by which parameter; `nil` for what it returned.
    private var handles: [(parameter: Int?, given: HandleTable.Given)] {
        var handles: [(Int?, HandleTable.Given)] = []
        for (index, parameter) in function.parameters.enumerated() {
            guard case .output(nil) = parameter.passing, case .handle(let kind) = parameter.type,
                let pointer = NativeReading.pointer(at: cell(index))
            else { continue }
            handles.append((index, HandleTable.Given(pointer, kind)))
        }
        if case .handle(let kind) = function.result.type,
            let pointer = NativeReading.pointer(at: frame + foreign.frame.result)
        {
            handles.append((nil, HandleTable.Given(pointer, kind)))
        }
        return handles
    }

    private func returned() throws(NativeCallError) -> JSON {
        let returned = function.result
        guard returned.isVisible else { return .null }
        let address = frame + foreign.frame.result
        guard returned.isPointer else { return try reading.value(returned.type, at: address) }
        guard let pointer = NativeReading.pointer(at: address) else {
            throw .failed("\(function.symbol) gave nothing (NULL).")
        }
        return try taken(returned.type, pointer, returned.owner, count: count(of: .result))
    }

    /// What the function wrote behind the pointer that it was given.
    private func output(_ parameter: NativeFunction.Parameter, _ index: Int) throws(NativeCallError) -> JSON {
        let given = count(of: .parameter(index))
        guard parameter.hasRoom else {
            switch parameter.type {
            case .text, .bytes, .array, .handle:
                guard let pointer = NativeReading.pointer(at: cell(index)) else { return .null }
                return try taken(parameter.type, pointer, parameter.owner, count: given)
            default:
                return try reading.value(parameter.type, at: cell(index))
            }
        }
        guard let pointer = NativeReading.pointer(at: value(index)) else { return .null }
        let room = counts[index] ?? 0
        guard 0...room ~= given ?? room else {
            throw .failed("\(parameter.name) needs room for \(given ?? 0) elements, and has it for \(room).")
        }
        guard parameter.type == .text, given == nil else {
            return try reading.elements(parameter.type, of: pointer, count: given ?? room)
        }
        let length = strnlen(pointer.assumingMemoryBound(to: CChar.self), room)
        guard length < room else { throw .failed("\(parameter.name) needs room for more than \(room) bytes.") }
        return try reading.elements(.text, of: pointer, count: length)
    }

    /// How many elements the function says it gave.
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

    /// Reads what the function gave, and frees it where that is the host's part; handles are kept apart.
    private func taken(
        _ type: NativeType,
        _ pointer: UnsafeMutableRawPointer,
        _ owner: NativeFunction.Owner?,
        count: Int?
    ) throws(NativeCallError) -> JSON {
        if type.isHandle { return .null }
        defer { release(pointer, owner) }
        return try reading.elements(type, of: pointer, count: count)
    }

    private func release(_ pointer: UnsafeMutableRawPointer, _ owner: NativeFunction.Owner?) {
        if case .function(let name)? = owner { foreign.helpers.releases[name]?(pointer) }
    }

    // MARK: - Failure

    /// What the function returned, as a number.
    private var code: Int64 {
        let address = frame + foreign.frame.result
        guard let scalar = foreign.resultInteger else { return Int64(address.loadUnaligned(as: Int.self)) }
        return scalar.integer(scalar.load(address))
    }

    /// Whether the function says that it failed.
    private var isFailure: Bool {
        switch function.result.failure {
        case .negative: code < 0
        case .nonzero: code != 0
        case .null: code == 0
        case .unless(let codes): !codes.contains(code)
        // A result that is too small for a number is 0 or nearly so: the C library says so, and it is right all the same.
        case .errno: error != 0 && !(error == ERANGE && isFinite)
        case nil: false
        }
    }

    /// Whether the function returned a floating-point number that is one.
    private var isFinite: Bool {
        let address = frame + foreign.frame.result
        return switch function.result.type {
        case .scalar(.f64): address.loadUnaligned(as: Double.self).isFinite
        case .scalar(.f32): address.loadUnaligned(as: Float.self).isFinite
        default: false
        }
    }

    /// What went wrong, in the library's words where there are any.
    private func failureSentence() -> String {
        let subject = "\(function.symbol) failed"
        let number = function.result.isPointer ? "it gave NULL" : "it gave \(code)"
        guard let words = failureWords, !words.isEmpty else { return "\(subject): \(number)." }
        return "\(subject): \(words)" + (foreign.resultInteger == nil ? "" : " (\(code))") + "."
    }

    private var failureWords: String? {
        switch function.result.message {
        case .errno:
            return error == 0 ? nil : errorText(error)
        case .output(let index):
            let hasRoom = function.parameters[index].hasRoom
            let room = hasRoom ? counts[index] ?? 0 : Self.maximumWords
            let count = min(count(of: .parameter(index)) ?? room, room, Self.maximumWords)
            return NativeReading.pointer(at: hasRoom ? value(index) : cell(index))
                .map { Self.words($0, limit: max(count, 0)) }
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
            return text.map { Self.words($0, limit: Self.maximumWords) }
        }
    }

    /// A text for a sentence: cut where it is too long, and mended where it is none.
    private static func words(_ pointer: UnsafeRawPointer, limit: Int) -> String {
        let count = strnlen(pointer.assumingMemoryBound(to: CChar.self), limit)
        return String(decoding: UnsafeRawBufferPointer(start: pointer, count: count), as: UTF8.self)
    }

    /// Lets go of what the function gave although it failed.
    private func letGo() {
        foreign.helpers.handles.discard(handles.map(\.given))
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
