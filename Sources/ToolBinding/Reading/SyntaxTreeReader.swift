import ToolJSON

/// A reader of the syntax tree of clang.
///
/// It visits the tree in the order of the output, because a location names its file only if the file differs from that
/// of the previous location.
struct SyntaxTreeReader {
    var declarations = Declarations()
    var functions: [String: Declarations.Function] = [:]
    var order: [String: Int] = [:]
    private var file = ""
    /// The structures and enumerations that only a `typedef` names, by their identifier in the tree.
    private var nameless: [String: JSONObject] = [:]
    private let sources: SourceComments

    init(sources: SourceComments) {
        self.sources = sources
    }

    mutating func read(_ node: JSONObject) {
        // Before the children, which may be in other files.
        visit(node["loc"])
        visit(node["range"])
        let (place, file) = (Span(node["range"]), file)
        let parts = (node["inner"]?.array ?? []).compactMap(\.object)
        let name = node["name"]?.string ?? ""
        switch node["kind"]?.string {
        case "FunctionDecl" where node["isImplicit"]?.bool != true: readFunction(node, name, parts, place, file)
        case "TypedefDecl":
            readAlias(node, name, parts)
            declarations.others[name] = .type
        case "VarDecl": declarations.others[name] = .variable
        case "RecordDecl" where node["completeDefinition"]?.bool == true:
            readTag(node, name) { $0.declare(structure: "struct \($1)", parts, isUnion: node["tagUsed"] != "struct") }
        case "EnumDecl":
            readTag(node, name) { $0.declare(enumeration: "enum \($1)", parts) }
            for part in parts where part["kind"] == "EnumConstantDecl" {
                declarations.others[part["name"]?.string ?? ""] = .constant
            }
        default: break
        }
        for part in parts { visit(.object(part)) }
    }

    /// Updates the current file from the locations in a value.
    private mutating func visit(_ value: JSON?) {
        if let object = value?.object {
            if object["offset"] != nil, let name = object["file"]?.string { file = name }
            for (_, member) in object { visit(member) }
        } else if let array = value?.array {
            for element in array { visit(element) }
        }
    }

    // MARK: - Functions

    private mutating func readFunction(
        _ node: JSONObject,
        _ name: String,
        _ parts: [JSONObject],
        _ place: Span?,
        _ file: String
    ) {
        guard node["storageClass"] != "static" else {
            declarations.others[name] = .staticFunction
            return
        }
        let full = node["type"]?["qualType"]?.string ?? ""
        let spelling = full.hasSuffix(Self.noReturn) ? String(full.dropLast(Self.noReturn.count)) : full
        let type = CType(spelled: spelling)
        var attributes: Set<String> = []
        var parameters: [Declarations.Parameter] = []
        for part in parts {
            let kind = part["kind"]?.string ?? ""
            guard kind == "ParmVarDecl" else {
                attributes.insert(kind)
                continue
            }
            let spelling = part["type"]?["qualType"]?.string ?? ""
            let (name, span) = (part["name"]?.string, Span(part["range"]))
            let source = span.flatMap { sources.source($0, in: file) }
            parameters.append(
                Declarations.Parameter(
                    name: name,
                    type: CType(spelled: spelling),
                    spelling: spelling,
                    comment: span.flatMap { sources.comment(besides: $0.end, in: file) },
                    length: source.flatMap { declarations.length(declaredBy: $0, name) }
                )
            )
        }
        let isReturning = attributes.isDisjoint(with: ["C11NoReturnAttr", "NoReturnAttr", "ReturnsTwiceAttr"])
        let result = if case .function(let result, _) = type { result } else { CType.void }
        let obstacle: String? =
            switch type {
            case _ where node["variadic"]?.bool == true:
                "is variadic, and such a function cannot be called safely"
            case _ where !isReturning || spelling != full: "does not return normally"
            case .function(_, CType.unspecifiedParameters): "has no parameter list: in C, () allows any arguments"
            case .function: nil
            case _ where spelling.contains("__attribute__"):
                "has another calling convention than C functions: \(spelling)"
            default: "has a type that toolhost cannot parse: \(spelling)"
            }
        let comment = place.flatMap { sources.comment(around: $0.start...$0.end, in: file, of: name) }
        for index in parameters.indices where parameters[index].comment == nil {
            parameters[index].comment = parameters[index].name.flatMap { comment?.parameters[$0] }
        }
        let function = Declarations.Function(
            name: name,
            symbol: node["mangledName"]?.string ?? name,
            parameters: parameters,
            result: result,
            spelling: Self.declaration(name, spelling),
            obstacle: obstacle,
            isPure: attributes.contains("ConstAttr"),
            isInline: node["inline"]?.bool == true,
            comment: comment?.summary
        )
        order[name] = order[name] ?? order.count
        functions[name] = functions[name].map { Self.merged($0, function) } ?? function
    }

