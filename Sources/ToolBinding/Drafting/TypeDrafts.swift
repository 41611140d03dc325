import ToolJSON

/// The types that a draft's tools have in common: enumerations, structures and handles.
struct TypeDrafts {
    /// In the order in which they are needed: a structure's parts before it.
    private(set) var types: JSONObject = [:]
    private let declarations: Declarations

    init(_ declarations: Declarations) {
        self.declarations = declarations
    }

    /// Why a type has no counterpart, as the end of a sentence.
    struct Unknown: Error {
        let reason: String
    }

    /// The word for a number, a truth value, an enumeration or a structure that is passed as it is.
    mutating func word(for type: CType) throws(Unknown) -> String {
        switch declarations.resolved(type) {
        case .scalar(let word): return word
        case .enumeration(let name): return try enumeration(name)
        case .structure(let name): return try structure(name)
        case .other(let spelling): throw Unknown(reason: "has \(spelling), which toolhost does not pass")
        default: throw Unknown(reason: "has a type that toolhost does not pass by value")
        }
    }

    private mutating func enumeration(_ name: String) throws(Unknown) -> String {
        if types[name] != nil { return name }
        guard let values = declarations.enumerations[name], !values.isEmpty else {
            throw Unknown(reason: "has enum \(name), whose values the header does not tell")
        }
        let isSmall = values.allSatisfy { Int64(Int32.min)...Int64(Int32.max) ~= $0.value }
        guard isSmall || values.allSatisfy({ 0...Int64(UInt32.max) ~= $0.value }) else {
            throw Unknown(reason: "has enum \(name), whose values need more than 32 bits")
        }
        var members = JSONObject()
        for value in values { members[value.name] = .int(value.value) }
        types[name] = ["enum": isSmall ? "i32" : "u32", "values": .object(members)]
        return name
    }

    private mutating func structure(_ name: String, depth: Int = 0) throws(Unknown) -> String {
        if types[name]?["struct"] != nil { return name }
        guard let structure = declarations.structures[name], structure.isPlain, !structure.fields.isEmpty, depth < 8
        else {
            throw Unknown(reason: "has struct \(name), whose layout toolhost does not pass")
        }
        var fields: [JSON] = []
        for field in structure.fields {
            var members: JSONObject = ["name": .string(field.name)]
            switch declarations.resolved(field.type) {
            case .array(let element, let count) where declarations.resolved(element) == .scalar("i8") && count > 0:
                (members["type"], members["size"]) = ("text", .int(count))
            case .structure(let inner): members["type"] = .string(try self.structure(inner, depth: depth + 1))
            default: members["type"] = .string(try word(for: field.type))
            }
            fields.append(.object(members))
        }
        types[name] = ["struct": .array(fields)]
        types[name] = ["struct": .array(fields), "size": .int(layout(of: name).size)]
        return name
    }

    /// As the x86-64 ABI lays a structure out that is already drafted.
    private func layout(of name: String) -> (size: Int, alignment: Int) {
        var (size, alignment) = (0, 1)
        for field in types[name]?["struct"]?.array ?? [] {
            let word = field["type"]?.string ?? ""
            let part: (size: Int, alignment: Int) =
                if let count = field["size"]?.int { (count, 1) } else if types[word]?["struct"] != nil {
                    layout(of: word)
                } else {
                    Self.layout(of: types[word]?["enum"]?.string ?? word)
                }
            size = (size + part.alignment - 1) / part.alignment * part.alignment + part.size
            alignment = max(alignment, part.alignment)
        }
        return ((size + alignment - 1) / alignment * alignment, alignment)
    }

    private static func layout(of scalar: String) -> (size: Int, alignment: Int) {
        let bits = Int(scalar.drop { !$0.isNumber }) ?? 8
        return (bits / 8, bits / 8)
    }

    /// The word for what is only ever pointed at, and kept by the host in between.
    mutating func handle(_ name: String, closers: [String]) -> String {
        guard types[name] == nil else { return name }
        let candidates = closers.isEmpty ? "" : " By its name it may be \(closers.joined(separator: " or "))."
        types[name] = [
            "handle": closers.count == 1 ? .string(closers[0]) : .null,
            "undecided": [
                .string(
                    "Which function closes a \(name)?\(candidates) Name it as \"handle\", or null where nothing closes one."
                )
            ],
        ]
        return name
    }
}
