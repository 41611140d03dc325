import ToolJSON

/// What a function's declaration tells of a tool, and what it leaves open.
struct ToolDraft {
    /// The tool in a binding file.
    private(set) var members: JSONObject
    /// What a person has to decide before it can be offered: sentences.
    private(set) var questions: [String] = []

    private let function: Declarations.Function
    private let declarations: Declarations
    private var hasOutput = false

    /// - Parameters:
    ///   - types: Gets the types that it needs.
    ///   - closers: The functions that may close a handle, by its type.
    /// - Throws: Why it cannot be a tool.
    init(
        _ function: Declarations.Function,
        _ declarations: Declarations,
        page: ManualPage?,
        types: inout TypeDrafts,
        closers: Closers
    ) throws(TypeDrafts.Unknown) {
        (self.function, self.declarations) = (function, declarations)
        let name = function.name
        if let obstacle = function.obstacle { throw TypeDrafts.Unknown(reason: obstacle) }
        guard name.isIdentifier, function.symbol.isIdentifier else {
            throw TypeDrafts.Unknown(reason: "has a name that is not made of ASCII letters, digits and underscores")
        }
        guard name.utf8.count <= 64 else { throw TypeDrafts.Unknown(reason: "has a name of more than 64 characters") }
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

    /// The header's names without the underscores that keep them apart from macros, or the manual's.
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
    ) throws(TypeDrafts.Unknown) -> JSONObject {
        let (parameter, name) = (function.parameters[index], names[index])
        var members: JSONObject = ["name": .string(name)]
        let type = declarations.resolved(parameter.type)
        if case .pointer(let pointee) = type {
            let counter = self.counter(after: index, names)
            if let ownName = declarations.ownTextName(of: parameter.type) {
                ask("Is any text good for \(name)? The header has a type of its own for it, \(ownName).")
            }
            try pointer(to: pointee, name, parameter.spelling, counter, &members, &types, closers)
        } else if isCounter(index, names) {
            members["type"] = .string(try types.word(for: type))
            members["count_of"] = .string(names[index - 1])
        } else {
            members["type"] = .string(try types.word(for: type))
        }
        if let comment = parameter.comment, members["count_of"] == nil { members["description"] = .string(comment) }
        return members
    }

    private mutating func pointer(
        to pointee: CType,
        _ name: String,
        _ spelling: String,
        _ counter: String?,
        _ members: inout JSONObject,
        _ types: inout TypeDrafts,
        _ closers: Closers
    ) throws(TypeDrafts.Unknown) {
        let isConstant = declarations.isConstant(pointee)
        let what = "\(name) (\(spelling))"
        switch declarations.resolved(pointee) {
        case .scalar("i8"):
            members["type"] = "text"
            if isConstant {
                if closers.isClosing(function.name) {
                    ask("Does it free \(what)? Then no text of a call may be passed.")
                }
                if let counter { ask("Does \(counter) count the bytes of \(what)? If not, take \"count_of\" away.") }
            } else {
                output(&members, capacity: 4096)
                ask(
                    "Is \(what) a buffer that is filled? Then how many bytes are enough, and which parameter tells them?"
                )
            }
        case .void, .scalar("u8"):
            members["type"] = "bytes"
            if !isConstant { output(&members, capacity: 65_536) }
            let filled = isConstant ? "read" : "filled"
            ask(
                counter.map { "Is \(what) a buffer that is \(filled), and does \($0) count its bytes?" }
                    ?? "Is \(what) a buffer that is \(filled)? Then which parameter counts its bytes? Or give it the value null."
            )
        case .scalar(let word):
            if isConstant {
                members["type"] = .string("\(word)[]")
                ask("Is \(what) an array? Then which parameter counts it? Or one value, by \"pointer\"?")
            } else {
                members["type"] = .string(word)
                output(&members)
                ask("Is \(what) written by the function, as \"out\" says? Or read, by \"pointer\"? Or an array?")
            }
        case .function:
            members["type"] = "pointer"
            members["value"] = .null
            ask("What is \(what) called for? Pass NULL, as \"value\" says, or \"collect\" what it is called with.")
        case .pointer(let inner):
            try pointer(toPointerTo: inner, what, &members, &types, closers)
        case .structure("struct __va_list_tag"):
            throw TypeDrafts.Unknown(reason: "takes a va_list, which only C can make")
        case .structure(let structure):
            if let passed = try? types.word(for: pointee) {
                members["type"] = .string(passed)
                if isConstant {
                    members["by"] = "pointer"
                    ask("Is \(what) one structure that is read, and not kept?")
                } else {
                    output(&members)
                    ask("Is \(what) one structure that the function fills, as \"out\" says? Or read, by \"pointer\"?")
                }
            } else {
                members["type"] = .string(try types.handle(structure, closers: closers[structure]))
                if closers[structure].contains(function.name) {
                    members["closes"] = true
                    ask("Does it close \(what), as \"closes\" says?")
                }
            }
        case .enumeration:
            members["type"] = .string(try types.word(for: pointee))
            output(&members)
            ask("Is \(what) written by the function, as \"out\" says?")
        default:
            throw TypeDrafts.Unknown(reason: "takes \(spelling), which toolhost does not pass")
        }
    }

