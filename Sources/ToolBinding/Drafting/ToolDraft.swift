import ToolJSON

/// A draft of the tool for a function, with questions about what its declaration does not express.
struct ToolDraft {
    /// The tool, as in a binding file.
    private(set) var members: JSONObject
    /// The questions that the user must answer before the tool is offered.
    private(set) var questions: [String] = []

    let function: Declarations.Function
    let declarations: Declarations
    let closers: Closers
    private var hasOutput = false

    /// Drafts the tool for a function.
    ///
    /// - Parameters:
    ///   - page: The manual page of the function, or nil.
    ///   - types: The types of the draft. The ones that the function needs are added.
    ///   - closers: The functions that may close a handle, by its type.
    /// - Throws: The reason why the function cannot be a tool.
    init(
        _ function: Declarations.Function,
        _ declarations: Declarations,
        page: ManualPage?,
        types: inout TypeDrafts,
        closers: Closers
    ) throws(TypeDrafts.Unsupported) {
        (self.function, self.declarations, self.closers) = (function, declarations, closers)
        let name = function.name
        if let obstacle = function.obstacle { throw TypeDrafts.Unsupported(reason: obstacle) }
        guard name.isIdentifier, function.symbol.isIdentifier else {
            throw TypeDrafts.Unsupported(
                reason: "has a name with characters other than ASCII letters, digits and underscores"
            )
        }
        guard name.utf8.count <= 64 else {
            throw TypeDrafts.Unsupported(reason: "has a name of more than 64 characters")
        }
        members = ["name": .string(name)]
        if function.symbol != name { members["symbol"] = .string(function.symbol) }
        members["description"] = .string(function.comment ?? page?.summary ?? "The C function \(function.spelling)")
        let names = Self.names(function, page, declarations)
        var parameters: [JSON] = []
        for index in function.parameters.indices {
            parameters.append(.object(try parameter(index, names, &types, closers)))
        }
        members["parameters"] = parameters.isEmpty ? nil : .array(parameters)
        members["returns"] = Self.named(try result(&types, closers), besides: parameters)
        if function.isPure, questions.isEmpty {
            members["concurrent"] = true
            members["annotations"] = ["readOnly": true, "idempotent": true]
        }
        if !questions.isEmpty { members["undecided"] = .array(questions.map(JSON.string)) }
    }

    // MARK: - Parameters

    /// Returns the names of the parameters: from the header, without leading underscores, or from the manual.
    private static func names(
        _ function: Declarations.Function,
        _ page: ManualPage?,
        _ declarations: Declarations
    ) -> [String] {
        var (names, taken): ([String], Set<String>) = ([], [])
        let manual = page.map(\.parameters) ?? []
        for (index, parameter) in function.parameters.enumerated() {
            let own = parameter.name.map { String($0.drop { $0 == "_" }) } ?? ""
            let other =
                manual.count == function.parameters.count ? manual[index] : declarations.noun(for: parameter.type)
            let name = [own, other].first(where: \.isIdentifier) ?? "value"
            let unique = ([name] + (2...64).map { "\(name)\($0)" }).first { !taken.contains($0) } ?? name
            taken.insert(unique)
            names.append(unique)
        }
        return names
    }

    private mutating func parameter(
        _ index: Int,
        _ names: [String],
        _ types: inout TypeDrafts,
        _ closers: Closers
    ) throws(TypeDrafts.Unsupported) -> JSONObject {
        let (parameter, name) = (function.parameters[index], names[index])
        var members: JSONObject = ["name": .string(name)]
        let type = declarations.resolved(parameter.type)
        if case .pointer(let pointee) = type {
            let counter = isCounter(index + 1, names) ? names[index + 1] : nil
            if let special = declarations.specialTextName(of: parameter.type) {
                ask("Can \(name) be any text? The header has a special type for it, \(special).")
            }
            if let handle = declarations.handleName(of: parameter.type) {
                try self.handle(handle, name, parameter.spelling, &members, &types, closers)
            } else if let counting = countingParameter(of: index, names) {
                countedArray(of: pointee, index, counting, names, &members)
            } else if let length = declarations.length(of: parameter),
                array(of: pointee, length, name, parameter.spelling, &members)
            {
                // A declared length takes precedence over a parameter with a length.
            } else {
                try pointer(to: pointee, name, parameter.spelling, counter, &members, &types, closers)
            }
        } else if isCounter(index, names) {
            members["type"] = .string(try types.word(for: type))
            if let length = lengthOfArgument(index - 1) {
                members["value"] = .int(length)
                ask("Does \(name) count the elements of \(names[index - 1]), so that it is always \(length)?")
            } else {
                members["count_of"] = .string(names[index - 1])
            }
        } else if let array = countedArgument(index, names) {
            members["type"] = .string(try types.word(for: type))
            members["count_of"] = .string(names[array])
        } else {
            members["type"] = .string(try types.word(for: type))
        }
        if let comment = parameter.comment, members["count_of"] == nil { members["description"] = .string(comment) }
        return members
    }

    /// Marks a parameter as written by the function.
    mutating func output(_ members: inout JSONObject, capacity: Int? = nil) {
        members["out"] = true
        members["capacity"] = capacity.map { .int($0) }
        hasOutput = true
    }

    /// Adds a question for the user.
    mutating func ask(_ question: String) { questions.append(question) }

    // MARK: - The result

    /// Returns the result, with another name if an output is named `result`.
    private static func named(_ result: JSON?, besides parameters: [JSON]) -> JSON? {
        guard let result, parameters.contains(where: { $0["name"] == "result" && $0["out"] == true }) else {
            return result
        }
        var members = result.object ?? ["type": result]
        members["name"] = "returned"
        return .object(members)
    }

    private mutating func result(
        _ types: inout TypeDrafts,
        _ closers: Closers
    ) throws(TypeDrafts.Unsupported) -> JSON? {
        guard case .pointer(let pointee) = declarations.resolved(function.result) else {
            if declarations.resolved(function.result) == .void { return nil }
            let word = try types.word(for: function.result)
            guard hasOutput, word.first == "i" || word.first == "u" || types.types[word]?["enum"] != nil else {
                return .string(word)
            }
            ask("Does a result other than 0 report a failure, after which the outputs must not be read?")
            return ["type": .string(word), "fails": "nonzero"]
        }
        if let name = declarations.handleName(of: function.result) {
            let handle = try types.handle(name, closers: closers[name])
            ask("Does it return a new \(name), which the caller must close?")
            return ["type": .string(handle), "fails": "null"]
        }
        switch declarations.resolved(pointee) {
        case .scalar("i8") where declarations.isConstant(pointee):
            guard let name = declarations.specialTextName(of: function.result) else { return "text" }
            ask("Does it return an ordinary text? The header has a special type for it, \(name).")
            return ["type": "text", "owner": "library"]
        case .scalar("i8"):
            ask("Who frees the text that it returns: \"library\", \"free\" or a function?")
            return ["type": "text", "owner": "library"]
        case .structure(let structure):
            let handle = try types.handle(structure, closers: closers[structure])
            ask("Does it return a new \(structure.withoutTag), which the caller must close?")
            return ["type": .string(handle), "fails": "null"]
        default:
            throw TypeDrafts.Unsupported(reason: "returns a pointer to a type that toolhost does not support")
        }
    }
}
