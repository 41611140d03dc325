/// The functions that may close a handle, by its type: what they take and how they are called speaks for it.
struct Closers {
    private var functions: [String: [String]] = [:]

    private static let words = [
        "close", "free", "destroy", "delete", "finalize", "cleanup", "release", "finish", "unref",
    ]

    init(_ declarations: Declarations) {
        for function in declarations.functions where function.parameters.count == 1 && isClosing(function.name) {
            guard case .pointer(let pointee) = declarations.resolved(function.parameters[0].type),
                case .structure(let structure) = declarations.resolved(pointee)
            else { continue }
            functions[structure, default: []].append(function.name)
        }
    }

    subscript(structure: String) -> [String] { functions[structure] ?? [] }

    /// Whether a function is called like one that closes something.
    func isClosing(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasSuffix("end") || Self.words.contains(where: name.contains)
    }
}