    private mutating func pointer(
        toPointerTo pointee: CType,
        _ what: String,
        _ members: inout JSONObject,
        _ types: inout TypeDrafts,
        _ closers: Closers
    ) throws(TypeDrafts.Unknown) {
        switch declarations.resolved(pointee) {
        case .scalar("i8"):
            members["type"] = "text"
            members["owner"] = "library"
            output(&members)
            ask("Does the function set \(what) to a text? Then who frees it: \"library\", \"free\" or a function?")
        case .structure(let structure):
            members["type"] = .string(try types.handle(structure, closers: closers[structure]))
            output(&members)
            ask("Does the function set \(what) to a new handle, which is the caller's to close?")
        default:
            members["type"] = "pointer"
            members["value"] = .null
            ask("What is \(what) for? NULL is passed, as \"value\" says.")
        }
    }

    private mutating func output(_ members: inout JSONObject, capacity: Int? = nil) {
        members["out"] = true
        members["capacity"] = capacity.map { .int($0) }
        hasOutput = true
    }

    private mutating func ask(_ question: String) { questions.append(question) }

    /// The name of the next parameter, where it seems to count the bytes of this one.
    private func counter(after index: Int, _ names: [String]) -> String? {
        isCounter(index + 1, names) ? names[index + 1] : nil
    }

    private func isCounter(_ index: Int, _ names: [String]) -> Bool {
        guard names.indices.contains(index), index > 0, case .scalar(let word) = type(index), word.first != "f",
            word != "bool", case .pointer(let pointee) = type(index - 1)
        else { return false }
        let name = names[index].lowercased()
        let isNamedSo =
            ["len", "size", "count", "num", "bytes"].contains { name.contains($0) }
            || ["n", "nb", "sz"].contains(name)
            || names[index].first == "n" && names[index].dropFirst().first?.isUppercase == true
        switch declarations.resolved(pointee) {
        case .void, .scalar("u8"): return word != "i8" && word != "u8"
        case .scalar("i8"): return isNamedSo
        default: return false
        }
    }

    private func type(_ index: Int) -> CType { declarations.resolved(function.parameters[index].type) }

    // MARK: - The result

    /// The result, under another name than `result` where an output is called so already.
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
    ) throws(TypeDrafts.Unknown) -> JSON? {
        guard case .pointer(let pointee) = declarations.resolved(function.result) else {
            if declarations.resolved(function.result) == .void { return nil }
            let word = try types.word(for: function.result)
            guard hasOutput, word.first == "i" || word.first == "u" || types.types[word]?["enum"] != nil else {
                return .string(word)
            }
            ask("Does its result tell whether it failed, and the outputs are not to be read? By other numbers than 0?")
            return ["type": .string(word), "fails": "nonzero"]
        }
        switch declarations.resolved(pointee) {
        case .scalar("i8") where declarations.isConstant(pointee):
            guard let name = declarations.ownTextName(of: function.result) else { return "text" }
            ask("Is what it returns a text like others? The header has a type of its own for it, \(name).")
            return ["type": "text", "owner": "library"]
        case .scalar("i8"):
            ask("Who frees the text that it returns: \"library\", \"free\" or a function?")
            return ["type": "text", "owner": "library"]
        case .structure(let structure):
            let handle = try types.handle(structure, closers: closers[structure])
            ask("Is the \(structure.withoutTag) that it returns new, and the caller's to close?")
            return ["type": .string(handle), "fails": "null"]
        default:
            throw TypeDrafts.Unknown(reason: "returns a pointer that toolhost cannot look at")
        }
    }
}

extension Declarations {
    /// The name that a header gives to texts which are not just any: who passes one must know what it has to be.
    fileprivate func ownTextName(of type: CType) -> String? {
        guard case .alias(let name) = type.plain, case .pointer(let pointee) = resolved(type),
            resolved(pointee) == .scalar("i8"), isConstant(pointee)
        else { return nil }
        return name
    }

    /// A name for a parameter that has none.
    fileprivate func noun(for type: CType) -> String {
        guard case .pointer(let pointee) = resolved(type) else { return "value" }
        switch resolved(pointee) {
        case .scalar("i8"): return "text"
        case .structure(let name): return name.withoutTag.lowercased()
        case .function: return "callback"
        default: return "data"
        }
    }
}
