import CFFI
import Glibc
import ToolJSON

/// One call of a C function: its arguments in memory, and what it makes of them.
struct ForeignCall: ~Copyable {
    private let foreign: ForeignFunction
    private let frame: UnsafeMutableRawPointer
    /// Memory of the call's own, by parameter.
    private var blocks: [(parameter: Int, pointer: UnsafeMutableRawPointer)] = []
    /// Elements of the arguments, and room in the outputs.
    private var counts: [Int: Int] = [:]
    private var borrowed: [(parameter: Int, handle: HandleTable.Borrowed)] = []
    private var collections: [Int: ForeignCollection] = [:]
    private var error: Int32 = 0
    private var hasFailed = true

    /// - Parameter frame: Memory as the function's ``ForeignFrame`` lays it out, filled with zeros.
    init(_ foreign: ForeignFunction, _ frame: UnsafeMutableRawPointer) {
        (self.foreign, self.frame) = (foreign, frame)
    }

    deinit {
        for block in blocks { Glibc.free(block.pointer) }
        for (parameter, handle) in borrowed {
            let isClosed = !hasFailed && foreign.function.parameters[parameter].isClosing
            foreign.helpers.handles.giveBack(handle, isClosed: isClosed)
        }
    }

    private var function: NativeFunction { foreign.function }

    private func value(_ index: Int) -> UnsafeMutableRawPointer { frame + foreign.frame.values[index] }

    private func cell(_ index: Int) -> UnsafeMutableRawPointer { frame + foreign.frame.cells[index] }

    // MARK: - Before

    /// Puts the arguments where the function finds them.
    mutating func prepare(_ arguments: JSONObject) throws(NativeFailure) {
        let parameters = foreign.function.parameters
        for index in parameters.indices {
            let parameter = parameters[index]
            switch parameter.passing {
            case .argument:
                try store(arguments[parameter.name], of: parameter, index, at: value(index))
            case .pointer:
                if arguments[parameter.name] == nil, parameter.isOptional { continue }
                try store(arguments[parameter.name], of: parameter, index, at: cell(index))
                point(index, to: cell(index))
            case .constant(let constant):
                if constant != .null { try store(constant, of: parameter, index, at: value(index)) }
            case .output, .count: break
            }
        }
        // Their sizes depend on the arguments, which may come after them.
        for index in parameters.indices {
            guard case .output(let capacity) = parameters[index].passing else { continue }
            if let capacity { try makeRoom(capacity, parameters[index], index) } else { point(index, to: cell(index)) }
        }
        for index in parameters.indices {
            guard case .count(let counted, let isPointer) = parameters[index].passing,
                case .scalar(let scalar) = parameters[index].type
            else { continue }
            let count = counts[counted] ?? 0
            guard let bits = scalar.bits(of: .int(count)) else {
                throw .invalid("\(parameters[counted].name): \(count) elements are more than \(function.symbol) takes")
            }
            scalar.store(bits, at: isPointer ? cell(index) : value(index))
            if isPointer { point(index, to: cell(index)) }
        }
    }

    private func point(_ index: Int, to pointer: UnsafeRawPointer) {
        value(index).storeBytes(of: UInt(bitPattern: pointer), as: UInt.self)
    }

    /// Memory that lives as long as the call, never without a byte.
    private mutating func block(_ bytes: Int, for index: Int) throws(NativeFailure) -> UnsafeMutableRawPointer {
        guard let pointer = calloc(max(bytes, 1), 1) else {
            throw .failed("There is no memory left for \(bytes) bytes.")
        }
        blocks.append((index, pointer))
        point(index, to: pointer)
        return pointer
    }

