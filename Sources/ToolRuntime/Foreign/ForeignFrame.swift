/// The layout of the values of a call in one block of memory.
struct ForeignFrame: Sendable {
    static let alignment = 16

    /// The offset of each parameter's value, as libffi receives it.
    private(set) var values: [Int] = []
    /// The offset of the memory to which a parameter's pointer points.
    private(set) var cells: [Int] = []
    /// The offset of the result.
    private(set) var result = 0
    /// The offset of the pointers to the values.
    private(set) var pointers = 0
    /// The size of the block in bytes.
    private(set) var size = 0

    /// Computes the layout for a function.
    init(_ function: NativeFunction) {
        for parameter in function.parameters {
            values.append(reserve(parameter.passesStructure ? parameter.type.size : 8))
            cells.append(reserve(parameter.hasCell ? parameter.type.size : 0))
        }
        // libffi widens small results to a register.
        result = reserve(max(function.result.type.size, 8))
        pointers = reserve(8 * function.parameters.count)
    }

    /// Reserves bytes, and returns their offset.
    private mutating func reserve(_ bytes: Int) -> Int {
        defer { size += bytes.aligned(to: Self.alignment) }
        return size
    }
}

extension NativeFunction.Parameter {
    fileprivate var passesStructure: Bool {
        guard case .structure = type else { return false }
        return !hasCell
    }
}

extension NativeType {
    /// The size of a value in bytes.
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
