import ToolJSON

extension Declarations {
    /// Reads clang's syntax tree (`-ast-dump=json`).
    ///
    /// - Parameter sources: For the comments beside the declarations.
    init(_ tree: JSON, sources: SourceComments) {
        var reader = SyntaxTreeReader(sources: sources)
        for node in tree["inner"]?.array ?? [] {
            guard let object = node.object else { continue }
            reader.read(object)
        }
        self = reader.declarations
        let order = reader.order
        functions = reader.functions.values.sorted { order[$0.name, default: 0] < order[$1.name, default: 0] }
    }
}

/// Goes through the tree in the order in which it was printed: a place names its file only where it differs from that
/// of the place before.
private struct SyntaxTreeReader {
    var declarations = Declarations()
    var functions: [String: Declarations.Function] = [:]
    var order: [String: Int] = [:]
    private var file = ""
    /// The names of structures and enumerations that have none but a `typedef`'s, by clang's number for them.
    private var nameless: [String: JSONObject] = [:]
    private let sources: SourceComments

    init(sources: SourceComments) {
        self.sources = sources
    }

    mutating func read(_ node: JSONObject) {
        // Before its parts are: they may lie in other files.
        visit(node["loc"])
        visit(node["range"])
        let (place, file) = (Span(node["range"]), file)
        let parts = (node["inner"]?.array ?? []).compactMap(\.object)
        let name = node["name"]?.string ?? ""
        switch node["kind"]?.string {
        case "FunctionDecl" where node["isImplicit"]?.bool != true: readFunction(node, name, parts, place, file)
        case "TypedefDecl": readAlias(node, name, parts)
        case "RecordDecl" where node["completeDefinition"]?.bool == true:
            readTag(node, name) { $0.declare(structure: $1, parts, isUnion: node["tagUsed"]?.string != "struct") }
        case "EnumDecl": readTag(node, name) { $0.declare(enumeration: $1, parts) }
        default: break
        }
        for part in parts { visit(.object(part)) }
    }

    /// Follows the files that places are in.
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
        let spelling = node["type"]?["qualType"]?.string ?? ""
        guard case .function(let result, _) = CType(spelled: spelling) else { return }
        var attributes: Set<String> = []
        var parameters: [Declarations.Parameter] = []
        for part in parts {
            let kind = part["kind"]?.string ?? ""
            guard kind == "ParmVarDecl" else {
                attributes.insert(kind)
                continue
            }
            let spelling = part["type"]?["qualType"]?.string ?? ""
            let end = Span(part["range"])?.end
            parameters.append(
                Declarations.Parameter(
                    name: part["name"]?.string,
                    type: CType(spelled: spelling),
                    spelling: spelling,
                    comment: end.flatMap { sources.comment(besides: $0, in: file) }
                )
            )
        }
        let returnsOnce = attributes.isDisjoint(with: ["C11NoReturnAttr", "NoReturnAttr", "ReturnsTwiceAttr"])
        let comment = place.flatMap { sources.comment(around: $0.start...$0.end, in: file) }
        let function = Declarations.Function(
            name: name,
            parameters: parameters,
            result: result,
            spelling: Self.declaration(name, spelling),
            isVariadic: node["variadic"]?.bool ?? false,
            returnsOnce: returnsOnce && !spelling.contains("noreturn"),
            isPure: attributes.contains("ConstAttr"),
            comment: comment
        )
        order[name] = order[name] ?? order.count
        // What is declared again is declared alike, but perhaps not described.
        if let known = functions[name], known.comment != nil || comment == nil { return }
        functions[name] = function
    }

    /// `int (char *)` with the function's name in it.
    private static func declaration(_ name: String, _ type: String) -> String {
        guard let open = type.firstIndex(of: "(") else { return name }
        let result = type[..<open]
        return "\(result.hasSuffix("* ") ? String(result.dropLast()) : String(result))\(name)\(type[open...])"
    }

    // MARK: - Types

    private mutating func readAlias(_ node: JSONObject, _ name: String, _ parts: [JSONObject]) {
        declarations.aliases[name] = CType(spelled: node["type"]?["qualType"]?.string ?? "")
        guard let tag = Self.ownedTag(parts.first, depth: 0), tag["name"]?.string ?? "" == "",
            let definition = nameless[tag["id"]?.string ?? ""]
        else { return }
        // It is spelt as if it had the alias for a name.
        var named = definition
        named["name"] = .string(name)
        read(named)
        let isEnumeration = definition["kind"]?.string == "EnumDecl"
        let type: CType = isEnumeration ? .enumeration(name) : .structure(name)
        if declarations.aliases[name] == .alias(name) || parts.first?["ownedTagDecl"] != nil {
            declarations.aliases[name] = type
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
        let hasAttributes = parts.contains { ["PackedAttr", "AlignedAttr"].contains($0["kind"]?.string) }
        declarations.structures[name] = Declarations.Structure(
            fields: fields.map {
                ($0["name"]?.string ?? "", CType(spelled: $0["type"]?["qualType"]?.string ?? ""))
            },
            isPlain: isPlain && !hasAttributes
        )
    }

    private mutating func declare(enumeration name: String, _ parts: [JSONObject]) {
        var (values, next): ([(String, Int64)], Int64) = ([], 0)
        for part in parts where part["kind"]?.string == "EnumConstantDecl" {
            // Its value stands in the expression, where it has one.
            if let text = part["inner"]?.array?.first?["value"]?.string, let value = Int64(text) { next = value }
            values.append((part["name"]?.string ?? "", next))
            next &+= 1
        }
        declarations.enumerations[name] = values
    }
}

/// Where something stands in its file, in bytes: where a macro stands for it, the macro.
private struct Span {
    let start: Int
    let end: Int

    init?(_ range: JSON?) {
        func place(_ key: String) -> (offset: Int, length: Int)? {
            guard let place = range?[key], let offset = (place["expansionLoc"] ?? place)["offset"]?.int else {
                return nil
            }
            return (offset, (place["expansionLoc"] ?? place)["tokLen"]?.int ?? 0)
        }
        guard let first = place("begin"), let last = place("end"), first.offset <= last.offset,
            last.length <= 1 << 20, last.offset <= 1 << 40
        else { return nil }
        (start, end) = (first.offset, last.offset + last.length)
    }
}
