/// The functions that may close a handle, by the type of the handle.
///
/// The parameter and the name of a function decide whether it may be one.
struct Closers {
    private var functions: [String: [String]] = [:]
    /// The name prefixes of functions that return or close a `void *`.
    private var untyped: Set<String> = []
    /// True if a function of the library returns an unnamed `void *`.
    private(set) var hasUntypedOpener = false

    private static let words = [
        "close", "free", "destroy", "delete", "finalize", "cleanup", "release", "finish", "unref",
    ]

    /// - Parameter exported: The symbols of the functions in the library.
    init(_ declarations: Declarations, exported: Set<String>) {
        for function in declarations.functions where exported.contains(function.symbol) {
            let isOpener = declarations.isUntyped(function.result)
            hasUntypedOpener = hasUntypedOpener || isOpener
            let isCloser =
                function.parameters.count == 1 && isClosing(function.name)
                && declarations.isUntyped(function.parameters[0].type)
            if isOpener || isCloser, let prefix = Self.prefix(of: function.name) { untyped.insert(prefix) }
        }
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

    /// The functions that may close a handle.
    ///
    /// - Parameter type: The name of a structure, or of a type that stands for an untyped pointer.
    subscript(type: String) -> [String] { functions[type] ?? [] }

    /// Returns true if a `void *` of a function may be a handle: functions with the same prefix return or close one.
    func hasUntypedHandles(_ function: String) -> Bool { Self.prefix(of: function).map(untyped.contains) ?? false }

    /// Returns the part before the first underscore or uppercase letter: `h` for `h_read` and `hRead`.
    private static func prefix(of name: String) -> String? {
        let name = name.drop { $0 == "_" }
        if let underscore = name.firstIndex(of: "_") { return name[..<underscore].lowercased() }
        let start = name.prefix { !$0.isUppercase }
        return start.isEmpty || start.count == name.count ? nil : String(start)
    }

    /// Returns true if the name of a function suggests that it closes something.
    func isClosing(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasSuffix("end") || Self.words.contains(where: name.contains)
    }
}
