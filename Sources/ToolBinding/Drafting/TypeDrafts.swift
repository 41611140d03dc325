import ToolJSON

/// The types of a draft, which its tools share: enumerations, structures and handles.
struct TypeDrafts {
    /// The types by name.
    ///
    /// A structure follows the types of its fields.
    private(set) var types: JSONObject = [:]
    private let declarations: Declarations
    private var names = TypeNames()

    init(_ declarations: Declarations) {
        self.declarations = declarations
    }

    /// The reason why a function or a type is not supported, as the end of a sentence.
    struct Unsupported: Error {
        let reason: String
    }

    /// Returns the name of a number, a truth value, an enumeration or a structure that is passed by value.
    mutating func word(for type: CType) throws(Unsupported) -> String {
        switch declarations.resolved(type) {
        case .scalar(let word): return word
        case .enumeration(let name): return try enumeration(name)
        case .structure(let name): return try structure(name)
        case .other(let spelling): throw Unsupported(reason: "uses \(spelling), which toolhost does not support")
        default: throw Unsupported(reason: "uses a type that toolhost cannot pass by value")
        }
    }

    // MARK: - Enumerations

    private mutating func enumeration(_ name: String) throws(Unsupported) -> String {
        if let word = names.known(name, as: Self.value) { return word }
        guard let enumerators = declarations.enumerations[name], let layout = declarations.layouts[name] else {
            throw Unsupported(reason: "uses \(name), whose values are not in the header")
        }
        var (members, values) = (JSONObject(), [Int64]())
        for enumerator in enumerators {
            guard let value = enumerator.value else {
                throw Unsupported(
                    reason: "uses \(name), which has a value that does not fit in a signed 64-bit integer"
                )
            }
            members[enumerator.name] = .int(value)
            values.append(value)
        }
        return try define(
            name,
            ["enum": .string(Self.integer(of: layout.size, for: values)), "values": .object(members)]
        )
    }

    /// Returns the integer type of a size that holds all values, preferably a signed one.
    private static func integer(of size: Int, for values: [Int64]) -> String {
        let highest = size < 8 ? Int64(1) << (size * 8 - 1) : .max
        return values.allSatisfy { $0 < highest || size == 8 } ? "i\(size * 8)" : "u\(size * 8)"
    }

    // MARK: - Structures

    private mutating func structure(_ name: String, depth: Int = 0) throws(Unsupported) -> String {
        if let word = names.known(name, as: Self.value) { return word }
        guard let structure = declarations.structures[name], structure.isPlain, !structure.fields.isEmpty, depth < 8
        else {
            throw Unsupported(reason: "uses \(name), whose layout toolhost does not support")
        }
        var (fields, questions): ([JSON], [JSON]) = ([], [])
        for field in structure.fields {
            var members: JSONObject = ["name": .string(field.name)]
            switch declarations.resolved(field.type) {
            case .array(let element, let count) where declarations.resolved(element) == .scalar("i8") && count > 0:
                (members["type"], members["size"]) = ("text", .int(count))
                questions.append(.string("Is \(field.name) (char[\(count)]) a text that ends with a zero byte?"))
            case .structure(let inner):
                let part = try self.structure(inner, depth: depth + 1)
                members["type"] = .string(part)
                questions += types[part]?["undecided"]?.array ?? []
            default: members["type"] = .string(try self.word(for: field.type))
            }
            fields.append(.object(members))
        }
        let layout = layout(of: fields)
        guard declarations.layouts[name] == layout else {
            throw Unsupported(
                reason: "uses \(name), whose layout differs from the layout of its fields alone"
            )
        }
        var type: JSONObject = ["struct": .array(fields), "size": .int(layout.size)]
        if !questions.isEmpty { type["undecided"] = .array(questions) }
        return try define(name, .object(type))
    }

    /// Returns the layout that the host uses: each field at the next offset that its alignment allows.
    private func layout(of fields: [JSON]) -> Declarations.Layout {
        var layout = Declarations.Layout(size: 0, alignment: 1)
        for field in fields {
            let (size, alignment) = sizes(of: field)
            let offset = layout.size.aligned(to: alignment)
            layout.offsets.append(offset)
            layout.size = offset + size
            layout.alignment = max(layout.alignment, alignment)
        }
        layout.size = layout.size.aligned(to: layout.alignment)
        return layout
    }

    private func sizes(of field: JSON) -> (size: Int, alignment: Int) {
        if let count = field["size"]?.int { return (count, 1) }
        let word = field["type"]?.string ?? ""
        if let fields = types[word]?["struct"]?.array {
            let layout = layout(of: fields)
            return (layout.size, layout.alignment)
        }
        let scalar = types[word]?["enum"]?.string ?? word
        let bits = Int(scalar.drop { !$0.isNumber }) ?? 8
        return (bits / 8, bits / 8)
    }

    // MARK: - Handles

    /// Returns the name of a handle: an object that only pointers refer to, and that the host stores between calls.
    mutating func handle(_ name: String, closers: [String]) throws(Unsupported) -> String {
        if let word = names.known(name, as: "handle") { return word }
        let word = try names.word(for: name, as: "handle")
        let candidates = closers.isEmpty ? "" : " By its name, it may be \(closers.joined(separator: " or "))."
        types[word] = [
            "handle": closers.count == 1 ? .string(closers[0]) : .null,
            "undecided": [
                .string(
                    "Which function closes a \(word)?\(candidates) Write its name as \"handle\", or null if no function does."
                )
            ],
        ]
        return word
    }

    // MARK: - Names

    private static let value = "value"

    /// Adds a type under a new name, if the host would accept it.
    private mutating func define(_ name: String, _ type: JSON) throws(Unsupported) -> String {
        let word = try names.word(for: name, as: Self.value)
        types[word] = type
        if let sentence = BindingFile.fault(types: types, tools: []) {
            types[word] = nil
            names.forget(name, as: Self.value)
            throw Unsupported(reason: "uses \(name), which cannot be offered: \(sentence)")
        }
        return word
    }
}

extension Int {
    fileprivate func aligned(to alignment: Int) -> Int { (self + alignment - 1) / alignment * alignment }
}
