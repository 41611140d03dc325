import ToolJSON

/// The types that a binding names.
struct BindingTypes {
    private var types: [String: NativeType] = [:]
    private(set) var handles: [String: String?] = [:]
    private(set) var undecided: [Binding.Undecided] = []
    /// The reasons why types cannot be used, by name.
    ///
    /// Only the tools that use these types cannot be offered.
    private(set) var faults: [String: NativeSignatureError] = [:]

    /// Reads the types of a binding.
    init(_ value: JSON?) throws(NativeSignatureError) {
        guard let value else { return }
        let root = try BindingObject(value, "types")
        // In their order, because a structure can use the types before it.
        for name in root.members.keys {
            do throws(NativeSignatureError) {
                guard NativeType(name) == nil, name.isSymbol, name.utf8.count <= 64 else {
                    throw root.fault(
                        name,
                        "is not a valid name of a type: use letters, digits and underscores, but not the name of "
                            + "a built-in type"
                    )
                }
                let object = try root.object(name)
                types[name] = try type(name, object)
                let questions = try object.questions()
                if !questions.isEmpty { undecided.append(Binding.Undecided(name: name, questions: questions)) }
            } catch {
                (types[name], handles[name], faults[name]) = (nil, nil, error)
            }
        }
    }

    /// Reads the definition of a type.
    private mutating func type(_ name: String, _ object: BindingObject) throws(NativeSignatureError) -> NativeType {
        if object["enum"] != nil {
            try object.allow(["enum", "values", "undecided"])
            return .enumeration(try enumeration(object))
        }
        if object["struct"] != nil {
            try object.allow(["struct", "size", "undecided"])
            return .structure(try structure(name, object))
        }
        try object.allow(["handle", "undecided"])
        let close = try object.required("handle")
        handles[name] = close == .null ? .some(nil) : try object.symbol("handle")
        return .handle(name)
    }

    private func enumeration(_ object: BindingObject) throws(NativeSignatureError) -> NativeEnumeration {
        guard let scalar = NativeScalar(rawValue: try object.string("enum")), scalar.range != nil else {
            throw object.fault("enum", "must be the integer type of the enumeration, such as i32")
        }
        let values = try object.object("values")
        var read: [NativeEnumeration.Value] = []
        for (name, value) in values.members {
            guard let bits = scalar.bits(of: value) else {
                throw values.fault(name, "must be \(scalar.expectation)")
            }
            read.append(NativeEnumeration.Value(name: name, value: scalar.integer(bits)))
        }
        guard !read.isEmpty else { throw object.fault("values", "is empty") }
        return NativeEnumeration(scalar: scalar, values: read)
    }

    private func structure(_ name: String, _ object: BindingObject) throws(NativeSignatureError) -> NativeStructure {
        var fields: [(name: String, type: NativeStructure.FieldType)] = []
        for field in try object.objects("struct") {
            try field.allow(["name", "type", "size"])
            let fieldName = try field.symbol("name")
            guard !fields.contains(where: { $0.name == fieldName }) else {
                throw field.fault("name", "occurs twice")
            }
            let type: NativeStructure.FieldType
            switch try self.type(field, "type") {
            case .scalar(let scalar): type = .scalar(scalar)
            case .enumeration(let enumeration): type = .enumeration(enumeration)
            case .structure(let structure): type = .structure(structure)
            case .text:
                let size = try field.integer(field["size"], "size")
                guard 1...65_536 ~= size else { throw field.fault("size", "must be from 1 to 65536 bytes") }
                type = .characters(size)
            default:
                throw field.fault(
                    "type",
                    "must be a number, a Boolean, an enumeration, a structure or a text with a size"
                )
            }
            fields.append((fieldName, type))
        }
        guard 1...256 ~= fields.count else { throw object.fault("struct", "must have from 1 to 256 fields") }
        let structure = NativeStructure(name, fields)
        let size = try object.integer(object["size"], "size")
        guard structure.size == size, size <= 1 << 20 else {
            throw object.fault("size", "is \(size), but its fields take \(structure.size) bytes on this machine")
        }
        return structure
    }

    /// Returns the type that a key names.
    func type(_ object: BindingObject, _ key: String) throws(NativeSignatureError) -> NativeType {
        let name = try object.string(key)
        if let type = NativeType(name) ?? types[name] { return type }
        if let fault = faults[name] { throw fault }
        switch name {
        case "bytes": return .bytes
        case "pointer": return .pointer
        case "text[]": return .texts
        default:
            if name.hasSuffix("[]"), let scalar = NativeScalar(rawValue: String(name.dropLast(2))) {
                return .array(scalar)
            }
            let defined = types.keys.sorted()
            let known = NativeScalar.allCases.map(\.rawValue) + ["text", "bytes", "pointer", "void", "i32[]", "text[]"]
            throw object.fault(
                unknown: key,
                "is \"\(name.prefix(80))\"; known are \((known + defined).joined(separator: ", "))",
                name,
                among: known + defined
            )
        }
    }
}