    /// Writes an argument, or a pointer to it, at an address.
    private mutating func store(
        _ argument: JSON?,
        of parameter: NativeFunction.Parameter,
        _ index: Int,
        at address: UnsafeMutableRawPointer
    ) throws(NativeFailure) {
        if parameter.isOptional, argument ?? .null == .null { return }
        let name = parameter.name
        switch parameter.type {
        case .scalar(let scalar):
            guard let bits = argument.flatMap(scalar.bits) else {
                throw .invalid(name, scalar.expectation, argument)
            }
            scalar.store(bits, at: address)
        case .enumeration(let enumeration):
            guard let bits = argument.flatMap(enumeration.bits) else {
                throw .invalid(name, enumeration.expectation, argument)
            }
            enumeration.scalar.store(bits, at: address)
        case .structure(let structure):
            guard let argument else { throw .invalid(name, "an object", nil) }
            try structure.store(argument, at: address, named: name)
        case .text:
            guard var text = argument?.string else { throw .invalid(name, "a text", argument) }
            guard !text.utf8.contains(0) else {
                throw .invalid("\(name): a text with a zero character cannot be handed to C")
            }
            let block = try block(text.utf8.count + 1, for: index)
            text.withUTF8 { bytes in
                if let start = bytes.baseAddress { block.copyMemory(from: start, byteCount: bytes.count) }
            }
            counts[index] = text.utf8.count
        case .bytes:
            guard let bytes = argument?.string.flatMap(Base64.bytes) else {
                throw .invalid(name, "bytes in base64", argument)
            }
            try block(bytes.count, for: index).copyMemory(from: bytes, byteCount: bytes.count)
            counts[index] = bytes.count
        case .array(let scalar):
            guard let values = argument?.array else { throw .invalid(name, "an array", argument) }
            let block = try block(values.count * scalar.size, for: index)
            for (place, value) in values.enumerated() {
                guard let bits = scalar.bits(of: value) else {
                    throw .invalid("\(name)[\(place)]", scalar.expectation, value)
                }
                scalar.store(bits, at: block + place * scalar.size)
            }
            counts[index] = values.count
        case .handle(let kind):
            guard let text = argument?.string else { throw .invalid(name, "a \(kind) handle", argument) }
            let handle = try foreign.helpers.handles.borrow(text, kind, for: name)
            borrowed.append((index, handle))
            point(index, to: handle.pointer)
        case .collect(let collector):
            guard let interface = foreign.callbacks[index] else { return }
            let collection = try ForeignCollection(collector, interface)
            collections[index] = collection
            point(index, to: collection.code)
        case .void, .texts, .pointer:
            break
        }
    }

    private mutating func makeRoom(
        _ capacity: NativeFunction.Capacity,
        _ parameter: NativeFunction.Parameter,
        _ index: Int
    ) throws(NativeFailure) {
        let elements: Int
        switch capacity {
        case .fixed(let count): elements = count
        case .relative(let other, let times, let plus): elements = Int(Double(counts[other] ?? 0) * times) + plus
        }
        let size = if case .array(let scalar) = parameter.type { scalar.size } else { 1 }
        guard elements <= NativeReading.maximumBytes / size else {
            throw .failed("\(parameter.name): there is no room for \(elements) elements.")
        }
        _ = try block(elements * size, for: index)
        counts[index] = elements
    }

    // MARK: - The call

    mutating func run() {
        let count = foreign.function.parameters.count
        let pointers = (frame + foreign.frame.pointers).bindMemory(to: UnsafeMutableRawPointer?.self, capacity: count)
        for index in 0..<count { pointers[index] = value(index) }
        error = toolhost_ffi_call(foreign.interface.interface, foreign.pointer, frame + foreign.frame.result, pointers)
    }

    // MARK: - After

