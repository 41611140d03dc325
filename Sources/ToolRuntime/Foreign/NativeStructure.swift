import Glibc
import ToolJSON

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
    func store(_ value: JSON, at address: UnsafeMutableRawPointer, named path: String) throws(NativeCallError) {
        guard let object = value.object else { throw .invalid(path, "an object", value) }
        if let extra = object.keys.first(where: { key in !fields.contains { $0.name == key } }) {
            let question = NearNames.question(extra, among: fields.map(\.name))
            throw .invalid("\(path).\(extra): \(name) has no such field.\(question)")
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
                place.copyMemory(from: Array(text.utf8), byteCount: text.utf8.count)
            }
        }
    }

    /// Reads a JSON object.
    func load(_ address: UnsafeRawPointer, _ reading: NativeReading) throws(NativeCallError) -> JSON {
        var object = JSONObject()
        for field in fields {
            let place = address + field.offset
            switch field.type {
            case .scalar(let scalar): object[field.name] = try reading.value(.scalar(scalar), at: place)
            case .enumeration(let enumeration):
                object[field.name] = try reading.value(.enumeration(enumeration), at: place)
            case .structure(let structure): object[field.name] = try structure.load(place, reading)
            case .characters(let count):
                // A text that fills its place has no zero after it.
                let length = strnlen(place.assumingMemoryBound(to: CChar.self), count)
                object[field.name] = try reading.elements(.text, of: place, count: length)
            }
        }
        return .object(object)
    }
}
