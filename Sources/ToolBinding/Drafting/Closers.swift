/// The functions that may close a handle, by its type: what they take and how they are called speaks for it.
struct Closers {
    private var functions: [String: [String]] = [:]

    private static let words = [
        "close", "free", "destroy", "delete", "finalize", "cleanup", "release", "finish", "unref",
    ]

    init(_ declarations: Declarations) {
        for function in declarations.functions where function.parameters.count == 1 && isClosing(function.name) {
            let type = function.parameters[0].type
            if let name = declarations.handleName(of: type) {
                functions[name, default: []].append(function.name)
            } else if case .pointer(let pointee) = declarations.resolved(type),
                case .structure(let structure) = declarations.resolved(pointee)
            {
                functions[structure, default: []].append(function.name)
            }
        }
    }

    /// - Parameter type: The name of a structure, or of a type that stands for a pointer without one.
    subscript(type: String) -> [String] { functions[type] ?? [] }

    /// Whether a function is called like one that closes something.
    func isClosing(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasSuffix("end") || Self.words.contains(where: name.contains)
    }
}