    /// The only attribute in the type of a function that does not change its calling convention.
    private static let noReturn = " __attribute__((noreturn))"

    /// Merges two declarations.
    ///
    /// The later one is complete, except for names and comments.
    private static func merged(
        _ first: Declarations.Function,
        _ later: Declarations.Function
    ) -> Declarations.Function {
        var function = later
        function.comment = first.comment ?? later.comment
        for index in function.parameters.indices where first.parameters.indices.contains(index) {
            let known = first.parameters[index]
            function.parameters[index].name = known.name ?? function.parameters[index].name
            function.parameters[index].comment = known.comment ?? function.parameters[index].comment
            function.parameters[index].length = known.length ?? function.parameters[index].length
        }
        return function
    }

    /// Returns the type of a function, such as `int (char *)`, with the name of the function.
    private static func declaration(_ name: String, _ type: String) -> String {
        guard let open = type.firstIndex(of: "(") else { return name }
        let result = type[..<open]
        return "\(result.hasSuffix("* ") ? String(result.dropLast()) : String(result))\(name)\(type[open...])"
    }

    // MARK: - Types

    private mutating func readAlias(_ node: JSONObject, _ name: String, _ parts: [JSONObject]) {
        declarations.aliases[name] = CType(spelled: node["type"]?["qualType"]?.string ?? "")
        guard let tag = Self.ownedTag(parts.first, depth: 0), tag["name"]?.string ?? "" == "",
            let definition = nameless[tag["id"]?.string ?? ""],
            declarations.aliases[name] == .alias(name) || parts.first?["ownedTagDecl"] != nil
        else { return }
        // clang spells the type as if the alias were its name.
        let parts = (definition["inner"]?.array ?? []).compactMap(\.object)
        if definition["kind"] == "EnumDecl" {
            declare(enumeration: name, parts)
            declarations.aliases[name] = .enumeration(name)
        } else {
            declare(structure: name, parts, isUnion: definition["tagUsed"] != "struct")
            declarations.aliases[name] = .structure(name)
        }
    }

    private static func ownedTag(_ node: JSONObject?, depth: Int) -> JSONObject? {
        guard let node, depth < 4 else { return nil }
        return node["ownedTagDecl"]?.object ?? ownedTag(node["inner"]?.array?.first?.object, depth: depth + 1)
    }

    private mutating func readTag(_ node: JSONObject, _ name: String, _ declare: (inout Self, String) -> Void) {
        if name.isEmpty {
            nameless[node["id"]?.string ?? ""] = node
        } else {
            declare(&self, name)
        }
    }

    private mutating func declare(structure name: String, _ parts: [JSONObject], isUnion: Bool) {
        let fields = parts.filter { $0["kind"]?.string == "FieldDecl" }
        let isPlain = !isUnion && fields.allSatisfy { $0["isBitfield"]?.bool != true && $0["name"] != nil }
        declarations.structures[name] = Declarations.Structure(
            fields: fields.map {
                ($0["name"]?.string ?? "", CType(spelled: $0["type"]?["qualType"]?.string ?? ""))
            },
            isPlain: isPlain
        )
    }

    private mutating func declare(enumeration name: String, _ parts: [JSONObject]) {
        var (values, next): ([Declarations.Enumerator], Int64?) = ([], 0)
        for part in parts where part["kind"]?.string == "EnumConstantDecl" {
            let constant = JSON.object(part)
            // An expression with an unknown value does not continue from the previous value.
            if Self.expression(constant) != nil { next = Self.constant(constant).flatMap { Int64($0) } }
            values.append(Declarations.Enumerator(name: part["name"]?.string ?? "", value: next))
            next = next.flatMap { $0 == .max ? nil : $0 + 1 }
        }
        // A forward declaration has no values.
        if !values.isEmpty { declarations.enumerations[name] = values }
    }

    /// Returns the value of an enumeration constant, as computed by clang.
    ///
    /// The value is in the first constant expression, possibly within casts and parentheses.
    static func constant(_ node: JSON) -> String? {
        var node = node
        for _ in 0..<maximumWrappers {
            guard let inner = expression(node) else { return nil }
            if inner["kind"] == "ConstantExpr" { return inner["value"]?.string }
            node = inner
        }
        return nil
    }

    private static let maximumWrappers = 16

    /// Returns the first child that is neither a comment nor an attribute.
    private static func expression(_ node: JSON) -> JSON? {
        node["inner"]?.array?.first { part in
            guard let kind = part["kind"]?.string else { return false }
            return !kind.hasSuffix("Comment") && !kind.hasSuffix("Attr")
        }
    }
}
