import ToolRuntime

/// The choice of the functions in a header that a binding can call.
struct FunctionChoice {
    private let declarations: Declarations
    private let named: NamedLibrary
    private let reader: HeaderReader
    private let headers: [[String]]
    private let directories: [String]

    init(
        _ declarations: Declarations,
        _ named: NamedLibrary,
        _ reader: HeaderReader,
        headers: [[String]],
        directories: [String]
    ) {
        (self.declarations, self.named, self.reader) = (declarations, named, reader)
        (self.headers, self.directories) = (headers, directories)
    }

    private var exported: Set<String> { named.library.functions }

    /// Returns the functions with certain names or, without names, all that are declared and exported.
    ///
    /// Without names, functions whose names begin with an underscore are omitted: they are internal to a library.
    ///
    /// - Throws: ``BindingError`` if a name is not a function that can be called, or no function is left.
    func functions(named symbols: [String]) async throws(BindingError) -> [Declarations.Function] {
        let functions = declarations.functions.filter { exported.contains($0.symbol) }
        guard symbols.isEmpty else {
            var chosen: [Declarations.Function] = []
            for symbol in symbols {
                guard let function = functions.first(where: { $0.name == symbol }) else {
                    throw await error(symbol, known: functions.map(\.name))
                }
                chosen.append(function)
            }
            return chosen
        }
        let offered = functions.filter { !$0.name.hasPrefix("_") }
        guard offered.isEmpty else { return offered }
        if let first = functions.first {
            throw BindingError(
                .notFound,
                "All functions that the header declares and \(named.library.path) exports begin with an underscore, such "
                    + "as \(first.name). To bind them, name them."
            )
        }
        let inline = declarations.others.filter { $0.value == .staticFunction }.keys.min()
        if declarations.functions.isEmpty, let inline {
            throw BindingError(
                .notFound,
                "The header declares only static inline functions, such as \(inline): their code is in the header, and "
                    + "\(named.library.path) has no symbols for them."
            )
        }
        throw BindingError(
            .notFound,
            "None of the \(declarations.functions.count) functions that the header declares is in "
                + "\(named.library.path).",
            remedy: .chooseHeader
        )
    }

    // MARK: - Names without a function

    /// Returns the error for a name that cannot be bound.
    private func error(_ symbol: String, known: [String]) async -> BindingError {
        if let function = declarations.functions.first(where: { $0.name == symbol }) {
            let code = function.isInline ? " It is an inline function: its code is in the header." : ""
            let sentence = "\(named.library.path) exports no function \(function.symbol).\(code)"
            return BindingError(.notFound, sentence, remedy: .chooseName(symbol, known: known))
        }
        if let other = declarations.others[symbol] { return BindingError(.notFound, sentence(symbol, other)) }
        if let macro = await reader.macro(symbol, headers: headers, directories: directories) {
            return BindingError(.notFound, sentence(symbol, macro))
        }
        if exported.contains(symbol) {
            return BindingError(
                .notFound,
                "\(named.library.path) exports \(symbol), but the header does not declare it.",
                remedy: .chooseHeader
            )
        }
        return BindingError(
            .notFound,
            "The header declares no function \(symbol).",
            remedy: .chooseName(symbol, known: known)
        )
    }

    private func sentence(_ symbol: String, _ other: Declarations.Other) -> String {
        switch other {
        case .staticFunction:
            "\(symbol) is a static inline function: its code is in the header, and the library has no symbol for it. "
                + "Bind an exported function that calls it."
        case .variable: "\(symbol) is a variable, not a function. A binding calls functions only."
        case .type: "\(symbol) is a type, not a function. A binding calls functions only."
        case .constant: "\(symbol) is a constant, not a function. A binding calls functions only."
        }
    }

    private func sentence(_ symbol: String, _ macro: (parameters: String, text: String)) -> String {
        let text = macro.text.isEmpty ? "nothing" : String(macro.text.prefix(200))
        let called = declarations.functions.first { function in
            function.name != symbol && exported.contains(function.symbol) && Self.calls(function.name, in: macro.text)
        }
        let remedy = called.map { "Bind \($0.name), which it calls." } ?? "Bind an exported function that uses it."
        return "\(symbol) is a macro, which only a compiler expands: \(symbol)\(macro.parameters) expands to \(text). "
            + remedy
    }

    private static func calls(_ name: String, in text: String) -> Bool {
        text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains { $0 == name }
    }
}
