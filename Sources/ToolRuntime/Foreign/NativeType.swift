import ToolJSON

/// What crosses between JSON and C.
enum NativeType: Sendable, Hashable {
    /// No result.
    case void
    case scalar(NativeScalar)
    /// `const char *`: UTF-8 that ends with a zero byte.
    case text
    /// A pointer to bytes; base64 in JSON.
    case bytes
    /// A pointer to numbers.
    case array(NativeScalar)
    /// A pointer to texts, any of which may be NULL.
    case texts
    case enumeration(NativeEnumeration)
    case structure(NativeStructure)
    /// A pointer that the host keeps, of this kind.
    case handle(String)
    /// A pointer that is not looked at.
    case pointer
    /// A function that the library calls back: what it is called with becomes an element of the result each time.
    case collect(NativeCollector)

    /// Whether it is a pointer to a number of elements, which the C function has to be told.
    var isCounted: Bool {
        switch self {
        case .bytes, .array, .texts: true
        default: false
        }
    }
}

/// A C enumeration, whose values have names in JSON.
struct NativeEnumeration: Sendable, Hashable {
    struct Value: Sendable, Hashable {
        let name: String
        let value: Int64
    }

    let scalar: NativeScalar
    let values: [Value]

    var schema: JSONObject { ["type": "string", "enum": .array(values.map { .string($0.name) })] }

    func bits(of value: JSON) -> UInt64? {
        values.first { .string($0.name) == value }.map { UInt64(bitPattern: $0.value) }
    }

    /// The name of bits, or their number where they have none.
    func value(_ bits: UInt64) -> JSON {
        let number = scalar.integer(bits)
        return values.first { $0.value == number }.map { .string($0.name) } ?? scalar.value(bits)
    }

    var expectation: String { "one of " + values.map { "\"\($0.name)\"" }.joined(separator: ", ") }
}

/// A C structure, laid out as C does on this machine.
struct NativeStructure: Sendable, Hashable {
    struct Field: Sendable, Hashable {
        let name: String
        let type: FieldType
        /// Bytes from the start of the structure.
        let offset: Int
    }

    indirect enum FieldType: Sendable, Hashable {
        case scalar(NativeScalar)
        case enumeration(NativeEnumeration)
        case structure(NativeStructure)
        /// A text in the structure itself, in this many bytes with the zero that ends it.
        case characters(Int)

        var size: Int {
            switch self {
            case .scalar(let scalar): scalar.size
            case .enumeration(let enumeration): enumeration.scalar.size
            case .structure(let structure): structure.size
            case .characters(let count): count
            }
        }

        var alignment: Int {
            switch self {
            case .scalar(let scalar): scalar.size
            case .enumeration(let enumeration): enumeration.scalar.size
            case .structure(let structure): structure.alignment
            case .characters: 1
            }
        }
    }

    let name: String
    let fields: [Field]
    let size: Int
    let alignment: Int

    init(_ name: String, _ fields: [(name: String, type: FieldType)]) {
        var (end, alignment) = (0, 1)
        var placed: [Field] = []
        for field in fields {
            let offset = end.aligned(to: field.type.alignment)
            placed.append(Field(name: field.name, type: field.type, offset: offset))
            end = offset + field.type.size
            alignment = max(alignment, field.type.alignment)
        }
        (self.name, self.fields, self.alignment) = (name, placed, alignment)
        size = end.aligned(to: alignment)
    }

    var schema: JSONObject {
        var properties = JSONObject()
        for field in fields {
            properties[field.name] =
                switch field.type {
                case .scalar(let scalar): .object(scalar.schema)
                case .enumeration(let enumeration): .object(enumeration.schema)
                case .structure(let structure): .object(structure.schema)
                case .characters: ["type": "string"]
                }
        }
        return [
            "type": "object", "required": .array(fields.map { .string($0.name) }), "properties": .object(properties),
        ]
    }

    /// Writes a JSON object.
    func store(_ value: JSON, at address: UnsafeMutableRawPointer, named path: String) throws(NativeFailure) {
        guard let object = value.object else { throw .invalid(path, "an object", value) }
        if let extra = object.keys.first(where: { key in !fields.contains { $0.name == key } }) {
            throw .invalid("\(path).\(extra): \(name) has no such field")
        }
        for field in fields {
            let (path, place) = ("\(path).\(field.name)", address + field.offset)
            guard let value = object[field.name] else { throw .invalid("\(path): it is missing") }
            switch field.type {
            case .scalar(let scalar):
                guard let bits = scalar.bits(of: value) else { throw .invalid(path, scalar.expectation, value) }
                scalar.store(bits, at: place)
            case .enumeration(let enumeration):
                guard let bits = enumeration.bits(of: value) else {
                    throw .invalid(path, enumeration.expectation, value)
                }
                enumeration.scalar.store(bits, at: place)
            case .structure(let structure):
                try structure.store(value, at: place, named: path)
            case .characters(let count):
                guard let text = value.string, text.utf8.count < count, !text.utf8.contains(0) else {
                    throw .invalid(path, "a text of at most \(count - 1) bytes, without a zero character", value)
                }
                (place + 0).copyMemory(from: Array(text.utf8), byteCount: text.utf8.count)
            }
        }
    }

    /// Reads a JSON object.
    func load(_ address: UnsafeRawPointer) -> JSON {
        var object = JSONObject()
        for field in fields {
            let place = address + field.offset
            object[field.name] =
                switch field.type {
                case .scalar(let scalar): scalar.value(scalar.load(place))
                case .enumeration(let enumeration): enumeration.value(enumeration.scalar.load(place))
                case .structure(let structure): structure.load(place)
                case .characters(let count):
                    .string(
                        String(
                            decoding: UnsafeRawBufferPointer(start: place, count: count).prefix { $0 != 0 },
                            as: UTF8.self
                        )
                    )
                }
        }
        return .object(object)
    }
}

extension Int {
    func aligned(to alignment: Int) -> Int { (self + alignment - 1) / alignment * alignment }
}
