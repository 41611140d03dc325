import CFFI
import Glibc
import ToolJSON

/// One call of a C function: its arguments in memory, the call and its result.
struct ForeignCall: ~Copyable {
    /// A handle that the call uses, with the name that the model passed.
    private struct Loan {
        let name: String
        let kind: String
        let handle: HandleTable.Borrowed
        let closing: NativeFunction.Closing
    }

    let foreign: ForeignFunction
    let reading: NativeReading
    let frame: UnsafeMutableRawPointer
    /// The allocated memory, which is freed with the call.
    private var blocks: [UnsafeMutableRawPointer] = []
    /// The number of elements of each argument, and the capacity of each output, by parameter.
    private(set) var counts: [Int: Int] = [:]
    /// The size of all output buffers, in bytes.
    private var outputBytes = 0
    private var loans: [Loan] = []
    private(set) var collections: [Int: ForeignCollection] = [:]
    /// The value of `errno` after the call.
    private(set) var error: Int32 = 0
    private var hasRun = false
    /// True unless the function was called and reported no failure.
    var hasFailed = true

    /// Creates a call.
    ///
    /// - Parameter frame: Memory with the layout of the function's ``ForeignFrame``, filled with zeros.
    init(_ foreign: ForeignFunction, _ frame: UnsafeMutableRawPointer, _ reading: NativeReading) {
        (self.foreign, self.frame, self.reading) = (foreign, frame, reading)
    }

    deinit {
        for block in blocks { free(block) }
        for loan in loans {
            let isClosed =
                switch loan.closing {
                case .never: false
                case .onSuccess: !hasFailed
                case .always: hasRun
                }
            foreign.helpers.handles.endUse(of: loan.handle, isClosed: isClosed)
        }
    }

    var function: NativeFunction { foreign.function }

    /// The memory of the value that is passed for a parameter.
    func value(_ index: Int) -> UnsafeMutableRawPointer { frame + foreign.frame.values[index] }

    /// The memory that a parameter's pointer points to.
    func cell(_ index: Int) -> UnsafeMutableRawPointer { frame + foreign.frame.cells[index] }

    // MARK: - Arguments

    /// Stores the arguments in memory.
    ///
    /// - Throws: ``NativeCallError`` if an argument does not fit.
    mutating func prepare(_ arguments: JSONObject) throws(NativeCallError) {
        let parameters = foreign.function.parameters
        for index in parameters.indices {
            let parameter = parameters[index]
            switch parameter.passing {
            case .argument:
                if case .handle(let kind) = parameter.type {
                    try borrowHandle(arguments, kind, parameter, index)
                } else {
                    try store(arguments[parameter.name], of: parameter, index, at: value(index))
                }
            case .pointer:
                if parameter.isOptional, arguments[parameter.name] ?? .null == .null { continue }
                try store(arguments[parameter.name], of: parameter, index, at: cell(index))
                point(index, to: cell(index))
            case .constant(let constant):
                if constant != .null { try store(constant, of: parameter, index, at: value(index)) }
            case .output, .count: break
            }
        }
        // The capacities depend on arguments, which may come later.
        for index in parameters.indices {
            guard case .output(let capacity) = parameters[index].passing else { continue }
            if let capacity {
                try allocateOutput(capacity, parameters[index], index, arguments)
            } else {
                point(index, to: cell(index))
            }
        }
        for index in parameters.indices {
            guard case .count(let counted, let isPointer) = parameters[index].passing,
                case .scalar(let scalar) = parameters[index].type
            else { continue }
            try storeCount(counted, scalar, at: isPointer ? cell(index) : value(index))
            if isPointer { point(index, to: cell(index)) }
        }
    }

    /// Stores the number of elements of a parameter, unless the function itself reports it.
    private func storeCount(
        _ counted: NativeFunction.Counted,
        _ scalar: NativeScalar,
        at address: UnsafeMutableRawPointer
    ) throws(NativeCallError) {
        guard case .parameter(let index) = counted, let count = counts[index] else { return }
        guard let bits = scalar.bits(of: .int(count)) else {
            let name = foreign.function.parameters[index].name
            throw .invalid("\(name): \(count) elements are more than \(foreign.function.symbol) accepts")
        }
        scalar.store(bits, at: address)
    }

    /// Stores a pointer as the value of a parameter.
    private func point(_ index: Int, to pointer: UnsafeRawPointer) {
        value(index).storeBytes(of: UInt(bitPattern: pointer), as: UInt.self)
    }

    /// Allocates memory that is freed with the call, at least one byte, and passes it for a parameter.
    private mutating func allocate(_ bytes: Int, for index: Int) throws(NativeCallError) -> UnsafeMutableRawPointer {
        guard let pointer = calloc(max(bytes, 1), 1) else {
            throw .failed("The system has no memory left for \(bytes) bytes.")
        }
        blocks.append(pointer)
        point(index, to: pointer)
        return pointer
    }

