import ToolHost
import ToolJSON

/// One `--arg`: `name=value`, typed by the tool's schema, or `name:=JSON`.
struct ArgumentOption {
    let name: String
    private let text: String
    private let isJSON: Bool

    /// Takes an option apart; `nil` where it has no `=`.
    init?(_ option: String) {
        guard let equals = option.firstIndex(of: "=") else { return nil }
        var name = option[..<equals]
        isJSON = name.last == ":"
        if isJSON { name = name.dropLast() }
        self.name = String(name)
        text = String(option[option.index(after: equals)...])
        if name.isEmpty { return nil }
    }

    /// The value, as the tool declares the parameter.
    func value(for tool: RegisteredTool) throws(CommandFailure) -> JSON {
        if isJSON { return try parsed("JSON") }
        let declaration = tool.parameters["properties"]?[name]
        let types = declaration?["type"]?.string.map { [$0] } ?? declaration?["type"]?.array?.compactMap(\.string) ?? []
        // A parameter that may be a text is one: "12" is the text that was typed.
        if types.isEmpty || types.contains("string") { return .string(text) }
        let value = try parsed(types.joined(separator: " or "))
        guard types.contains(where: { value.conforms(to: $0) }) else {
            throw mismatch(types.joined(separator: " or "))
        }
        return value
    }

    private func parsed(_ wanted: String) throws(CommandFailure) -> JSON {
        do {
            return try JSON(parsing: text)
        } catch {
            throw mismatch(wanted)
        }
    }

    private func mismatch(_ wanted: String) -> CommandFailure {
        CommandFailure(
            .invalidArguments,
            "\(TerminalText.line(name, limit: 80)): expected \(TerminalText.line(wanted, limit: 80)), "
                + "got \(TerminalText.line(text, limit: 80))"
        )
    }
}

extension JSON {
    /// Whether a value is of a type as JSON Schema names it.
    fileprivate func conforms(to type: String) -> Bool {
        switch type {
        case "integer": int != nil
        default: typeName == type
        }
    }
}
