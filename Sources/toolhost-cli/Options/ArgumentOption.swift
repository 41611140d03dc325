import ToolJSON

/// One `--arg`: `name=value`, a text that the tool's schema may make something else of, or `name:=JSON`.
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

    /// The value.
    func value() throws(CommandFailure) -> JSON {
        guard isJSON else { return .string(text) }
        do {
            return try JSON(parsing: text)
        } catch {
            throw CommandFailure(
                .invalidArguments,
                "\(name, limit: 80): expected JSON, got \(text, limit: 80)"
            )
        }
    }
}
