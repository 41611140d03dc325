import Glibc
import ToolJSON

/// A C structure with the layout of this machine.
struct NativeStructure: Sendable, Hashable {
    /// A field of the structure.
    struct Field: Sendable, Hashable {
        let name: String
        let type: FieldType
        /// The offset from the start of the structure, in bytes.
        let offset: Int
    }

    /// The type of a field.
    indirect enum FieldType: Sendable, Hashable {
        case scalar(NativeScalar)
        case enumeration(NativeEnumeration)
        case structure(NativeStructure)
        /// A string inside the structure, with its capacity in bytes including the terminating zero.
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

    /// Computes the layout of fields.
    init(_ name: String, _ fields: [(name: String, type: FieldType)]) {
        var (end, alignment) = (0, 1)
        var laidOut: [Field] = []
        for field in fields {
            let offset = end.aligned(to: field.type.alignment)
            laidOut.append(Field(name: field.name, type: field.type, offset: offset))
            end = offset + field.type.size
            alignment = max(alignment, field.type.alignment)
        }
        (self.name, self.fields, self.alignment) = (name, laidOut, alignment)
        size = end.aligned(to: alignment)
    }

    /// The schema of an argument of the type.
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

    /// Writes a JSON object to memory.
    ///
    /// - Throws: ``NativeCallError`` if a member is missing, unknown or does not fit.
    func store(_ value: JSON, at address: UnsafeMutableRawPointer, named path: String) throws(NativeCallError) {
        guard let object = value.object else { throw .invalid(path, "an object", value) }
        if let extra = object.keys.first(where: { key in !fields.contains { $0.name == key } }) {
            let question = NearNames.question(extra, among: fields.map(\.name))
            throw .invalid("\(path).\(extra): \(name) has no such field.\(question)")
        }
        for field in fields {
            let (path, address) = ("\(path).\(field.name)", address + field.offset)
            guard let value = object[field.name] else { throw .invalid("\(path): missing") }
            switch field.type {
            case .scalar(let scalar):
                guard let bits = scalar.bits(of: value) else { throw .invalid(path, scalar.expectation, value) }
                scalar.store(bits, at: address)
            case .enumeration(let enumeration):
                guard let bits = enumeration.bits(of: value) else {
                    throw .invalid(path, enumeration.expectation, value)
                }
                enumeration.scalar.store(bits, at: address)
            case .structure(let structure):
                try structure.store(value, at: address, named: path)
            case .characters(let count):
                guard let text = value.string, text.utf8.count < count, !text.utf8.contains(0) else {
                    throw .invalid(path, "a string of at most \(count - 1) bytes without null characters", value)
                }
                address.copyMemory(from: Array(text.utf8), byteCount: text.utf8.count)
            }
        }
    }

    /// Reads a JSON object from memory.
    func load(_ address: UnsafeRawPointer, _ reading: NativeReading) throws(NativeCallError) -> JSON {
        var object = JSONObject()
        for field in fields {
            let address = address + field.offset
            switch field.type {
            case .scalar(let scalar): object[field.name] = try reading.value(.scalar(scalar), at: address)
            case .enumeration(let enumeration):
                object[field.name] = try reading.value(.enumeration(enumeration), at: address)
            case .structure(let structure): object[field.name] = try structure.load(address, reading)
            case .characters(let count):
                // A string that fills the field has no terminating zero.
                let length = strnlen(address.assumingMemoryBound(to: CChar.self), count)
                object[field.name] = try reading.elements(.text, of: address, count: length)
            }
        }
        return .object(object)
    }
}

extension Int {
    /// Returns the next multiple of an alignment.
    func aligned(to alignment: Int) -> Int { (self + alignment - 1) / alignment * alignment }
}