    /// What the function gave.
    mutating func result() throws(NativeFailure) -> JSON {
        if isFailure {
            // Where it was told to stop, that is why.
            let fault = collections.values.lazy.compactMap(\.fault).first ?? .failed(failureSentence())
            release()
            throw fault
        }
        hasFailed = false
        // All outputs are taken, even after a fault: what is the host's to free must be freed.
        var outputs = JSONObject()
        var fault: NativeFailure?
        for (index, parameter) in function.parameters.enumerated() {
            do throws(NativeFailure) {
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
        let value = try returned()
        if let fault { throw fault }
        guard !outputs.isEmpty else { return value }
        if function.result.isVisible { outputs[function.result.name] = value }
        return .object(outputs)
    }

    private func returned() throws(NativeFailure) -> JSON {
        let returned = function.result
        guard returned.isVisible else { return .null }
        let address = frame + foreign.frame.result
        guard returned.isPointer else { return try NativeReading.value(returned.type, at: address) }
        guard let pointer = NativeReading.pointer(at: address) else {
            throw .failed("\(function.symbol) gave nothing (NULL).")
        }
        return try taken(returned.type, pointer, returned.owner)
    }

    /// What the function wrote behind the pointer that it was given.
    private func output(_ parameter: NativeFunction.Parameter, _ index: Int) throws(NativeFailure) -> JSON {
        guard parameter.hasRoom else {
            switch parameter.type {
            case .text, .bytes, .handle:
                guard let pointer = NativeReading.pointer(at: cell(index)) else { return .null }
                return try taken(parameter.type, pointer, parameter.owner, count: count(of: index) ?? 0)
            default:
                return try NativeReading.value(parameter.type, at: cell(index))
            }
        }
        guard let pointer = NativeReading.pointer(at: value(index)) else { return .null }
        let room = counts[index] ?? 0
        let given = count(of: index)
        let count = given ?? room
        guard 0...room ~= count else {
            throw .failed("\(parameter.name) needs room for \(count) elements, and has it for \(room).")
        }
        guard parameter.type == .text else {
            return try NativeReading.elements(parameter.type, of: pointer, count: count)
        }
        if given != nil {
            return .string(String(decoding: UnsafeRawBufferPointer(start: pointer, count: count), as: UTF8.self))
        }
        guard strnlen(pointer.assumingMemoryBound(to: CChar.self), room) < room else {
            throw .failed("\(parameter.name) needs room for more than \(room) bytes.")
        }
        return NativeReading.text(pointer, limit: room)
    }

    /// How many elements the function says it gave.
    private func count(of index: Int) -> Int? {
        if function.result.counted == index, let scalar = foreign.resultInteger {
            return Int(scalar.integer(scalar.load(frame + foreign.frame.result)))
        }
        for (counter, parameter) in function.parameters.enumerated() {
            if case .count(index, isPointer: true) = parameter.passing, case .scalar(let scalar) = parameter.type {
                return Int(scalar.integer(scalar.load(cell(counter))))
            }
        }
        return nil
    }

    /// Keeps a handle that the function gave; reads anything else, and frees it where that is the host's part.
    private func taken(
        _ type: NativeType,
        _ pointer: UnsafeMutableRawPointer,
        _ owner: NativeFunction.Owner,
        count: Int = 0
    ) throws(NativeFailure) -> JSON {
        if case .handle(let kind) = type { return .string(try foreign.helpers.handles.keep(pointer, kind)) }
        defer { free(pointer, owner) }
        return try NativeReading.elements(type, of: pointer, count: count)
    }

    private func free(_ pointer: UnsafeMutableRawPointer, _ owner: NativeFunction.Owner) {
        if case .function(let name) = owner { foreign.helpers.releases[name]?(pointer) }
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
        case .errno: error != 0
        case nil: false
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
            return NativeReading.pointer(at: function.parameters[index].hasRoom ? value(index) : cell(index))
                .flatMap { NativeReading.text($0, limit: counts[index] ?? 64 << 10).string }
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
            return text.flatMap { NativeReading.text($0, limit: 64 << 10).string }
        }
    }

    /// Lets go of what the function gave although it failed.
    private func release() {
        func letGo(_ type: NativeType, _ address: UnsafeRawPointer, _ owner: NativeFunction.Owner) {
            guard let pointer = NativeReading.pointer(at: address) else { return }
            if case .handle(let kind) = type {
                foreign.helpers.handles.close(pointer, kind)
            } else if type == .text || type == .bytes {
                free(pointer, owner)
            }
        }
        for (index, parameter) in function.parameters.enumerated() where !parameter.hasRoom {
            if case .output = parameter.passing { letGo(parameter.type, cell(index), parameter.owner) }
        }
        if function.result.isPointer {
            letGo(function.result.type, frame + foreign.frame.result, function.result.owner)
        }
    }
}

extension NativeFunction.Parameter {
    /// Whether it is memory of the host's that the function fills.
    fileprivate var hasRoom: Bool { if case .output(.some) = passing { true } else { false } }
}