    /// Borrows a handle, only once if several parameters use it.
    private mutating func borrowHandle(
        _ arguments: JSONObject,
        _ kind: String,
        _ parameter: NativeFunction.Parameter,
        _ index: Int
    ) throws(NativeCallError) {
        let argument = arguments[parameter.name]
        if parameter.isOptional, argument ?? .null == .null { return }
        guard let name = argument?.string else { throw .invalid(parameter.name, "a \(kind) handle", argument) }
        if let loan = loans.first(where: { $0.name == name && $0.kind == kind }) {
            return point(index, to: loan.handle.pointer)
        }
        let parameters = foreign.function.parameters.filter {
            $0.type == parameter.type && arguments[$0.name]?.string == name
        }
        let closing = parameters.map(\.closing).max { $0.rawValue < $1.rawValue } ?? .never
        let handle = try foreign.helpers.handles.borrow(
            name,
            kind,
            for: parameter.name,
            mayClose: closing != .never
        )
        loans.append(Loan(name: name, kind: kind, handle: handle, closing: closing))
        point(index, to: handle.pointer)
    }

    /// Writes an argument, or a pointer to it, at an address.
    private mutating func store(
        _ argument: JSON?,
        of parameter: NativeFunction.Parameter,
        _ index: Int,
        at address: UnsafeMutableRawPointer
    ) throws(NativeCallError) {
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
            let count = try ForeignText.string(argument, named: name).utf8.count
            let block = try allocate(count + 1, for: index)
            let memory = UnsafeMutableRawBufferPointer(start: block, count: count + 1)
            _ = try ForeignText.store(argument, named: name, in: memory)
            counts[index] = count
        case .bytes:
            guard let bytes = argument?.string.flatMap(Base64.bytes) else {
                throw .invalid(name, "bytes in base64", argument)
            }
            try checkLength(bytes.count, of: parameter, "bytes")
            try allocate(bytes.count, for: index).copyMemory(from: bytes, byteCount: bytes.count)
            counts[index] = bytes.count
        case .array(let scalar):
            guard let values = argument?.array else { throw .invalid(name, "an array", argument) }
            try checkLength(values.count, of: parameter, "elements")
            let block = try allocate(values.count * scalar.size, for: index)
            for (position, value) in values.enumerated() {
                guard let bits = scalar.bits(of: value) else {
                    throw .invalid("\(name)[\(position)]", scalar.expectation, value)
                }
                scalar.store(bits, at: block + position * scalar.size)
            }
            counts[index] = values.count
        case .collect(let collector):
            guard let interface = foreign.callbacks[index] else { return }
            let collection = try ForeignCollection(collector, interface, reading)
            collections[index] = collection
            point(index, to: collection.code)
        case .void, .texts, .pointer, .handle:
            break
        }
    }

    /// Checks the number of elements against the declaration.
    ///
    /// A function that receives no count reads as many elements as its declaration has.
    private func checkLength(
        _ count: Int,
        of parameter: NativeFunction.Parameter,
        _ unit: String
    ) throws(NativeCallError) {
        guard let length = parameter.length, length != count else { return }
        throw .invalid("\(parameter.name): expected \(length) \(unit), got \(count)")
    }

    /// Allocates the buffer of an output.
    private mutating func allocateOutput(
        _ capacity: NativeFunction.Capacity,
        _ parameter: NativeFunction.Parameter,
        _ index: Int,
        _ arguments: JSONObject
    ) throws(NativeCallError) {
        let elements: Double
        switch capacity {
        case .fixed(let count): elements = Double(count)
        case .relative(let other, let times, let plus):
            elements = (try self.elements(other, arguments) * times).rounded(.up) + Double(plus)
        }
        let size = parameter.type.elementSize
        guard elements <= Double((NativeReading.maximumBytes - outputBytes) / size) else {
            throw .invalid("\(parameter.name): too many elements are requested; request fewer")
        }
        _ = try allocate(Int(elements) * size, for: index)
        outputBytes += Int(elements) * size
        counts[index] = Int(elements)
    }

    /// Returns the number of elements of an argument, or the value of an integer argument.
    private func elements(_ index: Int, _ arguments: JSONObject) throws(NativeCallError) -> Double {
        let parameter = foreign.function.parameters[index]
        guard case .scalar = parameter.type else { return Double(counts[index] ?? 0) }
        guard let number = arguments[parameter.name]?.number, number >= JSONNumber(0) else {
            throw .invalid(parameter.name, "a number of elements", arguments[parameter.name])
        }
        return number.double
    }

    // MARK: - The call

    /// Calls the function.
    mutating func run() {
        let count = foreign.function.parameters.count
        let pointers = (frame + foreign.frame.pointers).bindMemory(to: UnsafeMutableRawPointer?.self, capacity: count)
        for index in 0..<count { pointers[index] = value(index) }
        hasRun = true
        error = toolhost_ffi_call(foreign.interface.interface, foreign.pointer, frame + foreign.frame.result, pointers)
    }
}
